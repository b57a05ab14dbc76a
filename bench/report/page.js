// SPDX-License-Identifier: MIT
// What a report's page does beyond being read: shows a point's numbers, copies
// a sentence with its citation, predicts. Without it everything is readable.
"use strict";

// --- saying it to a screen reader -------------------------------------------

const said = document.createElement("div");
said.id = "said";
said.setAttribute("role", "status");
document.body.append(said);

// --- figures: a point's numbers on hover, tap, focus and arrow keys ----------

const tip = document.createElement("div");
tip.id = "tip";
tip.hidden = true;
document.body.append(tip);

// The native tooltip would come on top of ours; its text stays as the label.
function takeTitle(mark) {
  const title = mark.querySelector("title");
  mark.dataset.text = title.textContent;
  mark.setAttribute("role", "img");
  mark.setAttribute("aria-label", title.textContent);
  title.remove();
}

function hideTip(chart) {
  for (const mark of chart.querySelectorAll(".now")) mark.classList.remove("now");
  tip.hidden = true;
}

function showTip(chart, mark) {
  hideTip(chart);
  mark.classList.add("now");
  tip.textContent = mark.dataset.text;
  tip.hidden = false;
  const at = mark.getBoundingClientRect();
  const width = tip.offsetWidth;
  const right = document.documentElement.clientWidth - width - 8;
  const left = Math.max(8, Math.min(at.left + at.width / 2 - width / 2, right));
  const above = at.top - tip.offsetHeight - 4;
  tip.style.left = left + window.scrollX + "px";
  tip.style.top = (above > 0 ? above : at.bottom + 4) + window.scrollY + "px";
}

// The mark that an arrow key leads to: along its line, or to the nearest one
// of the next line.
function neighbour(lines, mark, key) {
  const line = lines.findIndex((marks) => marks.includes(mark));
  if (line < 0) return lines[0] && lines[0][0];
  const place = lines[line].indexOf(mark);
  const along = { ArrowLeft: -1, ArrowRight: 1 }[key] || 0;
  const across = { ArrowUp: -1, ArrowDown: 1 }[key] || 0;
  if (along) return lines[line][place + along] || mark;
  const other = lines[(line + across + lines.length) % lines.length];
  const x = mark.getBoundingClientRect().left;
  const distance = (m) => Math.abs(m.getBoundingClientRect().left - x);
  return other.reduce((a, b) => (distance(b) < distance(a) ? b : a));
}

// The mark nearest to the pointer, if that is near enough for a finger.
function nearest(marks, event) {
  const distance = (mark) => {
    const at = mark.getBoundingClientRect();
    return Math.hypot(at.left + at.width / 2 - event.clientX,
      at.top + at.height / 2 - event.clientY);
  };
  const mark = marks.reduce((a, b) => (distance(b) < distance(a) ? b : a));
  return distance(mark) < 24 ? mark : null;
}

function enliven(chart) {
  const lines = [...chart.querySelectorAll(".series")]
    .map((series) => [...series.querySelectorAll(".mark")]
      .sort((a, b) => a.getAttribute("x") - b.getAttribute("x")))
    .filter((marks) => marks.length);
  const marks = lines.flat();
  marks.forEach(takeTitle);
  const point = (event) => {
    const mark = marks.length ? nearest(marks, event) : null;
    if (mark) showTip(chart, mark);
    else hideTip(chart);
  };
  chart.addEventListener("pointermove", point);
  chart.addEventListener("pointerdown", point);
  chart.addEventListener("pointerleave", (event) => {
    if (event.pointerType !== "touch") hideTip(chart); // a lifted finger
  });
  chart.addEventListener("blur", () => hideTip(chart));
  chart.addEventListener("keydown", (event) => {
    if (event.key === "Escape") hideTip(chart);
    if (!event.key.startsWith("Arrow")) return;
    event.preventDefault();
    const mark = neighbour(lines, chart.querySelector(".now"), event.key);
    if (!mark) return;
    showTip(chart, mark);
    said.textContent = mark.dataset.text;
  });
}

document.querySelectorAll(".chart").forEach(enliven);
document.addEventListener("pointerdown", (event) => {
  if (!event.target.closest(".chart")) hideTip(document);
});

// --- a link to what is folded away unfolds it -----------------------------------

function reveal() {
  const target = document.getElementById(window.location.hash.slice(1));
  if (!target) return;
  for (let folded = target.closest("details"); folded;
    folded = folded.parentElement.closest("details")) folded.open = true;
  target.scrollIntoView();
}

window.addEventListener("hashchange", reveal);
if (window.location.hash) reveal();

