// Without a token, what the chart's api.anonymous says: first view, then edit, then none again.

import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { fresh, MANUAL, remove } from "../../support/crawls";
import { crawl, kubectl, NAMESPACE } from "../../support/kubectl";
import { at, call } from "../../support/rest";
import { expect, open, rows, test, viewOf } from "../../support/page";

const run = promisify(execFile);
const COLLECTION = `/api/v1/namespaces/${NAMESPACE}/crawls`;
const body = { spec: { seeds: [MANUAL], suspend: true } };
const name = fresh("unnamed");

async function allow(level: "none" | "view" | "edit"): Promise<void> {
  const chart = new URL("../../../../charts/crawl-operator", import.meta.url).pathname;
  await run("helm", ["upgrade", "crawl-operator", chart, "--namespace", "crawl-system", "--reuse-values", "--set", `api.anonymous=${level}`, "--wait", "--timeout", "3m"]);
  await kubectl("-n", "crawl-system", "rollout", "status", "deployment/crawl-operator-api", "--timeout", "2m");
  // The old Pod may still be the one that the port leads to.
  await expect.poll(async () => (await call("/api/v1/session", { patience: 3000 }).catch(() => undefined))?.json?.anonymous, { timeout: 60_000 }).toBe(level);
}

test.describe.configure({ mode: "serial", timeout: 240_000 });
test.afterAll(async () => {
  await remove(name);
  await allow("none");
});

test("view: everybody may look, nobody may change", async ({ page }) => {
  await allow("view");
  await open(page, `#/?ns=${NAMESPACE}`);
  await expect(rows(page).filter({ hasText: "manual" }).first()).toBeVisible();
  await page.goto(`/${viewOf("broken", { tab: "broken" })}`);
  await expect(rows(page)).toHaveCount(3);
  await expect(page.locator(".actions").getByRole("button", { name: "Delete…" })).toBeDisabled();
  for (const [method, path, sent] of [["POST", COLLECTION, body], ["PATCH", at("broken"), { suspend: true }], ["DELETE", at("broken"), undefined], ["POST", "/crawls", { url: MANUAL, maxLinks: 1 }]] as const) {
    expect([401, 403], `${method} ${path}`).toContain((await call(path, { method, body: sent })).status);
  }
  // A token that is no good is not taken for none.
  expect((await call(at("broken"), { token: "not.a.token" })).status).toBe(401);
});

test("view: names that another site could have are refused", async () => {
  for (const host of ["evil.example", "evil.example:80", "localhost.evil.example", "127.0.0.1.evil.example", "svc.cluster.local.evil.example"]) {
    const answer = await call("/api/v1/crawls", { headers: { Host: host } });
    expect([403, 421], host).toContain(answer.status);
  }
  for (const host of ["localhost:8000", "127.0.0.1", "[::1]:80", "crawl-operator-api", "crawl-operator-api.crawl-system.svc", "crawl-operator-api.crawl-system.svc.cluster.local:80"]) {
    expect((await call("/api/v1/crawls", { headers: { Host: host } })).status, host).toBe(200);
  }
});

test("edit: everybody may make and delete crawls, and other sites still may not", async ({ page }) => {
  await allow("edit");
  await open(page, `#/new?ns=${NAMESPACE}`);
  await page.getByText("More: scope, politeness, name").click();
  await page.getByLabel("URL", { exact: true }).fill(MANUAL);
  await page.getByLabel("maxLinks", { exact: true }).fill("1");
  await page.getByLabel("Name", { exact: true }).fill(name);
  await page.getByRole("button", { name: "Start the crawl" }).click();
  await expect(page.getByRole("heading", { level: 1, name })).toBeVisible();
  await expect.poll(async () => Boolean(await crawl(name))).toBe(true);
  expect((await call(at(name), { method: "DELETE", headers: { Origin: "https://evil.example" } })).status).toBe(403);
  expect((await call(at(name), { method: "DELETE", headers: { "Sec-Fetch-Site": "cross-site" } })).status).toBe(403);
  expect((await call(COLLECTION, { method: "POST", body, headers: { "Content-Type": "text/plain" } })).status).toBe(415);
  expect((await call(at(name), { method: "DELETE" })).status).toBe(202);
  await expect.poll(async () => Boolean(await crawl(name))).toBe(false);
});
