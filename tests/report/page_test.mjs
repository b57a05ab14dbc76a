// SPDX-License-Identifier: MIT
// The page in a real browser: page_test.mjs RUN HOSTILE_RUN OUT COMPARED, with
// three folders that have a report.html and one for the pictures it takes.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { after, before, test } from "node:test";
import { pathToFileURL } from "node:url";
import { Browser } from "./webdriver.mjs";

const [run, hostile, out, compared] =
  process.argv.slice(2).map((path) => resolve(path));
const pageOf = (folder) => pathToFileURL(`${folder}/report.html`).href;
const page = pageOf(run);
const hostilePages = { hostile: pageOf(hostile), compared: pageOf(compared) };

let browser;
before(async () => { browser = await Browser.open(); });
after(() => browser.close());

async function open(url, width = 1440, scheme = "light") {
  await browser.resize(width, 900);
  await browser.scheme(scheme);
  await browser.go(url);
}

async function consoleLines() {
  return (await browser.log("browser")).map((entry) => entry.message);
}

async function requests() {
  const entries = await browser.log("performance");
  return entries.map((entry) => JSON.parse(entry.message).message)
    .filter((message) => message.method === "Network.requestWillBeSent")
    .map((message) => message.params.request.url);
}

test("opens from a file without a word on the console", async () => {
  await open(page);
  assert.deepEqual(await consoleLines(), []);
});

test("asks the network for nothing", async () => {
  await open(page);
  const others = (await requests())
    .filter((url) => url !== page && !url.startsWith("data:"));
  assert.deepEqual(others, []);
});

for (const [name, url] of Object.entries(hostilePages))
test(`${name}: a hostile run's page runs no code, asks for nothing`, async () => {
  await open(url);
  assert.equal(await browser.run(() => typeof window.hacked), "undefined");
  assert.deepEqual(await consoleLines(), []);
  const others = (await requests())
    .filter((request) => request !== url && !request.startsWith("data:"));
  assert.deepEqual(others, []);
  assert.deepEqual(await browser.run(() => [...document.querySelectorAll(
    "main script, main iframe, main object, main form[action], main style")]
    .map((element) => element.outerHTML)), []);
  assert.deepEqual(await browser.run(() => [...document.querySelectorAll("*")]
    .flatMap((element) => element.getAttributeNames()
      .filter((name) => /^on/i.test(name)))), []);
});

for (const [name, url] of Object.entries({ page, ...hostilePages })) {
  for (const width of [360, 1440]) {
    test(`${name}: nothing is wider than ${width} px`, async () => {
      await open(url, width);
      // Not clientWidth: a phone's grows with a page that is too wide.
      const wide = await browser.run((limit) => {
        return [...document.querySelectorAll("body *")]
          .filter((element) => !element.closest(".scroll > *, svg, #said"))
          .filter((element) => element.getBoundingClientRect().right >
            limit + 0.5)
          .map((element) => element.outerHTML.slice(0, 80))
          .concat(document.documentElement.scrollWidth > limit
            ? [`page: ${document.documentElement.scrollWidth}`] : []);
      }, width);
      await browser.screenshot(`${out}/${name}-${width}.png`);
      assert.deepEqual(wide, []);
    });
  }
}

for (const width of [360, 1440])
  test(`what a button says stands on one line at ${width} px`, async () => {
    await open(page, width);
    assert.deepEqual(await browser.run(() => [...document.querySelectorAll(
      "td button")]
      .filter((button) => button.getClientRects().length &&
        button.offsetHeight > 2.5 * parseFloat(getComputedStyle(button).fontSize))
      .map((button) => button.outerHTML.slice(0, 80))), []);
  });