// --- copying -------------------------------------------------------------------

// The clipboard API can be missing or forbidden; the old way needs a selection.
async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const area = document.createElement("textarea");
    area.value = text;
    document.body.append(area);
    area.select();
    const done = document.execCommand("copy");
    area.remove();
    return done;
  }
}

for (const button of document.querySelectorAll("button[data-copy]")) {
  const label = button.textContent;
  button.hidden = false;
  button.addEventListener("click", async () => {
    const done = await copy(button.dataset.copy);
    button.textContent = done ? "Copied" : "Could not copy";
    said.textContent = button.textContent;
    setTimeout(() => { button.textContent = label; }, 2000);
  });
}

// --- the calculator: the formula of bench/analyze/models/predict.c ------------------

const numberOf = (text) => (text === "" ? NaN : Number(text));

function termValue(term, at, set) {
  if (term === "intercept") return 1;
  if (term === "any_ready") return set.ready_count > 0 ? 1 : 0;
  const words = Math.floor(set.highest_fd / 64) + 1;
  if (term === "words") return words;
  if (term === "words_if_ready") return set.ready_count > 0 ? words : 0;
  if (term === "bits")
    return 64 * (set.occupied_words - 1) + set.highest_fd % 64 + 1;
  const [, kind, name] = /^(step_|bend_)?(.*)$/.exec(term);
  if (!(name in set)) return NaN;
  if (kind === "step_") return set[name] >= at ? 1 : 0;
  if (kind === "bend_") return Math.max(0, set[name] - at);
  return set[name];
}

// The sum of all terms; the square of half its interval is the sum of the
// spread's numbers, each times the values of its two terms.
function predict({ terms }, set) {
  const values = terms.map(({ term, at }) => termValue(term, at, set));
  const mean = terms.reduce((sum, { value }, i) => sum + value * values[i], 0);
  const half = Math.sqrt(Math.max(0, terms.reduce((sum, { spread }, i) =>
    sum + values[i] * values.reduce((row, value, j) =>
      row + value * spread[j], 0), 0)));
  return { mean, low: Math.max(0, mean - half), high: mean + half };
}

const listOf = (name) => [...document.querySelectorAll(`data.${name}`)]
  .map(({ value }) => value.split(" "));

// A model is of what it is, a backend, and a range; each of its terms of the same
// two, name, place (- if none), ns and spread.
function readModels(of) {
  return listOf("model").filter(([own]) => own === of)
    .map(([, backend, ...range]) => ({
      backend,
      ranges: ["highest_fd", "fd_count", "ready_count"].map((name, i) =>
        [name, Number(range[2 * i]), Number(range[2 * i + 1])]),
      terms: listOf("term")
        .filter(([own, its]) => own === of && its === backend)
        .map(([, , term, at, value, ...spread]) => ({ term, at: Number(at),
          value: Number(value), spread: spread.map(numberOf) })),
    }));
}

const words = {
  highest_fd: "highest fd", fd_count: "fds watched", ready_count: "fds ready",
};

function beyond(model, set) {
  const outside = model.ranges
    .filter(([name, from, to]) => set[name] < from || set[name] > to)
    .map(([name, from, to]) =>
      `${words[name]} ${set[name]} is outside ${from} to ${to}`);
  return outside.length ? `extrapolated: ${outside.join(", ")}` : "";
}

// Under a field, the range that all models were fitted in; what stands in it to
// begin with lies there.
function showRanges(form, models) {
  models[0].ranges.forEach(([name], i) => {
    const from = Math.max(...models.map((model) => model.ranges[i][1]));
    const to = Math.min(...models.map((model) => model.ranges[i][2]));
    const field = form.elements[name];
    field.nextElementSibling.textContent = `measured: ${from} to ${to}`;
    field.value = Math.max(from, Math.min(field.value, to));
  });
}

function problemOf(set) {
  const names = ["highest_fd", "fd_count", "ready_count"];
  if (!names.every((name) => Number.isInteger(set[name]) && set[name] >= 0) ||
      set.fd_count < 1 || !(set.waits_per_second >= 0))
    return "Fill in all fields with whole numbers; at least one fd is watched.";
  if (set.fd_count > set.highest_fd + 1)
    return `There are no ${set.fd_count} fds up to number ${set.highest_fd}.`;
  if (set.ready_count > set.fd_count)
    return "More fds are ready than are watched.";
  return "";
}

