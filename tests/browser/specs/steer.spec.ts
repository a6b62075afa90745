// A crawl is suspended, resumed, cancelled, given a higher limit and deleted from its view.

import { begin, fresh, remove, site, until } from "../support/crawls";
import { crawl } from "../support/kubectl";
import { expect, open, phase, rows, test, tile, viewOf } from "../support/page";

const made: string[] = [];
test.afterAll(async () => {
  for (const name of made) await remove(name);
});

test("suspend, resume, raise the limit, cancel, delete", async ({ page }) => {
  test.setTimeout(180_000);
  const name = fresh("steered");
  made.push(name);
  await begin(name, { seeds: [site("ui-steer", "/slow/200/400/0")], maxLinks: 300, politeness: { delay: "0s", perHostConcurrency: 2 } });
  await open(page, viewOf(name), "editor");
  const press = (words: string) => page.locator(".actions").getByRole("button", { name: words, exact: true }).click();
  const dialog = page.getByRole("dialog");

  await expect.poll(() => tile(page, "Fetched")).toBeGreaterThan(2);
  await press("Suspend");
  await expect(phase(page)).toHaveText("Suspended");
  expect((await crawl(name))!.spec.suspend).toBe(true);
  await expect(page.locator(".sentence")).toContainText(/suspended/i);

  await press("Resume");
  await expect(phase(page)).toHaveText("Running");
  expect((await crawl(name))!.spec.suspend ?? false).toBe(false);

  await press("Raise limit…");
  await dialog.getByLabel("maxLinks").fill("none");
  await expect(dialog.getByRole("button", { name: "Save" })).toBeDisabled();
  await dialog.getByLabel("maxLinks").fill("350");
  await dialog.getByRole("button", { name: "Save" }).click();
  await expect(dialog).toBeHidden();
  await expect(page.locator(".head-progress")).toContainText("of at most 350");
  expect((await crawl(name))!.spec.maxLinks).toBe(350);

  await press("Cancel crawl…");
  await dialog.getByRole("button", { name: "Let it run" }).click();
  await expect(dialog).toBeHidden();
  expect((await crawl(name))!.spec.cancel ?? false).toBe(false);
  await press("Cancel crawl…");
  await dialog.getByRole("button", { name: "Cancel crawl" }).click();
  await expect(phase(page)).toHaveText(/Cancelled|Failed/);
  const fetched = (await crawl(name))!.status!.pages!.fetched;
  await expect.poll(() => tile(page, "Fetched")).toBe(fetched);
  expect(fetched).toBeLessThan(350);

  await press("Delete…");
  await dialog.getByRole("button", { name: "Keep it" }).click();
  await expect(dialog).toBeHidden();
  expect(await crawl(name)).toBeDefined();
  await press("Delete…");
  await dialog.getByRole("button", { name: "Delete", exact: true }).click();
  await expect(page.getByText(`${name} has been deleted.`)).toBeVisible({ timeout: 60_000 });
  expect(await crawl(name)).toBeUndefined();
});

test("a crawl that has ended goes on when its limit is raised", async ({ page }) => {
  const name = fresh("raised");
  made.push(name);
  await begin(name, { seeds: [site("ui-steer", "/tree/30/0")], maxLinks: 10 });
  await until("Complete", name);
  await open(page, viewOf(name), "editor");
  await expect.poll(() => tile(page, "Fetched")).toBe(10);
  await page.locator(".actions").getByRole("button", { name: "Raise limit…" }).click();
  await page.getByRole("dialog").getByLabel("maxLinks").fill("30");
  await page.getByRole("dialog").getByRole("button", { name: "Save" }).click();
  await expect.poll(() => tile(page, "Fetched")).toBe(30);
  await expect(phase(page)).toHaveText("Complete");
});

test("the menu of a row does the same as the view", async ({ page }) => {
  const name = fresh("rowed");
  made.push(name);
  await begin(name, { seeds: [site("ui-steer", "/tree/3/0")], suspend: true });
  await until("Suspended", name);
  await open(page, `#/?ns=browser&q=${name}`, "editor");
  const menu = page.getByRole("button", { name: `Actions for ${name}` });
  await menu.click();
  await page.getByRole("button", { name: "Resume" }).click();
  await expect(rows(page)).toContainText("Complete");
  await menu.click();
  await page.getByRole("button", { name: "Delete…" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Delete", exact: true }).click();
  await expect(page.getByText("No crawl matches.")).toBeVisible();
});

test("what somebody else changes is seen", async ({ page }) => {
  const name = fresh("elsewhere");
  made.push(name);
  await begin(name, { seeds: [site("ui-steer", "/tree/3/0")], suspend: true });
  await open(page, viewOf(name), "viewer");
  await expect(phase(page)).toHaveText("Suspended");
  await begin(name, { seeds: [site("ui-steer", "/tree/3/0")], suspend: false });
  await expect(phase(page)).toHaveText("Complete");
  await remove(name);
  await expect(page.getByText(`${name} has been deleted.`)).toBeVisible();
});
