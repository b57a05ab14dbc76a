// SPDX-License-Identifier: MIT
// The first screen of a run's page as a picture, for the README:
// node tests/report/first_screen.mjs RUN OUT.png

import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { Browser } from "./webdriver.mjs";

const [run, out] = process.argv.slice(2);
const browser = await Browser.open();
try {
  await browser.resize(1100, 760);
  await browser.scheme("light");
  await browser.go(pathToFileURL(resolve(run, "report.html")).href);
  await browser.screenshot(out, false);
} finally {
  await browser.close();
}
