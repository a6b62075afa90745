// The table of pages: filter, sort and steps are the service's, and the address is all that is needed to see the same again.

import { createHash } from "node:crypto";
import { crawl } from "../support/kubectl";
import { site } from "../support/crawls";
import { expect, open, rows, test, urls, viewOf, type Page } from "../support/page";

const settled = (page: Page) => expect(page.locator("section [aria-busy=true]")).toHaveCount(0);
/** A list to choose from; its label has the choices in it, too. */
const choice = (page: Page, name: string) => page.locator("label.field", { has: page.getByText(name, { exact: true }) }).locator("select");

test("it is filtered by text, state and status", async ({ page }) => {
  await open(page, viewOf("manual", { tab: "pages" }), "viewer");
  await expect(rows(page)).toHaveCount(50);
  await page.getByLabel("Search").fill("SQL-CREATE");
  await expect(page).toHaveURL(/q=SQL-CREATE/);
  await settled(page);
  const found = await urls(page);
  expect(found.length).toBeGreaterThan(20);
  for (const url of found) expect(url.toLowerCase()).toContain("sql-create");

  await page.getByLabel("Search").fill("no page has this");
  await expect(page.getByText("No page matches these filters.")).toBeVisible();
  await page.getByRole("link", { name: "Clear the filters" }).click();
  await expect(rows(page)).toHaveCount(50);

  await open(page, viewOf("broken", { tab: "pages" }));
  await expect(rows(page)).toHaveCount(7);
  await choice(page, "Status").selectOption("4xx");
  await expect(rows(page)).toHaveCount(2);
  await choice(page, "Status").selectOption("500");
  await expect(rows(page)).toHaveCount(1);
  expect(await urls(page)).toEqual([site("ui-broken", "/broken/error")]);
  await page.getByRole("link", { name: "Clear filters" }).click();
  await choice(page, "State").selectOption("redirected");
  await expect(rows(page)).toHaveCount(1);
  expect(await urls(page)).toEqual([site("ui-broken", "/broken/moved")]);
});

test("every state has as many rows as its number says", async ({ page }) => {
  const { pages } = (await crawl("manual"))!.status!;
  await open(page, viewOf("manual"), "viewer");
  for (const state of ["fetched", "skipped"] as const) {
    await page.goto(`/${viewOf("manual", { tab: "pages", state, limit: "500" })}`);
    let seen = 0;
    for (;;) {
      await settled(page);
      await expect(page.getByRole("status").filter({ hasText: `Rows ${(seen + 1).toLocaleString("en-US")} to` })).toBeVisible();
      seen += await rows(page).count();
      const next = page.getByRole("link", { name: "Next" });
      if ((await next.count()) === 0) break;
      await next.click();
    }
    expect(seen, state).toBe(pages![state]);
  }
});

test("it is sorted both ways, by every column that can be", async ({ page }) => {
  await open(page, viewOf("manual", { tab: "pages", state: "fetched" }), "viewer");
  for (const [head, column] of [["URL", 0], ["Links", 1], ["Depth", 4], ["Linked from", 8]] as const) {
    await page.getByRole("columnheader", { name: head, exact: true }).getByRole("link").click();
    const sort = async () => page.getByRole("columnheader", { name: head, exact: true }).getAttribute("aria-sort");
    const values = async () => {
      await settled(page);
      const cells = await rows(page).evaluateAll((all, n) => all.map((row) => row.children[n]!.querySelector("[title]")?.getAttribute("title") ?? row.children[n]!.textContent!), column);
      return cells.map((cell) => (head === "URL" ? cell : Number(cell.replace(/\D/g, ""))));
    };
    const inOrder = (all: (string | number)[], by: string | null) => all.every((value, n) => n === 0 || (by === "ascending" ? all[n - 1]! <= value : all[n - 1]! >= value));
    const first = await sort();
    expect(["ascending", "descending"]).toContain(first);
    await expect.poll(async () => inOrder(await values(), first), { message: `${head} ${first}` }).toBe(true);
    await page.getByRole("columnheader", { name: head, exact: true }).getByRole("link").click();
    const second = first === "ascending" ? "descending" : "ascending";
    await expect.poll(sort).toBe(second);
    await expect.poll(async () => inOrder(await values(), second), { message: `${head} ${second}` }).toBe(true);
  }
});