// Relative luminance and contrast as WCAG 2.1 defines them; transparent
// grounds are those of the element behind.
const lowContrast = () => {
  const channel = (value) => (value <= 0.04045 ? value / 12.92
    : ((value + 0.055) / 1.055) ** 2.4);
  const numbers = (colour) => colour.match(/[\d.]+/g).map(Number);
  const luminance = ([r, g, b]) => 0.2126 * channel(r / 255) +
    0.7152 * channel(g / 255) + 0.0722 * channel(b / 255);
  const ground = (element) => {
    for (let e = element; e; e = e.parentElement) {
      const colour = numbers(getComputedStyle(e).backgroundColor);
      if (colour.length === 3 || colour[3] > 0) return colour;
    }
    return [255, 255, 255];
  };
  const seen = new Map();
  for (const element of document.querySelectorAll("body *")) {
    const hasText = [...element.childNodes]
      .some((node) => node.nodeType === 3 && node.data.trim());
    if (!hasText || element.matches("script, title, option")) continue;
    const style = getComputedStyle(element);
    const own = element instanceof SVGElement ? style.fill : style.color;
    const [a, b] = [numbers(own), ground(element)].map(luminance);
    const contrast = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (contrast < 4.5)
      seen.set(`${element.tagName}.${element.getAttribute("class")}`, contrast);
  }
  return [...seen];
};

for (const scheme of ["light", "dark"]) {
  test(`${scheme}: every text has a contrast of 4.5 or more`, async () => {
    await open(page, 1440, scheme);
    await browser.screenshot(`${out}/page-${scheme}.png`);
    assert.deepEqual(await browser.run(lowContrast), []);
  });
}

// What an A4 page with the margins of page.css holds, in CSS pixels (96 an
// inch): 190 by 277 mm.
const paper = { width: 718, height: 1047 };

test("prints on few pages", async () => {
  await open(page);
  const pdf = await browser.pdf(`${out}/page.pdf`);
  const nPages = pdf.toString("latin1").match(/\/Type\s*\/Page\b/g).length;
  assert.ok(nPages >= 3 && nPages <= 12, `${nPages} pages`);
});

test("no figure is cut by the end of a page", async () => {
  await open(page, paper.width);
  await browser.media("print");
  const cut = await browser.run((height) =>
    [...document.querySelectorAll("svg.chart, figure, tr")].filter((element) =>
      getComputedStyle(element).breakInside !== "avoid" ||
      element.getBoundingClientRect().height > height)
      .map((element) => element.outerHTML.slice(0, 80)), paper.height);
  await browser.media("");
  assert.deepEqual(cut, []);
});

test("nothing is cut off at the right of a page", async () => {
  await open(page, paper.width);
  await browser.media("print");
  const wide = await browser.run((width) =>
    [...document.querySelectorAll("main *")].filter((element) =>
      element.getBoundingClientRect().right > width + 0.5)
      .map((element) => element.outerHTML.slice(0, 80)), paper.width);
  await browser.media("");
  assert.deepEqual(wide, []);
});

test("no heading is torn, or stands at the end of a page", async () => {
  await open(page);
  await browser.media("print");
  const apart = await browser.run(() =>
    [...document.querySelectorAll("h1, h2, h3, .part > summary")]
      .filter((element) => {
        const style = getComputedStyle(element);
        return style.display !== "block" || style.breakInside !== "avoid" ||
          style.breakAfter !== "avoid";
      }).map((element) => element.outerHTML.slice(0, 80)));
  await browser.media("");
  assert.deepEqual(apart, []);
});

test("no page ends after the first row of a table", async () => {
  await open(page);
  await browser.media("print");
  const apart = await browser.run(() =>
    [...document.querySelectorAll("thead, tbody tr:first-child")].filter((row) =>
      getComputedStyle(row).breakAfter !== "avoid")
      .map((row) => row.outerHTML.slice(0, 80)));
  await browser.media("");
  assert.deepEqual(apart, []);
});

test("what is folded away stays so in print, what is open is printed",
  async () => {
    await open(page);
    await browser.media("print");
    const shown = () => browser.run(() =>
      [...document.querySelectorAll("details:not(#calculator *)")]
        .map((details) => ({
          part: details.classList.contains("part"),
          is: details.children[1].checkVisibility(),
        })));
    const before = await shown();
    await browser.run(async () => {
      for (const details of document.querySelectorAll("details"))
        details.open = true;
      for (let i = 0; i < 2; i++) // it shows in the next frame
        await new Promise((done) => { requestAnimationFrame(done); });
    });
    const opened = await shown();
    await browser.media("");
    assert.ok(before.some((one) => one.part));
    assert.ok(before.some((one) => !one.part));
    for (const one of before) assert.equal(one.is, one.part);
    for (const one of opened) assert.ok(one.is);
  });

