import assert from "node:assert/strict";
import { test } from "node:test";
import { EventParser } from "../src/api/event-parser";
import { gather, type Part } from "../src/views/pages/gather";
import { prefixParts } from "../src/views/map/prefix";
import { squarify } from "../src/views/map/squarify";

const stream = ": hello\n\nevent: crawl\ndata: {\"a\":1}\n\nevent: crawl\r\ndata: one\r\ndata:two\r\n\r\ndata: plain\n\nevent: gone\ndata: {}\n\n";
const wanted = [
  { event: "crawl", data: '{"a":1}' },
  { event: "crawl", data: "one\ntwo" },
  { event: "message", data: "plain" },
  { event: "gone", data: "{}" },
];

test("events come whole, in whatever pieces the text comes", () => {
  for (let size = 1; size <= stream.length; size += 1) {
    const parser = new EventParser();
    const events = [];
    for (let at = 0; at < stream.length; at += size) events.push(...parser.feed(stream.slice(at, at + size)));
    assert.deepEqual(events, wanted, `pieces of ${size}`);
  }
});

test("a short search goes on until the page is full", async () => {
  const answers: Part<number>[] = [{ items: [], next: "a", scanned: 10 }, { items: [1, 2], next: "b", scanned: 10 }, { items: [3], next: "c", scanned: 10 }];
  const asked: unknown[] = [];
  const rows = await gather<number, Part<number>>(async (cursor, limit) => (asked.push([cursor, limit]), answers[asked.length - 1]!), undefined, 3);
  assert.deepEqual(asked, [[undefined, 3], ["a", 3], ["b", 1]]);
  assert.deepEqual([rows.items, rows.next, rows.scanned, rows.short], [[1, 2, 3], "c", 30, false]);
});

test("the end of a table has no next", async () => {
  const rows = await gather<number, Part<number>>(async () => ({ items: [1] }), undefined, 50);
  assert.ok(!("next" in rows) && !rows.short);
});

test("areas are true to the sizes and fill the whole", () => {
  const sizes = [600, 300, 60, 30, 9, 1];
  const boxes = squarify(sizes, { x: 0, y: 0, width: 100, height: 50 });
  boxes.forEach((box, n) => {
    assert.ok(Math.abs(box.width * box.height - sizes[n]! * 5) < 1e-6);
    assert.ok(box.x >= -1e-9 && box.y >= -1e-9 && box.x + box.width <= 100 + 1e-6 && box.y + box.height <= 50 + 1e-6);
  });
  assert.deepEqual(squarify([], { x: 0, y: 0, width: 1, height: 1 }), []);
  assert.equal(squarify([1, 2], { x: 0, y: 0, width: 0, height: 5 })[0]!.width, 0);
});

test("the way to a prefix", () => {
  assert.deepEqual(prefixParts(""), []);
  assert.deepEqual(prefixParts("http://h:8080"), [{ name: "h:8080", prefix: "http://h:8080" }]);
  assert.deepEqual(prefixParts("https://h/a/b/").map((part) => part.prefix), ["https://h", "https://h/a/", "https://h/a/b/"]);
});
