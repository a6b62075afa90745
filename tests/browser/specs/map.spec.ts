// The map: from all hosts down to a page, as a picture and as a list.

import { MANUAL, site } from "../support/crawls";
import { crawl } from "../support/kubectl";
import { expect, open, test, viewOf } from "../support/page";

test("it is opened from all hosts down to one page", async ({ page }) => {
  const { pages } = (await crawl("broken"))!.status!;
  await open(page, viewOf("broken", { tab: "map" }), "viewer");
  const tree = page.getByRole("region", { name: "Paths" });
  await expect(page.locator(".map-head")).toContainText(`${pages!.discovered} URLs`);
  await expect(page.locator(".treemap svg")).toBeVisible();

  await tree.getByRole("link", { name: /ui-broken/ }).first().click();
  await expect(page).toHaveURL(/prefix=/);
  await tree.getByRole("link", { name: /^\/?broken\/?$/ }).click();
  await expect(page.getByRole("navigation", { name: "Path" })).toContainText("broken");
  await page.reload();
  await tree.locator(`a[title="${site("ui-broken", "/broken/error")}"]`).click();
  await expect(page.getByRole("dialog")).toContainText("500");
  await page.keyboard.press("Escape");
  await page.getByRole("link", { name: "All hosts" }).click();
  await expect(page).not.toHaveURL(/prefix=/);
});

test("a site of a thousand pages is drawn in few boxes, by links or by pages", async ({ page }) => {
  await open(page, viewOf("manual", { tab: "map" }), "viewer");
  await expect(page.locator(".treemap svg")).toBeVisible();
  const boxes = page.locator(".treemap rect");
  expect(await boxes.count()).toBeGreaterThan(1);
  expect(await boxes.count()).toBeLessThan(60 * 61 + 62);
  await page.locator(".tree").getByRole("link", { name: new URL(MANUAL).hostname }).first().click();
  await expect(page.locator(".tree li").nth(10)).toBeVisible();
  const before = await page.locator(".treemap svg").getAttribute("aria-label");
  await page.getByRole("link", { name: "By pages" }).click();
  await expect(page.locator(".treemap svg")).not.toHaveAttribute("aria-label", before!);
});
