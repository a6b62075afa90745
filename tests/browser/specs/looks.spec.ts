// Every view in light and dark and on a phone: no violation that axe knows, nothing wider than the window, and a picture.

import { begin, fresh, MANUAL, remove, site } from "../support/crawls";
import { expectNoViolations, expectToFit, picture, settle, VIEWS } from "../support/looks";
import { expect, open, phase, test, viewOf } from "../support/page";

for (const scheme of ["light", "dark"] as const) {
  test.describe(scheme, () => {
    test.use({ colorScheme: scheme, viewport: { width: 1280, height: 860 } });
    for (const [name, hash] of VIEWS) {
      test(`${name} has no violation`, async ({ page }) => {
        await open(page, "#/", "editor");
        await settle(page, hash);
        expect(await page.evaluate(() => getComputedStyle(document.body).colorScheme + getComputedStyle(document.documentElement).colorScheme)).toContain(scheme);
        await expectNoViolations(page);
        await expectToFit(page);
        await picture(page, `${name}-${scheme}`);
      });
    }

    test("sign-in, dialogs and menus have no violation", async ({ page }) => {
      await open(page, "#/");
      await expect(page.getByRole("heading", { name: "Sign in" })).toBeVisible();
      await expectNoViolations(page);
      await picture(page, `sign-in-${scheme}`);
      await open(page, viewOf("manual"), "editor");
      await page.reload();
      const actions = page.locator(".actions");
      for (const words of ["Raise limit…", "Delete…"]) {
        await actions.getByRole("button", { name: words }).click();
        await expect(page.getByRole("dialog")).toBeVisible();
        await expectNoViolations(page);
        if (words === "Delete…") await picture(page, `delete-${scheme}`);
        await page.keyboard.press("Escape");
      }
      await actions.getByRole("button", { name: "Copy as" }).click();
      await expectNoViolations(page);
    });
  });
}

test.describe("at 360 pixels", () => {
  test.use({ viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true });
  for (const [name, hash] of VIEWS) {
    test(`${name} fits`, async ({ page }) => {
      await open(page, "#/", "editor");
      await settle(page, hash);
      await expectToFit(page);
      await expectNoViolations(page);
      await picture(page, `${name}-phone`);
    });
  }

  test("sign-in, the form with everything open, and a hostile crawl fit", async ({ page }) => {
    await open(page, "#/");
    await expect(page.getByRole("heading", { name: "Sign in" })).toBeVisible();
    await expectToFit(page);
    await open(page, "#/new", "editor");
    await page.reload();
    await page.getByText("More: scope, politeness, name").click();
    await page.getByLabel("URL", { exact: true }).fill(`http://example.com/${"x".repeat(3000)}`);
    await expectToFit(page);
    for (const tab of ["overview", "pages", "broken", "map", "spec"]) {
      await settle(page, viewOf("hostile", { tab }));
      await expectToFit(page);
    }
  });
});

test.describe("while it runs", () => {
  test.use({ viewport: { width: 1280, height: 860 } });
  const name = fresh("live");
  test.afterAll(() => remove(name));

  test("the overview has no violation, and is a picture", async ({ page }) => {
    await begin(name, { seeds: [MANUAL, site("ui-phone", "/slow/150/600/0")], maxLinks: 1600, politeness: { delay: "0s", perHostConcurrency: 3 } });
    await open(page, viewOf(name), "editor");
    await expect(phase(page)).toHaveText("Running");
    await expect(page.locator(".charts canvas").first()).toBeVisible();
    await expect(page.locator(".head-progress")).toContainText(/pages?\/s|left/);
    await picture(page, "live-light");
    await expectNoViolations(page);
    await page.emulateMedia({ colorScheme: "dark" });
    await picture(page, "live-dark");
    await expectNoViolations(page);
  });
});