test("a link to what is folded away unfolds it", async () => {
  await open(page);
  const id = await browser.run(() =>
    document.querySelector("details:not([open]) section[id]").id);
  const visible = () => browser.run((folded) =>
    document.getElementById(folded).checkVisibility(), id);
  assert.equal(await visible(), false);
  await open(`${page}#${id}`);
  assert.equal(await visible(), true);
});

test("anchors are unique and links within the page lead somewhere",
  async () => {
    await open(page);
    const broken = await browser.run(() => {
      const ids = [...document.querySelectorAll("[id]")].map((e) => e.id);
      const twice = ids.filter((id, i) => ids.indexOf(id) !== i);
      const nowhere = [...document.querySelectorAll('a[href^="#"]')]
        .map((a) => decodeURIComponent(a.getAttribute("href").slice(1)))
        .filter((id) => !document.getElementById(id));
      return [...twice, ...nowhere];
    });
    assert.deepEqual(broken, []);
  });

test("figures have a text for those who do not see them", async () => {
  await open(page);
  assert.deepEqual(await browser.run(() => [...document.querySelectorAll(
    "img, svg.chart:not([aria-label]), svg.chart[aria-label='']")]
    .map((element) => element.outerHTML.slice(0, 80))), []);
});

test("a figure has a caption and an anchor of its own", async () => {
  await open(page);
  const captions = await browser.run(() =>
    [...document.querySelectorAll(".panels")].map((panels) =>
      [panels.closest("section").id,
        [...panels.querySelectorAll("figcaption")].map((c) => c.textContent),
        panels.parentNode.querySelector(".hint a").getAttribute("href")]));
  assert.ok(captions.length > 3);
  for (const [id, texts, link] of captions) {
    assert.match(id, /^figure-/);
    assert.equal(link, `#${id}`);
    for (const text of texts) assert.ok(text.length > 2);
  }
});

// Rows of a CSV file without texts that hold a comma before what is asked for.
const rowsOf = (file) => {
  const [head, ...rows] = readFileSync(`${run}/${file}`, "utf8").trim()
    .split("\n").map((row) => row.split(","));
  return rows.map((row) => Object.fromEntries(head.map((name, i) =>
    [name, row[i]])));
};

test("what the marks say is what points.csv holds", async () => {
  await open(page);
  const said = new Set(await browser.run(() =>
    [...document.querySelectorAll("#figure-growth .mark, #figure-ready_count" +
      " .mark")].map((mark) => mark.dataset.text)));
  const ns = { ns: 1, "\u00b5s": 1e3, ms: 1e6 };
  const rows = rowsOf("points.csv");
  assert.ok(said.size > 20);
  for (const text of said) {
    const [, backend, cost, unit, low, high, m, n, r] = new RegExp(
      "^(\\S+): (\\S+) (\\S+) \\[(\\S+), (\\S+)\\]\nhighest fd (\\d+), " +
      "(\\d+) watched, (\\d+) ready").exec(text);
    assert.ok(rows.some((row) => row.backend === backend &&
      row.stage === "all" && row.highest_fd === m && row.fd_count === n &&
      row.ready_count === r && [[cost, "estimate_ns"], [low, "low_ns"],
      [high, "high_ns"]].every(([shown, name]) =>
      Math.abs(shown * ns[unit] - row[name]) <= 0.006 * row[name] + 0.006)),
    text);
  }
});

test("pointing at a mark shows its numbers", async () => {
  await open(page);
  const mark = await browser.run(() => {
    const element = document.querySelector(".mark:last-child");
    element.scrollIntoView({ block: "center" });
    const box = element.getBoundingClientRect();
    return { x: box.left + box.width / 2, y: box.top + box.height / 2,
      text: element.dataset.text };
  });
  const tip = () => browser.run(() => {
    const element = document.getElementById("tip");
    return [element.hidden, element.textContent];
  });
  await browser.pointAt(mark.x + 6, mark.y - 6); // a finger is not exact
  assert.deepEqual(await tip(), [false, mark.text]);
  assert.match(mark.text, /(ns|µs|ms)/);
  await browser.pointAt(2, 2);
  assert.equal((await tip())[0], true);
  await browser.tapAt(mark.x, mark.y);
  assert.deepEqual(await tip(), [false, mark.text]);
});

