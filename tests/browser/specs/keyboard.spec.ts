// The main path without a mouse: sign in, make a crawl, watch it, look at its pages, delete it.

import { fresh, remove, site } from "../support/crawls";
import { crawl } from "../support/kubectl";
import { token } from "../support/people";
import { expect, phase, rows, test, type Page } from "../support/page";

const name = fresh("typed");
test.afterAll(() => remove(name));

/** Goes on with Tab until something with these words has the focus, which must be seen. */
async function tabTo(page: Page, words: RegExp, most = 80): Promise<void> {
  for (let n = 0; n < most; n += 1) {
    await page.keyboard.press("Tab");
    const at = await page.evaluate(() => {
      const element = document.activeElement as HTMLElement;
      const label = element.id ? document.querySelector(`label[for="${element.id}"]`)?.textContent : element.closest("label")?.textContent;
      const style = getComputedStyle(element);
      return { words: `${element.getAttribute("aria-label") ?? ""} ${label ?? ""} ${element.innerText ?? ""}`.trim(), seen: element.getBoundingClientRect().height > 0 && (style.outlineStyle !== "none" || style.boxShadow !== "none" || style.borderColor !== "") };
    });
    if (!words.test(at.words)) continue;
    expect(at.seen, `the focus on ${at.words} is visible`).toBe(true);
    return;
  }
  throw new Error(`Tab never came to ${words}`);
}

test("everything of the main path can be done by keyboard", async ({ page }) => {
  test.setTimeout(180_000);
  await page.goto("/#/");
  await expect(page.getByRole("heading", { name: "Sign in" })).toBeVisible();
  await tabTo(page, /^Token/);
  await page.keyboard.insertText(await token("editor"));
  await tabTo(page, /^Sign in$/);
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { level: 1, name: "Crawls" })).toBeVisible();

  await page.keyboard.press("?");
  await expect(page.getByRole("dialog", { name: "Keyboard shortcuts" })).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(page.getByRole("dialog")).toBeHidden();
  await page.keyboard.press("/");
  await expect(page.getByLabel("Search")).toBeFocused();
  await page.keyboard.press("Tab");
  await page.evaluate(() => (document.activeElement as HTMLElement).blur());
  await page.keyboard.press("n");
  await expect(page.getByRole("heading", { name: "Add a crawl" })).toBeFocused();

  await tabTo(page, /^URL/);
  await page.keyboard.type(site("ui-keys", "/slow/100/30/0"));
  await tabTo(page, /^More/);
  await page.keyboard.press("Enter");
  await tabTo(page, /^Delay/);
  await page.keyboard.type("0s");
  await tabTo(page, /^Name/);
  await page.keyboard.type(name);
  await tabTo(page, /^Namespace/);
  await page.keyboard.type("browser");
  await tabTo(page, /^Start the crawl$/);
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { level: 1, name })).toBeFocused();
  await expect(phase(page)).toHaveText("Complete", { timeout: 60_000 });
  expect((await crawl(name))!.status!.pages!.fetched).toBe(30);

  await tabTo(page, /^Pages$/);
  await page.keyboard.press("Enter");
  await expect(rows(page)).toHaveCount(30);
  await tabTo(page, /^http:\/\/ui-keys/);
  await page.keyboard.press("Enter");
  await expect(page.getByRole("dialog", { name: "Page" })).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(page.getByRole("dialog")).toBeHidden();

  await page.keyboard.press("Control+Home");
  await tabTo(page, /^Delete…$/);
  await page.keyboard.press("Enter");
  await tabTo(page, /^Delete$/);
  await page.keyboard.press("Enter");
  await expect(page.getByText(`${name} has been deleted.`)).toBeVisible();
});
