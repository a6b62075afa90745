// What is exported is all that the filters let through, and harmless in a spreadsheet.

import { readFile } from "node:fs/promises";
import { crawl } from "../support/kubectl";
import { at, call } from "../support/rest";
import { expect, open, test, viewOf, type Page } from "../support/page";

async function exported(page: Page, kind: string): Promise<string> {
  await page.getByRole("button", { name: "Export" }).click();
  const download = page.waitForEvent("download");
  await page.getByRole("button", { name: kind }).click();
  return readFile(await (await download).path(), "utf8");
}

/** The rows of a CSV text, by RFC 4180. */
function cells(text: string): string[][] {
  const all: string[][] = [[]];
  let cell = "";
  let quoted = false;
  for (let n = 0; n < text.length; n += 1) {
    const c = text[n]!;
    if (quoted) {
      if (c !== '"') cell += c;
      else if (text[n + 1] === '"') (cell += c), (n += 1);
      else quoted = false;
    } else if (c === '"') quoted = true;
    else if (c === "," || c === "\n") {
      all.at(-1)!.push(cell.replace(/\r$/, ""));
      cell = "";
      if (c === "\n") all.push([]);
    } else cell += c;
  }
  if (cell || all.at(-1)!.length) all.at(-1)!.push(cell);
  return all.filter((row) => row.length > 0);
}

test("JSON Lines and CSV have a line for every page", async ({ page }) => {
  const { pages } = (await crawl("manual"))!.status!;
  await open(page, viewOf("manual", { tab: "pages" }), "viewer");
  const lines = (await exported(page, "JSON Lines of this filter")).trimEnd().split("\n").map((line) => JSON.parse(line));
  expect(lines).toHaveLength(pages!.discovered);
  const states = (state: string) => lines.filter((line) => line.state === state).length;
  for (const state of ["fetched", "failed", "skipped", "redirected"] as const) expect(states(state), state).toBe(pages![state]);
  expect(new Set(lines.map((line) => line.url)).size).toBe(lines.length);

  const csv = cells(await exported(page, "CSV of this filter"));
  expect(csv).toHaveLength(pages!.discovered + 1);
  expect(csv[0]).toContain("url");
  for (const row of csv) expect(row).toHaveLength(csv[0]!.length);
});

test("an export has only what the filters let through", async ({ page }) => {
  const { pages } = (await crawl("manual"))!.status!;
  await open(page, viewOf("manual", { tab: "pages", state: "fetched" }), "viewer");
  expect((await exported(page, "JSON Lines of this filter")).trimEnd().split("\n")).toHaveLength(pages!.fetched);
  await open(page, viewOf("broken", { tab: "broken" }));
  const broken = (await exported(page, "JSON Lines of this filter")).trimEnd().split("\n").map((line) => JSON.parse(line));
  expect(broken.map((line) => line.state)).toEqual(["failed", "failed", "failed"]);
});

test("an export is an attachment, streams, and neutralises formulas", async () => {
  const csv = await call(at("hostile", "/export?format=csv"), { as: "viewer" });
  expect([csv.status, csv.headers["content-disposition"]]).toEqual([200, expect.stringMatching(/^attachment/)]);
  expect(csv.headers["content-type"]).toContain("text/csv");
  expect(csv.headers["content-length"]).toBeUndefined();
  for (const row of cells(csv.text)) for (const cell of row) expect(cell).not.toMatch(/^[=+@\t\r]|^-(?!\d)/);
  const jsonl = await call(at("hostile", "/export?format=jsonl"), { as: "viewer" });
  expect([jsonl.status, jsonl.headers["content-disposition"]]).toEqual([200, expect.stringMatching(/^attachment/)]);
  expect((await call(at("hostile", "/export?format=exe"), { as: "viewer" })).status).toBe(400);
});
