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

function enliven(chart) {
  const lines = [...chart.querySelectorAll(".series")]
    .map((series) => [...series.querySelectorAll(".mark")])
    .filter((marks) => marks.length);
  lines.flat().forEach(takeTitle);
  chart.addEventListener("pointerover", (event) => {
    const mark = event.target.closest(".mark");
    if (mark) showTip(chart, mark);
  });
  chart.addEventListener("pointerleave", () => hideTip(chart));
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