// Numbers as pollbench predict prints them: four digits at least.
function show(number) {
  const size = Math.abs(number);
  if (!Number.isFinite(number)) return "\u2013";
  if (size >= 9999.5) return number.toFixed(0);
  if (size >= 1e-4 || size === 0) return String(Number(number.toPrecision(4)));
  return number.toExponential(3).replace(/\.?0*e/, "e")
    .replace(/e([-+])(\d)$/, "e$10$2");
}

const unitOf = (ns) => [[1e9, "s"], [1e6, "ms"], [1e3, "\u00b5s"], [1, "ns"]]
  .find(([size]) => Math.abs(ns) >= 0.9995 * size || size === 1);

function showNs({ mean, low, high }) {
  const [size, unit] = unitOf(mean);
  return Number.isFinite(low) ? `${show(mean / size)} [${show(low / size)}, ${
    show(high / size)}] ${unit}` : `${show(mean / size)} ${unit}`;
}

// What pollbench predict --markdown prints.
function paragraph(answers, set, citation) {
  const lines = answers.map((answer) => `**${answer.model.backend}** ${
    showNs(answer)}, ${show(answer.mean * set.waits_per_second / 1e7)
  } % of a core${answer.outside ? ` (${answer.outside})` : ""}`);
  return `Predicted for ${set.fd_count} fds watched up to number ${
    set.highest_fd}, ${set.ready_count} of them ready, and ${
    show(set.waits_per_second)} waits a second, with 95 % intervals: ${
    lines.join("; ")}. (${citation})`;
}

// An SVG element with attributes (the page allows no inline styles).
function svgElement(name, attributes, ...children) {
  const element =
    document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes))
    element.setAttribute(key, value);
  element.append(...children);
  return element;
}

// A bar from nothing to the cost, with its interval, where most fills it.
function gauge({ mean, low, high }, most) {
  const place = (ns) => Math.max(0, 100 * ns / most || 0).toFixed(2);
  return svgElement("svg", { class: "gauge", viewBox: "0 0 100 12",
    preserveAspectRatio: "none", "aria-hidden": "true" },
  svgElement("rect", { y: 2, height: 8, width: Math.max(0.5, place(mean)) }),
  svgElement("path", { d: `M${place(low)} 3V9M${place(high)} 3V9M${
    place(low)} 6H${place(high)}` }));
}

// The colour of a backend is that of its name at a line in the figures.
function colourOf(backend) {
  const label = [...document.querySelectorAll(".chart text")]
    .find((element) => element.textContent === backend &&
      /^b\d$/.test(element.parentNode.getAttribute("class")));
  return label ? label.parentNode.getAttribute("class") : "";
}

function addRow(body, backend, outside, texts, data) {
  const row = body.insertRow();
  row.className = `${colourOf(backend)} ${outside ? "beyond" : ""}`;
  Object.assign(row.dataset, { backend, ...data });
  for (const text of texts) row.insertCell().append(text);
  return row;
}

function addAnswer(body, answer, set, most) {
  const { model: { backend }, mean, low, high, isCheapest, outside } = answer;
  const share = `${show(mean * set.waits_per_second / 1e7)} %` +
    (mean * set.waits_per_second > 1e9 ? ": more than one core" : "");
  const { cells } = addRow(body, backend, outside, [backend, showNs(answer),
    share, gauge(answer, most),
    [isCheapest ? "cheapest" : "", outside].filter(Boolean).join("; ")],
  { mean, low, high });
  cells[1].align = cells[2].align = "right";
}

function startCalculator(form) {
  const models = readModels("0");
  const body = document.getElementById("calculator-answers");
  const problem = document.getElementById("calculator-problem");
  const copier = document.getElementById("calculator-copy");
  const update = () => {
    const set = {};
    for (const field of form.querySelectorAll("input"))
      set[field.name] = field.valueAsNumber;
    set.occupied_words = Math.ceil(set.fd_count / 64);
    problem.textContent = problemOf(set);
    body.replaceChildren();
    copier.hidden = Boolean(problem.textContent);
    if (problem.textContent) return;
    const answers = models.map((model) => ({ model, ...predict(model, set),
      outside: beyond(model, set) }));
    copier.dataset.copy = paragraph(answers, set, form.dataset.citation);
    const least = Math.min(...answers.map(({ mean }) => mean));
    const most = Math.max(...answers.flatMap(({ mean, high }) =>
      [mean, high].filter(Number.isFinite)));
    for (const answer of answers)
      addAnswer(body, { ...answer, isCheapest: answer.mean === least }, set,
        most);
  };
  form.hidden = false;
  form.addEventListener("input", update);
  form.addEventListener("submit", (event) => event.preventDefault());
  showRanges(form, models);
  update();
}

const form = document.getElementById("calculator-form");
if (form && readModels("0").length) startCalculator(form);

