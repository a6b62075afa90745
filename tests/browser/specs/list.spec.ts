// The list of crawls: filtered by the service, its state in the address.

import { begin, fresh, MANUAL, remove, site, until } from "../support/crawls";
import { expect, open, rows, test, viewOf } from "../support/page";

const tag = fresh("list");
const other = `${tag}-held`;

test.describe.configure({ mode: "serial" });
test.beforeAll(async () => {
  await begin(`${tag}-done`, { seeds: [MANUAL], maxLinks: 3 });
  await begin(other, { seeds: [site("ui-new", "/tree/5/0")], suspend: true });
  await until("Complete", `${tag}-done`);
  await until("Suspended", other);
});
test.afterAll(async () => {
  await remove(`${tag}-done`);
  await remove(other);
});

test("it is filtered by name, seed and phase, and the address keeps that", async ({ page }) => {
  await open(page, `#/?ns=browser`, "editor");
  await page.getByLabel("Search").fill(tag);
  await expect(rows(page)).toHaveCount(2);

  await page.getByLabel("Phase").selectOption("Suspended");
  await expect(rows(page)).toHaveCount(1);
  await expect(rows(page)).toContainText("Suspended");

  await page.reload();
  await expect(rows(page)).toHaveCount(1);
  await expect(page.getByLabel("Search")).toHaveValue(tag);

  await page.getByLabel("Phase").selectOption("");
  await page.getByLabel("Search").fill("ui-new.crawl-site");
  await expect(rows(page)).toHaveCount(1);

  await page.getByLabel("Search").fill("nothing has this name");
  await expect(page.getByText("No crawl matches.")).toBeVisible();
  await page.getByRole("link", { name: "Show all crawls" }).click();
  await expect(rows(page).filter({ hasText: tag })).toHaveCount(2);
});

test("a row says how the crawl stands and leads to it", async ({ page }) => {
  await open(page, `#/?ns=browser&q=${tag}-done`, "editor");
  const row = rows(page).filter({ hasText: `${tag}-done` });
  await expect(row).toContainText("Complete");
  await expect(row).toContainText(/3\s*of 3/);
  await row.getByRole("link", { name: `${tag}-done` }).click();
  expect(new URL(page.url()).hash).toBe(viewOf(`${tag}-done`));
  await expect(page.locator(".sentence")).toContainText("maxLinks");
});

test("a new crawl comes into the list by itself, and a deleted one leaves it", async ({ page }) => {
  const name = `${tag}-late`;
  await open(page, `#/?ns=browser&q=${tag}`, "editor");
  await expect(rows(page)).toHaveCount(2);
  await begin(name, { seeds: [site("ui-new", "/tree/3/0")] });
  await expect(rows(page)).toHaveCount(3);
  await remove(name);
  await expect(rows(page)).toHaveCount(2);
});

test("who may list everywhere sees all namespaces", async ({ page }) => {
  await open(page, "#/", "auditor");
  await page.getByLabel("Search").fill(tag);
  await expect(rows(page)).toHaveCount(2);
  await expect(rows(page).first()).toContainText("browser");
});
