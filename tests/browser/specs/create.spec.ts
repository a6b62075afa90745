// A crawl is made in the form and watched to its end; what is wrong is said where it stands.

import { begin, fresh, MANUAL, remove, site, until } from "../support/crawls";
import { crawl, kubectl, NAMESPACE } from "../support/kubectl";
import { expect, open, phase, test, tile, viewOf, type Page } from "../support/page";

const made: string[] = [];
test.afterAll(async () => {
  for (const name of made) await remove(name);
});

async function fill(page: Page, fields: Record<string, string>): Promise<void> {
  await page.getByText("More: scope, politeness, name").click();
  for (const [label, value] of Object.entries(fields)) await page.getByLabel(label, { exact: true }).fill(value);
}

test("a crawl of the manual is made in the form and has the counts of kubectl", async ({ page }) => {
  const name = fresh("made");
  made.push(name);
  await open(page, `#/new?ns=${NAMESPACE}`, "editor");
  await fill(page, { URL: MANUAL, maxLinks: "60", Name: name, Delay: "0s", "Requests to one host at a time": "8" });
  await expect(page.getByText("The cluster would take it.")).toBeVisible();
  await page.getByRole("button", { name: "Start the crawl" }).click();

  await expect(page.getByRole("heading", { level: 1, name })).toBeVisible();
  expect(new URL(page.url()).hash).toBe(viewOf(name));
  await expect(phase(page)).toHaveText("Complete", { timeout: 60_000 });

  const done = await until("Complete", name);
  expect(done.spec).toMatchObject({ seeds: [MANUAL], maxLinks: 60 });
  const { pages, links } = done.status!;
  expect(pages!.fetched + pages!.failed).toBe(60);
  const shown = { Found: pages!.discovered, Queued: pages!.queued, "In flight": pages!.inFlight, Fetched: pages!.fetched, Failed: pages!.failed, Redirected: pages!.redirected, Skipped: pages!.skipped, Links: links };
  for (const [label, value] of Object.entries(shown)) await expect.poll(() => tile(page, label), { message: label }).toBe(value);
});

test("a running crawl is followed without reloading", async ({ page }) => {
  const name = fresh("followed");
  made.push(name);
  await open(page, `#/new?ns=${NAMESPACE}`, "editor");
  await fill(page, { URL: site("ui-watch", "/slow/400/40/0"), maxLinks: "100", Name: name, Delay: "0s" });
  await page.getByRole("button", { name: "Start the crawl" }).click();
  await expect(page.getByRole("button", { name: /Updates: Live/ })).toBeVisible();
  await expect(phase(page)).toHaveText("Running");
  const seen = new Set<number>();
  await expect
    .poll(async () => {
      seen.add(await tile(page, "Fetched"));
      return phase(page).innerText();
    }, { timeout: 60_000, intervals: [200] })
    .toBe("Complete");
  expect(seen.size, `numbers seen on the way: ${[...seen].join(" ")}`).toBeGreaterThan(3);
  await expect.poll(() => tile(page, "Fetched")).toBe(40);
});

const WRONG: [what: string, fields: Record<string, string>, field: string, words: RegExp][] = [
  ["a URL without a scheme", { URL: "example.com" }, "URL", /http/],
  ["a script for a URL", { URL: "javascript:alert(1)" }, "URL", /http/],
  ["a URL of 10,000 characters", { URL: `http://example.com/${"x".repeat(10_000)}` }, "URL", /2048/],
  ["a limit of zero", { URL: MANUAL, maxLinks: "0" }, "maxLinks", /whole number/],
  ["a huge limit", { URL: MANUAL, maxLinks: "99999999999999999999" }, "maxLinks", /1,000,000,000/],
  ["a limit in words", { URL: MANUAL, maxLinks: "many" }, "maxLinks", /whole number/],
  ["a name with a slash", { URL: MANUAL, Name: "a/b" }, "Name", /./],
  ["a name with capitals", { URL: MANUAL, Name: "Crawl" }, "Name", /lower/i],
  ["a delay that is none", { URL: MANUAL, Delay: "soon" }, "Delay", /./],
  ["an expression that is none", { URL: MANUAL, Include: "(" }, "Include", /./],
];

for (const [what, fields, field, words] of WRONG) {
  test(`${what} is refused at its field`, async ({ page }) => {
    await open(page, `#/new?ns=${NAMESPACE}`, "editor");
    await fill(page, fields);
    await expect(page.getByText("Not yet right: see the marked fields.")).toBeVisible();
    const input = page.getByLabel(field, { exact: true });
    await expect(input).toHaveAttribute("aria-invalid", "true");
    await expect(page.locator(".form-field", { has: input }).locator(".field-error")).toHaveText(words);
    await page.getByRole("button", { name: "Start the crawl" }).click();
    await expect(input).toBeFocused();
    expect(new URL(page.url()).hash).toContain("#/new");
  });
}

test("a name that is taken is said", async ({ page }) => {
  const name = fresh("taken");
  made.push(name);
  await begin(name, { seeds: [MANUAL], maxLinks: 1 });
  await open(page, `#/new?ns=${NAMESPACE}`, "editor");
  await fill(page, { URL: MANUAL, Name: name });
  await page.getByRole("button", { name: "Start the crawl" }).click();
  await expect(page.getByText(/exists/).first()).toBeVisible();
  expect((await crawl(name))!.spec.maxLinks).toBe(1);
});

test("what the form shows as YAML is what kubectl takes", async ({ page }) => {
  await open(page, `#/new?ns=${NAMESPACE}`, "editor");
  await fill(page, { URL: `${MANUAL}?q="'#: - &`, maxLinks: "7", Name: "no", Exclude: "\\.pdf$\n: {}" });
  const yaml = await page.getByRole("region", { name: "YAML" }).innerText();
  const { writeFile } = await import("node:fs/promises");
  const file = test.info().outputPath("crawl.yaml");
  await writeFile(file, yaml);
  const taken = JSON.parse(await kubectl("apply", "--dry-run=server", "-o", "json", "-f", file));
  expect(taken.metadata).toMatchObject({ name: "no", namespace: NAMESPACE });
  expect(taken.spec).toMatchObject({ seeds: [`${MANUAL}?q="'#: - &`], maxLinks: 7, scope: { exclude: ["\\.pdf$", ": {}"] } });
});
