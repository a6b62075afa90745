// The page as a person opens it. Whatever test it is: a dialog, an error of a script or a broken Content-Security-Policy fails it.

import { test as base, expect, type Page } from "@playwright/test";
import { token, type Person } from "./people";
import { NAMESPACE } from "./kubectl";

export { expect };
export type { Page };

export const test = base.extend({
  page: async ({ page }, use) => {
    const problems: string[] = [];
    page.on("dialog", (dialog) => {
      problems.push(`a dialog came up: ${dialog.message()}`);
      void dialog.dismiss();
    });
    page.on("pageerror", (error) => problems.push(`a script failed: ${error.message}`));
    page.on("console", (message) => {
      if (/Content.Security.Policy|Refused to/i.test(message.text())) problems.push(message.text());
    });
    await use(page);
    expect(problems).toEqual([]);
  },
});

/** Opens an address of the page as this person, or as nobody signed in. */
export async function open(page: Page, hash: string, person?: Person): Promise<void> {
  if (person) await page.addInitScript((value) => sessionStorage.setItem("token", value), await token(person));
  await page.goto(`/${hash}`);
}

/** The address of a crawl's view. */
export const viewOf = (name: string, params: Record<string, string> = {}, namespace = NAMESPACE) => {
  const query = new URLSearchParams(params).toString();
  return `#/ns/${namespace}/${name}${query ? `?${query}` : ""}`;
};

/** Where the phase stands in the view of a crawl. */
export const phase = (page: Page) => page.locator(".crawl-head .badge");

/** What went wrong, in words. Places where notices come are alerts too, but empty. */
export const alert = (page: Page) => page.getByRole("alert").filter({ hasText: /./ });

/** The number that stands under a name where every URL is counted. */
export const tile = async (page: Page, name: string): Promise<number> => {
  const term = page.locator(".tile", { has: page.locator("dt", { hasText: new RegExp(`^${name}$`) }) });
  return Number((await term.locator("dd").innerText()).replace(/\D/g, ""));
};

export const rows = (page: Page) => page.locator("table.rows tbody tr");

/** The URLs of a table, whole, in the order shown. */
export const urls = (page: Page) => rows(page).evaluateAll((all) => all.map((row) => row.querySelector(".name [title]")!.getAttribute("title")!));
