// What is checked of every view as it looks: that axe finds nothing, and that nothing is wider than the window.

import { AxeBuilder } from "@axe-core/playwright";
import { mkdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { DONE } from "./done";
import { expect, viewOf, type Page } from "./page";

/** Every view, with a name for its picture. */
export const VIEWS: [name: string, hash: string][] = [
  ["list", "#/?ns=browser"],
  ["new", "#/new?ns=browser&url=http://manual.crawl-site.svc.cluster.local:8080/"],
  ["overview", viewOf(DONE.manual.name)],
  ["pages", viewOf(DONE.manual.name, { tab: "pages" })],
  ["page", viewOf(DONE.manual.name, { tab: "pages", page: DONE.manual.seeds[0]! })],
  ["broken", viewOf(DONE.broken.name, { tab: "broken" })],
  ["skipped", viewOf(DONE.manual.name, { tab: "skipped" })],
  ["map", viewOf(DONE.manual.name, { tab: "map", prefix: DONE.manual.seeds[0]! })],
  ["spec", viewOf(DONE.manual.name, { tab: "spec" })],
  ["empty", "#/?ns=browser&q=nothing-has-this-name"],
  ["unknown", "#/no/such/page/here"],
  ["not-there", viewOf("not-there")],
];

/** Goes there, and waits until all that it loads has come. */
export async function settle(page: Page, hash: string): Promise<void> {
  await page.goto(`/${hash}`);
  await expect(page.locator("main h1")).toBeVisible();
  await expect(page.getByText(/^Loading/)).toHaveCount(0);
  await expect(page.locator("[aria-busy=true]")).toHaveCount(0);
  if (/^#\/ns\/[^?]*$/.test(hash) && !hash.includes("not-there")) await expect(page.locator(".charts canvas").first()).toBeVisible();
  await page.evaluate(() => document.fonts.ready);
}

export async function expectNoViolations(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  const found = violations.map(({ id, help, nodes }) => `${id}: ${help}\n${nodes.map((node) => `  ${node.html.slice(0, 160)}\n    ${node.failureSummary?.replaceAll("\n", "\n    ")}`).slice(0, 3).join("\n")}`);
  expect(found.join("\n")).toBe("");
}

/** Nothing makes the page itself scroll sideways; tables scroll within themselves. */
export async function expectToFit(page: Page): Promise<void> {
  const { wide, width, culprits } = await page.evaluate(() => {
    const width = document.documentElement.clientWidth;
    const wide = document.documentElement.scrollWidth;
    const culprits = wide <= width ? [] : [...document.querySelectorAll<HTMLElement>("body *")].filter((each) => each.getBoundingClientRect().right > width + 1).slice(0, 5).map((each) => each.outerHTML.slice(0, 120));
    return { wide, width, culprits };
  });
  expect(wide, culprits.join("\n")).toBeLessThanOrEqual(width);
}

/** Keeps a picture among the artefacts. */
export async function picture(page: Page, name: string, fullPage = false): Promise<void> {
  const path = join(process.env.CRAWL_ARTEFACTS ?? "../../target/browser", "pictures", `${name}.png`);
  await mkdir(dirname(path), { recursive: true });
  await page.screenshot({ path, fullPage, animations: "disabled" });
}
