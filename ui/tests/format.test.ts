import assert from "node:assert/strict";
import { test } from "node:test";
import { bytes, count, percent, plural, rate } from "../src/format/numbers";
import { age, milliseconds, span } from "../src/format/times";
import { safeHref, shorten } from "../src/format/urls";

test("numbers", () => {
  assert.equal(count(1234567), "1,234,567");
  assert.equal(plural(1, "page"), "1 page");
  assert.equal(plural(2000, "page"), "2,000 pages");
  assert.equal(bytes(0), "0 B");
  assert.equal(bytes(1536), "1.5 KiB");
  assert.equal(bytes(250 * 1024 * 1024), "250 MiB");
  assert.equal(rate(12.4), "12 pages/s");
  assert.equal(rate(0.95), "0.9 pages/s".replace("0.9", (0.95).toFixed(1)));
  assert.equal(rate(0.05), "3.0 pages/min");
});

test("a share is never rounded to nothing or to all", () => {
  assert.equal(percent(0), "0%");
  assert.equal(percent(0.0001), "<1%");
  assert.equal(percent(0.9999), ">99%");
  assert.equal(percent(1), "100%");
  assert.equal(percent(NaN), "0%");
});

test("spans of time", () => {
  assert.equal(span(42), "42 s");
  assert.equal(span(200), "3 min 20 s");
  assert.equal(span(3600), "1 h");
  assert.equal(span(7500), "2 h 5 min");
  assert.equal(span(90_000), "1 d 1 h");
  assert.equal(span(-3), "0 s");
  assert.equal(age("2026-01-01T00:00:00Z", Date.parse("2026-01-01T00:03:10Z")), "3 min");
  assert.equal(milliseconds(1240), "1.2 s");
});

test("URLs are shortened at 75 characters, by whole ones", () => {
  const exact = "https://example.com/".padEnd(75, "x");
  assert.equal(shorten(exact), exact);
  assert.equal(shorten(`${exact}y`), `${exact}...`);
  const faces = "😀".repeat(80);
  assert.equal(shorten(faces), `${"😀".repeat(75)}...`);
  assert.equal(shorten("😀".repeat(75)), "😀".repeat(75));
  assert.equal(shorten("x".repeat(10_000)).length, 78);
});

test("only what is of the web is linked", () => {
  assert.equal(safeHref("https://example.com/a b"), "https://example.com/a%20b");
  assert.equal(safeHref("HTTP://example.com"), "http://example.com/");
  for (const bad of ["javascript:alert(1)", " javascript:alert(1)", "java\nscript:alert(1)", "data:text/html,x", "vbscript:x", "//example.com", "/etc", "", "http://", "\thttps://example.com"]) {
    assert.equal(safeHref(bad), undefined, bad);
  }
});
