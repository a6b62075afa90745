// How the tests run: Debian's Chromium, two at a time since the cluster is on the same machine, and those that take a part
// of the system away alone and last.

import { defineConfig, devices } from "@playwright/test";
import { join } from "node:path";

const artefacts = process.env.CRAWL_ARTEFACTS ?? "../../target/browser";
const url = process.env.CRAWL_URL;
if (!url) throw new Error("CRAWL_URL is not set. Run the tests with: make browser");

export default defineConfig({
  testDir: "specs",
  outputDir: join(artefacts, "traces"),
  reporter: [["list"], ["html", { outputFolder: join(artefacts, "report"), open: "never" }]],
  forbidOnly: Boolean(process.env.CI),
  // A test that fails now and then is a defect: nothing is tried again.
  retries: 0,
  workers: 2,
  fullyParallel: true,
  timeout: 90_000,
  expect: { timeout: 20_000 },
  use: {
    ...devices["Desktop Chrome"],
    baseURL: url,
    actionTimeout: 15_000,
    navigationTimeout: 15_000,
    trace: "retain-on-failure",
    screenshot: "only-on-failure",
    launchOptions: {
      executablePath: process.env.CRAWL_CHROMIUM,
      // What Chromium asks the Internet for by itself is no part of a test.
      args: ["--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
    },
  },
  projects: [
    { name: "crawls", testMatch: /crawls\.setup\.ts/ },
    { name: "together", testIgnore: [/crawls\.setup\.ts/, /alone\//], dependencies: ["crawls"] },
    { name: "alone", testMatch: /alone\/.*\.spec\.ts/, dependencies: ["together"], fullyParallel: false, workers: 1 },
  ],
});