test("next, previous, reload and back show the same rows", async ({ page }) => {
  const hash = async () => createHash("md5").update((await urls(page)).join("\n")).digest("hex");
  await open(page, viewOf("manual", { tab: "pages", q: "sql", sort: "bytes", order: "desc" }), "viewer");
  await expect(rows(page)).toHaveCount(50);
  const first = await hash();
  await page.getByRole("link", { name: "Next" }).click();
  await expect(page.getByText("Rows 51 to 100")).toBeVisible();
  await settled(page);
  const second = await hash();
  expect(second).not.toBe(first);

  await page.reload();
  await expect(page.getByText("Rows 51 to 100")).toBeVisible();
  await settled(page);
  expect(await hash()).toBe(second);

  await page.getByRole("link", { name: "Previous" }).click();
  await expect(page.getByText("Rows 1 to 50")).toBeVisible();
  await settled(page);
  expect(await hash()).toBe(first);
  await page.goBack();
  await expect(page.getByText("Rows 51 to 100")).toBeVisible();
  await settled(page);
  expect(await hash()).toBe(second);
});

test("a page is shown in full, with what leads to it and from it, and has an address", async ({ page }) => {
  await open(page, viewOf("broken", { tab: "pages" }), "viewer");
  await rows(page).filter({ hasText: "/broken/b" }).getByRole("link").first().click();
  const drawer = page.getByRole("dialog", { name: "Page" });
  await expect(drawer.locator(".page-title")).toHaveText("another page");
  await expect(drawer).toContainText("200");
  for (const path of ["/broken/gone", "/broken/error", "/broken/moved"]) await expect(drawer.getByRole("link", { name: site("ui-broken", path) })).toBeVisible();
  await page.reload();
  await expect(drawer.locator(".page-title")).toHaveText("another page");

  await drawer.getByRole("link", { name: site("ui-broken", "/broken/moved") }).click();
  await expect(drawer).toContainText("302");
  await expect(drawer.getByRole("link", { name: site("ui-broken", "/broken/gone") })).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(drawer).toBeHidden();
  await expect(rows(page)).toHaveCount(7);
});

test("a URL that the crawl does not know is said to be unknown", async ({ page }) => {
  await open(page, viewOf("broken", { tab: "pages", page: "http://elsewhere.example/" }), "viewer");
  await expect(page.getByRole("dialog").getByRole("alert")).toBeVisible();
});

test("broken links show what happened and the pages to mend", async ({ page }) => {
  await open(page, viewOf("broken", { tab: "broken" }), "viewer");
  await expect(rows(page)).toHaveCount(3);
  const row = (path: string) => rows(page).filter({ has: page.locator(`td.name [title="${site("ui-broken", path)}"]`) });
  const from = async (path: string) => (await row(path).locator("td").nth(2).locator("[title^=http]").evaluateAll((all) => all.map((each) => each.getAttribute("title")))).sort();
  await expect(row("/broken/gone")).toContainText("404");
  const gone = await from("/broken/gone");
  expect(gone).toEqual(expect.arrayContaining([site("ui-broken", "/broken/a"), site("ui-broken", "/broken/b")]));
  await expect(row("/broken/error")).toContainText("500");
  expect(await from("/broken/error")).toEqual([site("ui-broken", "/broken/b")]);
  await expect(row("/broken/refused")).toContainText("403");
  expect(await from("/broken/refused")).toEqual([site("ui-broken", "/broken/a")]);

  await row("/broken/gone").locator("td").nth(2).getByRole("link", { name: site("ui-broken", "/broken/a") }).click();
  await expect(page.getByRole("dialog").locator(".page-title")).toHaveText("a page");
  await page.keyboard.press("Escape");
  await page.getByLabel("Search").fill("refused");
  await expect(rows(page)).toHaveCount(1);
});

test("skipped URLs stand with their reasons", async ({ page }) => {
  const { pages } = (await crawl("manual"))!.status!;
  await open(page, viewOf("manual", { tab: "skipped" }), "viewer");
  await expect(rows(page).first()).toContainText("Out of scope");
  await expect(page.locator(".pager")).toContainText("Rows 1 to 50");
  expect(pages!.skipped).toBeGreaterThan(50);
});
