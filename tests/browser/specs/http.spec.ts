// What the service says and refuses before anybody's rights are asked for: headers, hosts, origins, types and sizes.

import { Agent } from "node:http";
import { fresh, MANUAL, remove } from "../support/crawls";
import { NAMESPACE } from "../support/kubectl";
import { at, call } from "../support/rest";
import { expect, test } from "@playwright/test";

const COLLECTION = `/api/v1/namespaces/${NAMESPACE}/crawls`;
const made: string[] = [];
test.afterAll(async () => {
  for (const name of made) await remove(name);
});

test("every answer has the headers that keep browsers safe", async () => {
  for (const path of ["/", "/crawls", "/api/v1/session", "/api/v1/openapi.json", at("broken"), "/nothing", "/api/v1/nothing", at("broken", "/export?format=csv")]) {
    const { headers } = await call(path, { as: "viewer" });
    const policy = String(headers["content-security-policy"]);
    for (const part of ["default-src 'none'", "script-src 'self'", "style-src 'self'", "connect-src 'self'", "base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'"]) expect(policy, path).toContain(part);
    expect(policy).not.toContain("unsafe");
    expect(headers, path).toMatchObject({ "x-content-type-options": "nosniff", "referrer-policy": "no-referrer", "cross-origin-opener-policy": "same-origin", "cross-origin-resource-policy": "same-origin" });
    for (const header of Object.keys(headers)) expect(header).not.toMatch(/^access-control-|^server$|^x-powered-by$|^set-cookie$/);
  }
});

test("the page has no inline script and nothing from elsewhere", async () => {
  const { text, headers } = await call("/");
  expect(headers["content-type"]).toContain("text/html");
  expect(text).not.toMatch(/<script(?![^>]*\bsrc=)|\son\w+=|javascript:|style=/i);
  for (const [, address] of text.matchAll(/(?:src|href)="([^"]+)"/g)) expect(address).not.toMatch(/^(https?:)?\/\//);
});

test("results are not kept by caches", async () => {
  for (const path of ["/crawls", at("broken"), at("broken", "/pages")]) expect((await call(path, { as: "viewer" })).headers["cache-control"] ?? "", path).toMatch(/no-store|no-cache|private/);
});

test("other origins are refused", async () => {
  const body = { spec: { seeds: [MANUAL] } };
  for (const headers of [{ Origin: "https://evil.example" }, { Origin: "null" }, { "Sec-Fetch-Site": "cross-site" }, { Origin: "http://127.0.0.1:1" }] as Record<string, string>[]) {
    const posted = await call(`${COLLECTION}?dryRun=true`, { method: "POST", as: "editor", headers, body });
    expect(posted.status, JSON.stringify(headers)).toBe(403);
    expect((await call(at("broken"), { as: "viewer", headers })).status, JSON.stringify(headers)).toBe(403);
    expect((await call("/crawls", { method: "POST", as: "editor", headers, body: { url: MANUAL, maxLinks: 1 } })).status).toBe(403);
  }
  const own = await call(`${COLLECTION}?dryRun=true`, { method: "POST", as: "editor", headers: { Origin: new URL(process.env.CRAWL_URL!).origin, "Sec-Fetch-Site": "same-origin" }, body });
  expect(own.status).toBe(200);
  const preflight = await call(COLLECTION, { method: "OPTIONS", headers: { Origin: "https://evil.example", "Access-Control-Request-Method": "POST" } });
  expect(preflight.status).toBeGreaterThanOrEqual(400);
  expect((await call("/", { headers: { "Sec-Fetch-Site": "cross-site" } })).status, "a link from elsewhere opens the page").toBe(200);
});

test("only JSON is read, and not too much of it", async () => {
  const body = JSON.stringify({ spec: { seeds: [MANUAL] } });
  for (const type of ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""]) {
    expect((await call(COLLECTION, { method: "POST", as: "editor", headers: { "Content-Type": type }, body })).status, type).toBe(415);
    expect((await call("/crawls", { method: "POST", as: "editor", headers: { "Content-Type": type }, body: { url: MANUAL, maxLinks: 1 } })).status, type).toBe(415);
  }
  const large = { spec: { seeds: [MANUAL], scope: { include: ["x".repeat(300_000)] } } };
  expect((await call(COLLECTION, { method: "POST", as: "editor", body: large })).status).toBe(413);
  expect((await call("/crawls", { method: "POST", as: "editor", body: { url: `http://x/${"x".repeat(300_000)}`, maxLinks: 1 } })).status).toBe(413);
  expect([400, 404, 414, 431]).toContain((await call(`/crawls?q=${"x".repeat(20_000)}`, { as: "editor" })).status);
});

