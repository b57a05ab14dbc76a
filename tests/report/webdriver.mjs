// SPDX-License-Identifier: MIT
// Drives headless Chromium through chromedriver, by the W3C's WebDriver
// protocol (https://www.w3.org/TR/webdriver2/) and nothing but Node itself.

import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

// What keeps a browser to itself: no first-run pages, updates or telemetry.
const quiet = ["--headless=new", "--no-sandbox", "--disable-gpu",
  "--disable-quic", "--no-first-run", "--disable-background-networking",
  "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage",
  "--hide-scrollbars"];

// The port it chose, from its first lines.
async function startDriver() {
  const driver = spawn("chromedriver", ["--port=0"],
    { stdio: ["ignore", "pipe", "inherit"] });
  for await (const line of createInterface({ input: driver.stdout })) {
    const port = /successfully on port (\d+)/.exec(line);
    if (port) return [driver, `http://127.0.0.1:${port[1]}`];
  }
  throw new Error("chromedriver did not start");
}

async function call(url, method, body) {
  const answer = await fetch(url, {
    signal: AbortSignal.timeout(60000),
    method, body: method === "POST" ? JSON.stringify(body) : undefined,
  });
  const { value } = await answer.json();
  if (value?.error) throw new Error(`${value.error}: ${value.message}`);
  return value;
}

export class Browser {
  static async open() {
    const browser = new Browser();
    browser.profile = mkdtempSync(join(tmpdir(), "pollbench-chromium-"));
    [browser.driver, browser.url] = await startDriver();
    const session = await call(`${browser.url}/session`, "POST", {
      capabilities: { alwaysMatch: {
        "goog:chromeOptions": {
          binary: process.env.CHROMIUM || "/usr/bin/chromium",
          args: [...quiet, `--user-data-dir=${browser.profile}`],
        },
        "goog:loggingPrefs": { browser: "ALL", performance: "ALL" },
      } },
    });
    browser.url += `/session/${session.sessionId}`;
    return browser;
  }

  post(path, body = {}) {
    return call(this.url + path, "POST", body);
  }

  async go(url) {
    await this.log("browser");
    await this.log("performance");
    await this.post("/url", { url });
  }

  // A function to run in the page, with plain values as arguments; it may be
  // async.
  run(script, ...args) {
    return this.post("/execute/sync",
      { script: `return (${script})(...arguments)`, args });
  }

  // A command of the Chrome DevTools Protocol.
  cdp(cmd, params = {}) {
    return this.post("/goog/cdp/execute", { cmd, params });
  }

  log(type) {
    return this.post("/se/log", { type });
  }

  // Press keys at whatever has the focus.
  keys(...values) {
    const actions = values.flatMap((value) => [
      { type: "keyDown", value }, { type: "keyUp", value }]);
    return this.post("/actions",
      { actions: [{ type: "key", id: "keyboard", actions }] });
  }

  // Move the mouse to a point of the window.
  pointAt(x, y) {
    return this.post("/actions", { actions: [{
      type: "pointer", id: "mouse", parameters: { pointerType: "mouse" },
      actions: [{ type: "pointerMove", x: Math.round(x), y: Math.round(y) }],
    }] });
  }

  // A finger's touch at a point of the window.
  async tapAt(x, y) {
    const touchPoints = [{ x: Math.round(x), y: Math.round(y) }];
    await this.cdp("Input.dispatchTouchEvent",
      { type: "touchStart", touchPoints });
    await this.cdp("Input.dispatchTouchEvent",
      { type: "touchEnd", touchPoints: [] });
  }

  resize(width, height) {
    return this.cdp("Emulation.setDeviceMetricsOverride",
      { width, height, deviceScaleFactor: 1, mobile: width < 500 });
  }

  scheme(value) {
    return this.cdp("Emulation.setEmulatedMedia",
      { features: [{ name: "prefers-color-scheme", value }] });
  }

  // "print", or "" for what the screen shows.
  media(media) {
    return this.cdp("Emulation.setEmulatedMedia", { media });
  }

  // A page without scripts counts as loaded before it has a size.
  async laidOut() {
    for (let tries = 0; tries < 100; tries++) {
      const { cssContentSize } = await this.cdp("Page.getLayoutMetrics");
      if (cssContentSize.width > 0)
        return;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  // The whole page, or what a window shows of it, as a picture in a file.
  async screenshot(path, isWhole = true) {
    await this.laidOut();
    const { data } = await this.cdp("Page.captureScreenshot",
      { captureBeyondViewport: isWhole });
    writeFileSync(path, Buffer.from(data, "base64"));
  }

  async pdf(path) {
    const { data } = await this.cdp("Page.printToPDF",
      { preferCSSPageSize: true, printBackground: true });
    const pdf = Buffer.from(data, "base64");
    writeFileSync(path, pdf);
    return pdf;
  }

  async close() {
    await call(this.url, "DELETE").catch(() => {});
    this.driver.kill();
    rmSync(this.profile, { recursive: true, force: true, maxRetries: 5 });
  }
}
