// The four calls that the REST service has in common with the one it replaces, in their exact shapes. They are about the
// namespace that the chart names: default.

import { expect, test } from "@playwright/test";
import { createHash } from "node:crypto";
import { fresh, remove, site, until } from "../support/crawls";
import { crawl } from "../support/kubectl";
import { call } from "../support/rest";

const md5 = (text: string) => createHash("md5").update(text).digest("hex");
const made: string[] = [];

test.afterAll(async () => {
  for (const id of made) await remove(id, "default");
});

async function post(body: unknown, headers: Record<string, string> = {}) {
  const answer = await call("/crawls", { method: "POST", as: "editor", body, headers });
  if (answer.json?.id) made.push(answer.json.id);
  return answer;
}

test("a crawl is posted, listed and read", async () => {
  test.setTimeout(120_000);
  const url = site("ui-rest", `/tree/4/0?${fresh("posted")}`);
  const posted = await post({ url, maxLinks: 3 });
  const id = md5(`${url}3`);
  expect(posted.status).toBe(202);
  expect(posted.json).toEqual({ id, message: expect.any(String) });
  expect((await crawl(id, "default"))!.spec).toMatchObject({ seeds: [url], maxLinks: 3 });

  const again = await post({ url, maxLinks: 3 });
  expect([again.status, again.json.id]).toEqual([202, id]);

  const done = await until("Complete", id, "default");
  // Later, and times of creation are whole seconds.
  const other = await post({ url, maxLinks: 4 });
  expect([other.status, other.json.id]).toEqual([202, md5(`${url}4`)]);
  const list = await call("/crawls", { as: "editor" });
  expect(list.status).toBe(200);
  const ids: string[] = list.json.map((each: { id: string }) => each.id);
  expect(ids.indexOf(md5(`${url}4`)), "the newest stands first").toBeLessThan(ids.indexOf(id));
  const { fetched, failed } = done.status!.pages!;
  await expect
    .poll(async () => (await call("/crawls", { as: "editor" })).json.find((each: { id: string }) => each.id === id))
    .toEqual({ id, url, maxLinks: 3, phase: "Complete", fetched, failed, links: done.status!.links });

  const one = await call(`/crawls/${id}`, { as: "editor" });
  expect(one.status).toBe(200);
  expect(Object.keys(one.json)).toEqual(["id", "crawls"]);
  expect(one.json.id).toBe(id);
  expect(one.json.crawls).toHaveLength(fetched + failed);
  for (const page of one.json.crawls) expect(Object.keys(page)).toEqual(["url", "links"]);
  const shown = (text: string) => (text.length > 75 ? `${text.slice(0, 75)}...` : text);
  expect(one.json.crawls[0]).toEqual({ url: shown(url), links: 3 });
});

test("a page that failed has -1 links, and a long URL is cut", async () => {
  test.setTimeout(120_000);
  const seed = site("ui-rest", `/broken/?${fresh("x")}`);
  const { json } = await post({ url: seed, maxLinks: 50 });
  await until("Complete", json.id, "default");
  const { crawls } = (await call(`/crawls/${json.id}`, { as: "editor" })).json as { crawls: { url: string; links: number }[] };
  const links = Object.fromEntries(crawls.map((page) => [page.url, page.links]));
  expect(links[site("ui-rest", "/broken/gone")]).toBe(-1);
  expect(links[site("ui-rest", "/broken/error")]).toBe(-1);
  expect(links[site("ui-rest", "/broken/b")]).toBe(3);
  expect(crawls.map((page) => page.url)).not.toContain(site("ui-rest", "/broken/moved"));

  const long = site("ui-rest", `/only/${"x".repeat(100)}`);
  const second = await post({ url: long, maxLinks: 1 });
  await until("Complete", second.json.id, "default");
  const answer = await call(`/crawls/${second.json.id}`, { as: "editor" });
  expect(answer.json.crawls).toEqual([{ url: `${long.slice(0, 75)}...`, links: 0 }]);
});

const url = "http://example.com/";
const REFUSED: [what: string, body: unknown, field: "url" | "maxLinks" | "body"][] = [
  ["nothing", "", "body"],
  ["no JSON", "{", "body"],
  ["not UTF-8", Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x7d]), "body"],
  ["a list", [], "body"],
  ["null", "null", "body"],
  ["no url", { maxLinks: 3 }, "url"],
  ["an empty url", { url: "", maxLinks: 3 }, "url"],
  ["a url that is a number", { url: 7, maxLinks: 3 }, "url"],
  ["a url that is null", { url: null, maxLinks: 3 }, "url"],
  ["a url without a scheme", { url: "example.com", maxLinks: 3 }, "url"],
  ["a script", { url: "javascript:alert(1)", maxLinks: 3 }, "url"],
  ["a file", { url: "file:///etc/passwd", maxLinks: 3 }, "url"],
  ["data", { url: "data:text/html,<script>alert(1)</script>", maxLinks: 3 }, "url"],
  ["a url with a password", { url: "http://me:secret@example.com/", maxLinks: 3 }, "url"],
  ["a url of 10,000 characters", { url: `http://example.com/${"x".repeat(10_000)}`, maxLinks: 3 }, "url"],
  ["no maxLinks", { url }, "maxLinks"],
  ["maxLinks of 0", { url, maxLinks: 0 }, "maxLinks"],
  ["negative maxLinks", { url, maxLinks: -1 }, "maxLinks"],
  ["half a link", { url, maxLinks: 1.5 }, "maxLinks"],
  ["maxLinks that is text", { url, maxLinks: "3" }, "maxLinks"],
  ["maxLinks that is null", { url, maxLinks: null }, "maxLinks"],
  ["maxLinks that is true", { url, maxLinks: true }, "maxLinks"],
  ["maxLinks beyond 64 bits", '{"url":"http://example.com/","maxLinks":99999999999999999999999}', "maxLinks"],
  ["maxLinks beyond what a Crawl takes", { url, maxLinks: 9_000_000_000_000_000 }, "maxLinks"],
  ["a field that nobody knows", { url, maxLinks: 3, depth: 1 }, "body"],
];

for (const [what, body, field] of REFUSED) {
  test(`a body with ${what} is refused, and the field named`, async () => {
    const answer = await post(body);
    expect(answer.text, what).toContain("error");
    expect({ status: answer.status, ...answer.json }).toEqual({ status: 400, error: expect.any(String), field });
    expect(answer.json.error.length).toBeGreaterThan(10);
  });
}

const ODD = [
  "none", "a.b", "a..b", "..", ".", "%2e%2e", "%2E%2E%2F%2E%2E", "a%2Fb", "a/b", "../../secrets", "%00", "%ff%fe", "%", "%zz", "A", "-", "a_b",
  "x".repeat(300), "crawl%20with%20spaces", "%3Cscript%3Ealert(1)%3C%2Fscript%3E", "d41d8cd98f00b204e9800998ecf8427e", "*", "a;b", "a%3Fwatch=true", "%E2%80%AE",
];

for (const id of ODD) {
  test(`the id ${id.slice(0, 40)} is invalid`, async () => {
    const answer = await call(`/crawls/${id}`, { as: "editor" });
    expect([answer.status, answer.json]).toEqual([404, { error: "id is invalid" }]);
  });
}