test("methods that a path does not know are refused, with those that it knows", async () => {
  const answer = await call("/crawls", { method: "DELETE", as: "editor" });
  expect(answer.status).toBe(405);
  expect(String(answer.headers.allow)).toMatch(/GET/);
  expect((await call(at("broken"), { method: "PUT", as: "editor", body: {} })).status).toBe(405);
});

test("problems have their type, title, status and the field's name", async () => {
  const missing = await call(at("not-there"), { as: "viewer" });
  expect(missing.headers["content-type"]).toBe("application/problem+json");
  expect(missing.json).toMatchObject({ status: 404, title: expect.any(String), detail: expect.stringContaining("not-there") });
  const refused = await call(COLLECTION, { method: "POST", as: "editor", body: { spec: { seeds: ["ftp://x/"], maxLinks: 0 } } });
  expect(refused.status).toBe(422);
  expect(refused.json.errors.map((each: { field: string }) => each.field).join(" ")).toMatch(/spec\.(seeds|maxLinks)/);
  expect((await call(COLLECTION, { method: "POST", as: "editor", body: "{" })).status).toBe(400);
});

test("a crawl is made, read as YAML, changed and deleted by REST alone", async () => {
  const name = fresh("by-rest");
  made.push(name);
  const dry = await call(`${COLLECTION}?dryRun=true`, { method: "POST", as: "editor", body: { name, spec: { seeds: [MANUAL], suspend: true } } });
  expect(dry.status).toBe(200);
  expect((await call(at(name), { as: "editor" })).status).toBe(404);
  const posted = await call(COLLECTION, { method: "POST", as: "editor", body: { name, spec: { seeds: [MANUAL], suspend: true } } });
  expect([posted.status, posted.headers.location, posted.headers["retry-after"]]).toEqual([202, at(name), "1"]);
  expect((await call(COLLECTION, { method: "POST", as: "editor", body: { name, spec: { seeds: [MANUAL] } } })).status).toBe(409);
  const unnamed = await call(COLLECTION, { method: "POST", as: "editor", body: { spec: { seeds: [MANUAL], suspend: true } } });
  expect(unnamed.json.name).toMatch(/^manual.*-[a-z0-9]{5}$/);
  made.push(unnamed.json.name);

  await expect.poll(async () => (await call(at(name), { as: "viewer" })).json.phase).toBe("Suspended");
  const yaml = await call(at(name), { as: "viewer", headers: { Accept: "application/yaml" } });
  expect(yaml.headers["content-type"]).toContain("application/yaml");
  expect(yaml.text).toMatch(/^kind: Crawl$/m);
  expect(yaml.text).not.toMatch(/managedFields|^status:|resourceVersion/m);

  expect((await call(at(name), { method: "PATCH", as: "editor", body: { maxLinks: 7 } })).json.maxLinks).toBe(7);
  expect((await call(at(name), { method: "PATCH", as: "editor", body: { seeds: ["http://x/"] } })).status).toBe(400);
  expect((await call(at(name), { method: "PATCH", as: "editor", body: { maxLinks: 0 } })).status).toBe(422);
  const deleted = await call(at(name), { method: "DELETE", as: "editor" });
  expect([deleted.status, typeof deleted.json.message]).toEqual([202, "string"]);
  await expect.poll(async () => (await call(at(name), { as: "viewer" })).status).toBe(404);
});

test("who asks too often is told to wait, and others are not", async () => {
  const agent = new Agent({ keepAlive: true, maxSockets: 50 });
  const answers: { status: number; headers: Record<string, unknown> }[] = [];
  for (let burst = 0; burst < 40 && !answers.some((each) => each.status === 429); burst += 1) {
    answers.push(...(await Promise.all(Array.from({ length: 100 }, () => call("/api/v1/session", { as: "hasty", agent })))));
  }
  agent.destroy();
  const refused = answers.find((each) => each.status === 429);
  expect(refused, "no answer of thousands was 429").toBeDefined();
  expect(Number(refused!.headers["retry-after"])).toBeGreaterThan(0);
  expect(answers.every((each) => each.status === 200 || each.status === 429)).toBe(true);
  expect((await call("/api/v1/session", { as: "viewer" })).status).toBe(200);
});
