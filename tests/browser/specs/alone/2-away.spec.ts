// A part of the system goes away and comes back: the page says so, shows what it knows, and recovers by itself.

import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { begin, fresh, remove, site, until } from "../../support/crawls";
import { crawl, kubectl } from "../../support/kubectl";
import { token } from "../../support/people";
import { at, call } from "../../support/rest";
import { alert, expect, open, phase, rows, test, tile, viewOf } from "../../support/page";

const system = (...args: string[]) => kubectl("-n", "crawl-system", ...args);
const scale = (object: string, replicas: number) => system("scale", object, `--replicas=${replicas}`);
const BROKER = "statefulset/crawl-operator-rabbitmq";
const API = "deployment/crawl-operator-api";
const name = fresh("away");

/** Holds the API server's process, or lets it go on. */
const apiServer = (signal: "STOP" | "CONT") => promisify(execFile)("docker", ["exec", process.env.CRAWL_NODE!, "sh", "-c", `kill -${signal} $(pidof kube-apiserver)`]);

test.describe.configure({ mode: "serial", timeout: 300_000 });
test.afterAll(async () => {
  await scale(BROKER, 1);
  await scale(API, 1);
  await system("rollout", "status", BROKER, "--timeout", "3m");
  await system("rollout", "status", API, "--timeout", "2m");
  await remove(name);
});

test("the service itself is away: a banner, and all is well again without a reload", async ({ page }) => {
  await open(page, viewOf("manual", { tab: "pages" }), "viewer");
  await expect(rows(page)).toHaveCount(50);
  await scale(API, 0);
  await expect(page.getByRole("alert").filter({ hasText: "Connection lost." })).toBeVisible({ timeout: 60_000 });
  await expect(rows(page)).toHaveCount(50);
  await scale(API, 1);
  await expect(page.getByRole("alert").filter({ hasText: "Connection lost." })).toBeHidden({ timeout: 90_000 });
  await expect(page.getByRole("button", { name: /Updates: Live/ })).toBeVisible({ timeout: 30_000 });
});

test("the broker is away: what was read stays, with a banner; what was not is refused in words; both come back", async ({ page, context }) => {
  await begin(name, { seeds: [site("ui-away", "/tree/25/0")] });
  await until("Complete", name);
  await open(page, viewOf("manual", { tab: "pages" }), "viewer");
  await expect(rows(page)).toHaveCount(50);

  await scale(BROKER, 0);
  await system("wait", "--for=delete", "pod/crawl-operator-rabbitmq-0", "--timeout", "2m");
  await expect(page.locator(".banner")).toBeVisible({ timeout: 60_000 });
  await expect(rows(page)).toHaveCount(50);
  await expect.poll(async () => (await call(at("manual", "/pages?limit=1"), { as: "viewer" })).json.results?.state, { timeout: 60_000 }).toBe("stale");
  const unread = await call(at(name, "/pages"), { as: "viewer" });
  expect([unread.status, unread.headers["content-type"]]).toEqual([503, "application/problem+json"]);
  expect(Number(unread.headers["retry-after"])).toBeGreaterThan(0);

  const other = await context.newPage();
  await open(other, viewOf(name, { tab: "pages" }), "viewer");
  await expect(other.getByRole("alert").filter({ hasText: "Not available now" })).toBeVisible({ timeout: 30_000 });
  // What Kubernetes knows is there all the same.
  await expect(phase(other)).toHaveText("Complete");

  await scale(BROKER, 1);
  await system("rollout", "status", BROKER, "--timeout", "3m");
  await expect(rows(other)).toHaveCount(25, { timeout: 90_000 });
  await expect(page.locator(".banner")).toBeHidden({ timeout: 90_000 });
});

test("a crawl whose log vanished says that its results are gone", async ({ page }) => {
  const uid = await kubectl("-n", "browser", "get", "crawl", name, "-o", "jsonpath={.metadata.uid}");
  await scale("deployment/crawl-operator", 0);
  try {
    await system("wait", "--for=delete", "pod", "-l", "app.kubernetes.io/component=operator", "--timeout", "2m");
    const streams = (await system("exec", "crawl-operator-rabbitmq-0", "--", "rabbitmqctl", "-q", "list_queues", "-p", "crawl", "name")).split("\n");
    const log = streams.find((stream) => stream.includes(uid));
    expect(log, streams.join(" ")).toBeDefined();
    await system("exec", "crawl-operator-rabbitmq-0", "--", "rabbitmqctl", "-q", "delete_queue", "-p", "crawl", log!);
    await open(page, viewOf(name), "viewer");
    await expect(page.locator(".banner").filter({ hasText: /gone|lost|no longer/ }).first()).toBeVisible({ timeout: 60_000 });
    await expect.poll(() => tile(page, "Fetched")).toBe(25);
    expect((await call(at(name, "/pages"), { as: "viewer" })).status).toBeLessThan(500);
  } finally {
    await scale("deployment/crawl-operator", 1);
    await system("rollout", "status", "deployment/crawl-operator", "--timeout", "2m");
  }
  expect(await crawl(name)).toBeDefined();
});

test("the API server is away: who was known still sees, others are told to wait, and both go on", async ({ page, context }) => {
  await open(page, viewOf("manual", { tab: "pages" }), "viewer");
  await expect(rows(page)).toHaveCount(50);
  // Nobody gives out tokens while it is away.
  await token("editor");
  const late = await kubectl("-n", "browser", "create", "token", "viewer");
  const other = await context.newPage();
  await other.addInitScript((value) => sessionStorage.setItem("token", value), late);
  try {
    await apiServer("STOP");
    const unknown = call(at("manual"), { token: late });
    const refused = await call(at("manual"), { method: "PATCH", as: "editor", body: { maxLinks: 5000 } });
    expect([refused.status, refused.headers["content-type"]]).toEqual([503, "application/problem+json"]);
    expect((await unknown).status).toBe(503);
    expect((await call(at("manual", "/pages?limit=1"), { as: "viewer" })).status).toBe(200);
    await other.goto(`/${viewOf("manual")}`);
    await expect(alert(other).first()).toBeVisible({ timeout: 60_000 });
    await expect(rows(page)).toHaveCount(50);
  } finally {
    await apiServer("CONT");
  }
  await expect(phase(other)).toHaveText("Complete", { timeout: 120_000 });
  await expect(alert(other).first()).toBeHidden({ timeout: 60_000 });
  await expect(rows(page)).toHaveCount(50);
  // Others of these tests rely on it.
  await system("rollout", "status", "deployment/crawl-operator", "--timeout", "3m");
});
