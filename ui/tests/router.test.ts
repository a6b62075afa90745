import assert from "node:assert/strict";
import { test } from "node:test";
import { crawlHref, href, listHref, parseRoute } from "../src/router";
import { formatTrail, parseTrail } from "../src/views/pages/trail";
import { isFiltered, nextOrder, rowsOf, toQuery } from "../src/views/pages/filters";

test("every view has an address", () => {
  assert.deepEqual(parseRoute(""), { view: "list", params: {} });
  assert.deepEqual(parseRoute("#/?phase=Running&q=a%26b"), { view: "list", params: { phase: "Running", q: "a&b" } });
  assert.deepEqual(parseRoute("#/new"), { view: "new", params: {} });
  assert.deepEqual(parseRoute("#/ns/team-a/docs?tab=pages"), { view: "crawl", namespace: "team-a", name: "docs", params: { tab: "pages" } });
  assert.equal(parseRoute("#/what/ever").view, "unknown");
  assert.equal(parseRoute("#/ns/%E0%A4%A/x").view, "crawl");
});

test("addresses come back as they were written", () => {
  const page = "https://example.com/ä?a=1&b=#x/../%";
  const route = parseRoute(crawlHref("a/b", "..", { page, tab: "pages", empty: "", none: undefined }));
  assert.deepEqual(route, { view: "crawl", namespace: "a/b", name: "..", params: { page, tab: "pages" } });
  assert.equal(listHref(), "#/");
  assert.equal(href(["new"], { n: 0 }), "#/new?n=0");
});

test("the way back is kept in the address", () => {
  const trail = [{ from: 50, cursor: "a.b~c" }, { from: 100, cursor: "é&=%" }];
  assert.deepEqual(parseTrail(formatTrail(trail)), trail);
  assert.deepEqual(parseTrail(undefined), []);
  assert.deepEqual(parseTrail("nonsense~-1.x~5."), []);
  const long = Array.from({ length: 40 }, (_, n) => ({ from: n, cursor: `c${n}` }));
  assert.deepEqual(parseTrail(formatTrail(long)), long.slice(-20));
});

test("filters and order", () => {
  assert.deepEqual(toQuery({ q: "x", sort: "links", order: "desc", tab: "pages" }), { q: "x", state: undefined, status: undefined, host: undefined, reason: undefined, class: undefined, depth: undefined, sort: "links", order: "desc" });
  assert.equal(toQuery({ sort: "nonsense" }).sort, undefined);
  assert.equal(rowsOf({ limit: "100" }), 100);
  assert.equal(rowsOf({ limit: "100000" }), 50);
  assert.deepEqual(nextOrder({}, "links"), { sort: "links", order: "desc" });
  assert.deepEqual(nextOrder({ sort: "links", order: "desc" }, "links"), { sort: "links", order: "asc" });
  assert.deepEqual(nextOrder({ sort: "links", order: "asc" }, "links"), { sort: undefined, order: undefined });
  assert.ok(isFiltered({ host: "x" }) && !isFiltered({ tab: "pages" }));
});