test("arrow keys walk through the marks of a focused panel", async () => {
  await open(page);
  await browser.run(() => document.querySelector(".chart").focus());
  const now = () => browser.run(() =>
    document.querySelector(".now")?.dataset.text);
  const [right, down, escape] = ["\uE014", "\uE015", "\uE00C"];
  await browser.keys(right);
  const first = await now();
  await browser.keys(right);
  const second = await now();
  await browser.keys(down);
  const other = await now();
  assert.ok(first && second && other);
  assert.equal(new Set([first, second, other]).size, 3);
  assert.equal(await browser.run(() =>
    document.querySelector("#said").textContent), other);
  await browser.keys(escape);
  assert.equal(await browser.run(() => document.getElementById("tip").hidden),
    true);
});

// Alone it says who claimed what, the verdict, what was measured, and where:
// version, run, machine and kernel. The last button copies the citation alone.
const sentence = new RegExp("^(Claim: .+ \\(.+\\)\\. Verdict: (supported|" +
  "refuted|cannot tell)\\. .+\\. \\()?pollbench \\S+, run [0-9a-f]{12}, .+, " +
  "Linux .+, \\d{4}-\\d\\d-\\d\\d\\)?$");

test("copy buttons copy what they say, with the citation", async () => {
  await open(page);
  await browser.cdp("Browser.grantPermissions",
    { permissions: ["clipboardReadWrite", "clipboardSanitizedWrite"] });
  await browser.cdp("Emulation.setFocusEmulationEnabled", { enabled: true });
  const n = await browser.run(() =>
    document.querySelectorAll("button[data-copy]").length);
  assert.ok(n > 0);
  for (let i = 0; i < n; i++) {
    const wanted = await browser.run(async (place) => {
      const button = document.querySelectorAll("button[data-copy]")[place];
      button.focus();
      return button.dataset.copy;
    }, i);
    await browser.keys("\uE007");
    const [said, copied] = await browser.run(async () => {
      await new Promise((done) => { setTimeout(done, 50); });
      return [document.activeElement.textContent,
        await navigator.clipboard.readText()];
    });
    assert.equal(said, "Copied");
    assert.equal(copied, wanted);
    assert.match(copied, i ? sentence : /^Predicted for .*\(pollbench /);
  }
});

// Reproducible, so that a failure can be looked into: the multiplier and the
// increment are those of Numerical Recipes, 3rd ed., section 7.1.
function seeded(seed) {
  let state = seed;
  return (limit) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * limit);
  };
}

function randomSet(random) {
  const upTo = (limit) => Math.floor(random(1e9) / 1e9 *
    10 ** (Math.log10(limit + 1) * random(1e9) / 1e9));
  const highest = upTo(100000);
  const count = 1 + upTo(highest);
  return [highest, count, upTo(count), 1 + upTo(1e6)];
}

// What pollbench predict says, by backend: cost, interval, whether it extrapolates.
function predicted([highest, count, ready, rate]) {
  const text = execFileSync(`${process.env.PROGRAMS}/pollbench`, [
    "predict", "--highest-fd", highest, "--fds", count, "--ready", ready,
    "--waits-per-second", rate, run].map(String), { encoding: "utf8" });
  const line = new RegExp("^(\\S+) +(\\S+) \\[(\\S+), (\\S+)\\] (\\S+) per wait" +
    " +(\\S+) \\[.*?\\] % of a core(.*)$", "gm");
  const ns = { ns: 1, "\u00b5s": 1e3, ms: 1e6, s: 1e9 };
  return [...text.matchAll(line)].map(([, backend, ...rest]) => ({
    backend,
    numbers: [...rest.slice(0, 3).map((number) => number * ns[rest[3]]),
      Number(rest[4])],
    isBeyond: rest[5].includes("EXTRAPOLATED"),
  }));
}