// --- a server: the law of bench/analyze/models/serve.c --------------------

const regimes = ["sleeping", "awake", "overload"];

function serve(server, rules, { look, queue, sleeping }) {
  const { idle, busy, service_ns: service } = server;
  const first = (queue - look) * (server.is_spread ? 1 : busy / (busy + idle));
  const always = queue - first;
  const waitNs = (ready) => always + first / (ready + 1);
  const perNs = server.per_second / 1e9;
  const left = 1 - perNs * service;
  const half = (left - perNs * always) / 2;
  let ready = left > 0 ? (Math.sqrt(half * half + left * perNs *
    (always + first)) - half) / left : Infinity;
  let share = perNs * (service + sleeping);
  let [regime, rate, p50] = [1, server.per_second, NaN];
  if (share <= rules.overloadShare) regime = 0;
  else if (ready > busy) regime = 2;
  if (regime === 0 || ready < 1) ready = 1;
  else if (regime === 1) p50 = rules.p50Waits * waitNs(ready);
  if (regime === 2) {
    ready = busy;
    rate = 1e9 / (service + waitNs(ready) / ready);
  }
  share = Math.min(share, 1);
  return { regime, ready, share, request: share * 1e9 / rate, rate, p50 };
}

// Between a server whose passes over its fds are warm, and one whose are cold.
function serveBetween(server, rules, passes) {
  const [warmLook, warmQueue, coldLook, coldQueue] = passes;
  const end = (look, queue, key, cold) => {
    const sum = [warmLook[key] + warmQueue[key], coldLook[key] + coldQueue[key]];
    return serve(server, rules, { look: look[key], queue: queue[key],
      sleeping: cold(...sum) });
  };
  const all = end(warmLook, warmQueue, "mean", (warm, cold) =>
    warm + rules.sleepCold * (cold - warm));
  const ends = [all, end(warmLook, warmQueue, "low", Math.min),
    end(coldLook, coldQueue, "high", Math.max)];
  return Object.fromEntries(Object.keys(all).map((key) => {
    const values = ends.map((one) => one[key]);
    return [key, { mean: all[key], low: Math.min(...values),
      high: Math.max(...values) }];
  }));
}

// Shares of a core in %, or requests, with the interval where there is one.
const showBetween = ({ mean, low, high }, times) => high - low > 1e-4 * mean ?
  `${show(mean * times)} [${show(low * times)}, ${show(high * times)}]` :
  show(mean * times);

function startServer(form) {
  const rules = Object.fromEntries(Object.entries(form.dataset)
    .map(([name, value]) => [name, Number(value)]));
  const [first, ...rest] = ["1", "2", "3", "4"].map(readModels);
  const body = document.getElementById("server-answers");
  const problem = document.getElementById("server-problem");
  const update = () => {
    const server = {};
    for (const { name, type, checked, valueAsNumber } of form.elements)
      server[name] = type === "checkbox" ? checked : valueAsNumber;
    const { idle, busy } = server;
    const n = idle + busy;
    const set = { fd_count: n, highest_fd: n - 1, ready_count: 1,
      occupied_words: Math.ceil(n / 64) };
    body.replaceChildren();
    problem.textContent = Number.isInteger(n) && idle >= 0 && busy >= 1 &&
      server.per_second > 0 && server.service_ns > 0 ? "" :
      "Fill in all fields; at least one connection is busy.";
    if (problem.textContent) return;
    for (const model of first) {
      const models = [model, ...rest.map((others) =>
        others.find(({ backend }) => backend === model.backend))];
      if (!models.every(Boolean)) continue;
      const served = serveBetween(server, rules,
        models.map((one) => predict(one, set)));
      const outside = [beyond(model, set), idle > rules.provedIdle ?
        `not held against servers with over ${rules.provedIdle} idle` : ""]
        .filter(Boolean).join("; ");
      const regime = regimes[served.regime.mean];
      const { cells } = addRow(body, model.backend, outside, [model.backend,
        regime + (regime === "overload" ?
          `: serves ${show(served.rate.mean)} requests a second` : ""),
        `${showBetween(served.share, 100)} %`, showBetween(served.ready, 1),
        Number.isNaN(served.p50.mean) ? "" : showNs(served.p50), outside], { served: JSON.stringify(served) });
      for (const i of [2, 3, 4]) cells[i].align = "right";
    }
  };
  form.hidden = false;
  form.addEventListener("input", update);
  form.addEventListener("submit", (event) => event.preventDefault());
  update();
}

const serverForm = document.getElementById("server-form");
if (serverForm) startServer(serverForm);
