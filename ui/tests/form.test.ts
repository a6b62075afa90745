import assert from "node:assert/strict";
import { test } from "node:test";
import { cleanToken } from "../src/api/token";
import { readLimit } from "../src/components/crawl-dialogs";
import { EMPTY, fromSpec, placeErrors, toCrawl, type Form } from "../src/views/new/form";

const form = (change: Partial<Form>): Form => ({ ...EMPTY, namespace: "default", ...change });

test("what is left empty is left to the defaults", () => {
  assert.deepEqual(toCrawl(form({ url: " https://example.com/ " })), { crawl: { spec: { seeds: ["https://example.com/"], maxLinks: 1000 } }, errors: {} });
});

test("the whole form", () => {
  const spec = { seeds: ["https://a/", "https://b/"], maxLinks: 5, maxDepth: 0, scope: { type: "Prefix", include: ["x"], exclude: ["y", "z"], maxPagesPerHost: 9 }, sitemaps: "Include", politeness: { delay: "2s", perHostConcurrency: 3, robots: "Ignore" } };
  assert.deepEqual(toCrawl({ ...fromSpec(spec, "default"), name: "n" }), { crawl: { name: "n", spec }, errors: {} });
});

test("numbers are judged at once", () => {
  for (const bad of ["", "0", "-1", "1.5", "1e3", "ten", "99999999999999999999", "1000000001"]) assert.ok("message" in readLimit(bad), bad);
  assert.deepEqual(readLimit("10,000"), { value: 10_000 });
  assert.ok(toCrawl(form({ url: "x", maxDepth: "deep" })).errors.maxDepth);
  assert.ok(toCrawl(form({})).errors.url);
});

test("the words of the service stand at the fields", () => {
  const placed = placeErrors([
    { field: "spec.seeds", message: "a" },
    { field: "spec.seeds[1]", message: "b" },
    { field: "spec.scope.include[0]", message: "c" },
    { field: "spec.politeness.delay", message: "d" },
    { field: "spec.other", message: "e" },
    { field: "spec.seeds[0]", message: "f" },
  ]);
  assert.deepEqual(placed, { url: "a f", moreSeeds: "b", include: "c", delay: "d", form: "spec.other: e" });
});

test("tokens as they are pasted", () => {
  for (const pasted of ["abc.def", "Bearer abc.def", " bearer  abc.def\n", "Authorization: Bearer abc.def", '"abc.def"', "abc.\n  def"]) assert.equal(cleanToken(pasted), "abc.def");
});