// What the page copies of the set that calculated() entered.
const paragraph = () => browser.run(() =>
  document.getElementById("calculator-copy").dataset.copy);

const markdown = ([highest, count, ready, rate]) =>
  execFileSync(`${process.env.PROGRAMS}/pollbench`, ["predict", "--markdown",
    "--highest-fd", highest, "--fds", count, "--ready", ready,
    "--waits-per-second", rate, run].map(String), { encoding: "utf8" }).trim();

function calculated(set) {
  return browser.run((values) => {
    const form = document.getElementById("calculator-form");
    [...form.querySelectorAll("input")].forEach((field, i) => {
      field.value = values[i];
    });
    form.dispatchEvent(new Event("input", { bubbles: true }));
    return [...document.querySelectorAll("#calculator-answers tr")]
      .map((row) => ({
        backend: row.dataset.backend,
        numbers: [row.dataset.mean, row.dataset.low, row.dataset.high,
          row.dataset.mean * values[3] * 1e-7].map(Number),
        isBeyond: row.textContent.includes("extrapolated"),
      }));
  }, set);
}

// pollbench predict prints four digits; a cost of nothing is 0 or a rounding error.
function isClose(a, b) {
  return Math.abs(a - b) <= 6e-4 * Math.abs(b) + 1e-9;
}

test("the calculator answers as pollbench predict on 100 random sets", async () => {
  await open(page);
  const random = seeded(20260719);
  let nBeyond = 0;
  for (let i = 0; i < 100; i++) {
    const set = randomSet(random);
    const [wanted, got] = [predicted(set), await calculated(set)];
    assert.ok(wanted.length > 0);
    assert.equal(got.length, wanted.length);
    assert.equal(await paragraph(), markdown(set));
    wanted.forEach((one, k) => {
      assert.equal(got[k].backend, one.backend);
      assert.equal(got[k].isBeyond, one.isBeyond, JSON.stringify(set));
      one.numbers.forEach((number, j) => assert.ok(
        isClose(got[k].numbers[j], number),
        `${set} ${one.backend}: ${got[k].numbers} not ${one.numbers}`));
      nBeyond += one.isBeyond;
    });
  }
  assert.ok(nBeyond > 0);
});

// Idle, busy, requests a second, ns of each, whether they are spread.
function randomServer(random) {
  const upTo = (limit) => Math.floor(limit ** (random(1e9) / 1e9));
  return [upTo(20000) - 1, upTo(500), upTo(1e6), upTo(1e6), random(2) === 1];
}

const units = { ns: 1, "\u00b5s": 1e3, ms: 1e6, s: 1e9, "": 1 };

// "2.4 [1, 3] \u00b5s" as numbers, where what has no interval is between itself.
function between(text) {
  const [, value, low = value, high = value, unit] =
    /^(\S+)(?: \[(\S+), (\S+)\])? ?(.*)$/.exec(text);
  return [value, low, high].map((number) => number * (units[unit] ?? 1));
}

function servedBy([idle, busy, rate, service, isSpread]) {
  const text = execFileSync(`${process.env.PROGRAMS}/pollbench`, [
    "predict", "--idle", idle, "--busy", busy, "--requests-per-second", rate,
    "--service-ns", service, ...isSpread ? ["--ready-spread"] : [], run]
    .map(String), { encoding: "utf8" });
  return text.split("\n").filter((line) => line.includes(" a wait  "))
    .map((line) => {
      const [backend, regime, ready, request, share, served, p50 = ""] =
        line.split(/ {2,}/);
      return { backend, regime, isBeyond: line.includes("EXTRAPOLATED"),
        isGuess: text.includes("not held against"),
        numbers: [between(ready.replace(" requests a wait", "")),
          between(request.replace(" a request", "")),
          between(share.replace(" % of a core", "")),
          between(served.replace(" requests/s", "")),
          p50.startsWith("p50 ") ? between(p50.slice(4)) : []].flat() };
    });
}

function calculatedServer(server) {
  return browser.run((values) => {
    const form = document.getElementById("server-form");
    [...form.elements].forEach((field, i) => {
      if (field.type === "checkbox") field.checked = values[i];
      else field.value = values[i];
    });
    form.dispatchEvent(new Event("input", { bubbles: true }));
    return [...document.querySelectorAll("#server-answers tr")].map((row) => {
      const { ready, request, share, rate, p50 } =
        JSON.parse(row.dataset.served);
      const three = ({ mean, low, high }, times = 1) =>
        [mean, low ?? mean, high ?? mean].map((number) => number * times);
      return { backend: row.dataset.backend,
        regime: /^\w+/.exec(row.cells[1].textContent)[0],
        isBeyond: row.textContent.includes("extrapolated"),
        isGuess: row.textContent.includes("not held against"),
        numbers: [three(ready), three(request), three(share, 100),
          three(rate), p50.mean === null ? [] : three(p50)].flat() };
    });
  }, server);
}

test("a server is answered as pollbench predict does, on 50 random ones",
  async () => {
    await open(page);
    const random = seeded(20261126);
    const seen = new Set();
    for (let i = 0; i < 50; i++) {
      const server = randomServer(random);
      const [wanted, got] = [servedBy(server), await calculatedServer(server)];
      assert.ok(wanted.length > 0);
      assert.equal(got.length, wanted.length);
      wanted.forEach((one, k) => {
        const [{ numbers, ...rest }, { numbers: those, ...words }] = [got[k], one];
        assert.deepEqual(rest, words, JSON.stringify(server));
        assert.equal(numbers.length, those.length);
        those.forEach((number, j) => assert.ok(isClose(numbers[j], number),
          `${server} ${one.backend}: ${numbers} not ${those}`));
        seen.add(one.regime);
      });
    }
    assert.deepEqual([...seen].sort(), ["awake", "overload", "sleeping"]);
  });

test("the calculator is worked by keyboard and says what cannot be",
  async () => {
    await open(page);
    const answers = () => browser.run(() =>
      document.getElementById("calculator-answers").textContent);
    const before = await answers();
    assert.doesNotMatch(before, /extrapolated/);
    await browser.run(() =>
      document.querySelector("input[name=fd_count]").focus());
    await browser.keys("\uE013");
    const after501 = await answers();
    assert.ok(before && after501);
    assert.notEqual(after501, before);
    await browser.keys(..."000");
    assert.equal(await answers(), "");
    assert.match(await browser.run(() =>
      document.getElementById("calculator-problem").textContent),
    /There are no 501000 fds up to number 1023/);
  });

test("a bar is as long as its cost, and dashed where it extrapolates",
  async () => {
    await open(page);
    const bars = await calculated([1e6, 3, 1, 1000]).then(() =>
      browser.run(() => [...document.querySelectorAll(
        "#calculator-answers tr")].map((row) => ({
        mean: Number(row.dataset.mean), high: Number(row.dataset.high),
        width: Number(row.querySelector("rect").getAttribute("width")),
        isDashed: getComputedStyle(row.querySelector("rect"))
          .strokeDasharray !== "none",
      }))));
    const most = Math.max(...bars.map(({ mean, high }) =>
      (high > mean ? high : mean)));
    for (const { mean, width, isDashed } of bars) {
      assert.ok(Math.abs(width - Math.max(0.5, 100 * mean / most)) < 0.01);
      assert.equal(isDashed, true);
    }
  });

test("without scripts the page is whole and offers nothing dead", async () => {
  await browser.cdp("Emulation.setScriptExecutionDisabled", { value: true });
  await open(page);
  await browser.screenshot(`${out}/page-noscript.png`);
  const { nodes } = await browser.cdp("Accessibility.getFullAXTree");
  await browser.cdp("Emulation.setScriptExecutionDisabled", { value: false });
  const named = (role) => nodes
    .filter((node) => !node.ignored && node.role?.value === role)
    .map((node) => node.name?.value);
  const text = named("StaticText").join(" ");
  for (const words of ["The calculator needs JavaScript", "supported",
    "is O(n) in the highest fd", "How it was measured"])
    assert.ok(text.includes(words), words);
  assert.deepEqual(named("button"), []);
  assert.deepEqual(named("spinbutton"), []);
});
