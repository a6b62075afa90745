// Who may do what is Kubernetes' to say; the page and the service pass it on.

import { begin, fresh, MANUAL, remove, site, until } from "../support/crawls";
import { crawl, kubectl, NAMESPACE } from "../support/kubectl";
import { token } from "../support/people";
import { at, call } from "../support/rest";
import { alert, expect, open, phase, rows, test, viewOf } from "../support/page";

const made: string[] = [];
test.afterAll(async () => {
  for (const name of made) await remove(name);
  await remove("closed", "browser-closed");
});

test("without a token one is asked for, a wrong one is refused, a right one opens what was asked for", async ({ page }) => {
  await open(page, viewOf("broken"));
  await expect(page.getByRole("heading", { name: "Sign in" })).toBeVisible();
  await page.getByLabel("Token").fill("not.a.token");
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page.getByRole("alert").filter({ hasText: "The token was refused." })).toBeVisible();

  await page.getByLabel("Token").fill(`Bearer ${await token("viewer")}`);
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "broken" })).toBeVisible();
  await expect(page.getByRole("button", { name: "Account" })).toContainText("viewer");

  await page.getByRole("button", { name: "Account" }).click();
  await page.getByRole("button", { name: "Sign out" }).click();
  await expect(page.getByRole("heading", { name: "Sign in" })).toBeVisible();
  expect(await page.evaluate(() => JSON.stringify([sessionStorage, localStorage]))).not.toContain("eyJ");
  expect(page.url()).not.toContain("eyJ");
});

test("a token that is no longer good is said while the page is open", async ({ page }) => {
  const name = fresh("leaver");
  await kubectl("-n", NAMESPACE, "create", "serviceaccount", name);
  await kubectl("-n", NAMESPACE, "create", "rolebinding", name, "--clusterrole=view", `--serviceaccount=${NAMESPACE}:${name}`);
  const gone = await kubectl("-n", NAMESPACE, "create", "token", name);
  await page.addInitScript((value) => sessionStorage.setItem("token", value), gone);
  await open(page, "#/?ns=browser");
  await expect(rows(page).first()).toBeVisible();
  await kubectl("-n", NAMESPACE, "delete", "rolebinding,serviceaccount", name);
  await expect(page.getByRole("heading", { name: "Sign in" })).toBeVisible({ timeout: 45_000 });
  await expect(alert(page)).toContainText("refused");
  const answer = await call(at("broken"), { token: gone });
  expect([answer.status, answer.headers["content-type"]]).toEqual([401, "application/problem+json"]);
});

test("a viewer sees everything and can change nothing", async ({ page }) => {
  const name = fresh("watched");
  made.push(name);
  await begin(name, { seeds: [site("ui-watch", "/tree/3/0")], suspend: true });
  await until("Suspended", name);
  await open(page, viewOf(name), "viewer");
  await expect(phase(page)).toHaveText("Suspended");
  for (const words of ["Resume", "Raise limit…", "Delete…"]) await expect(page.locator(".actions").getByRole("button", { name: words })).toBeDisabled();

  await page.goto(`/#/new?ns=${NAMESPACE}`);
  await page.getByLabel("URL", { exact: true }).fill(MANUAL);
  await page.getByRole("button", { name: "Start the crawl" }).click();
  await expect(page.getByRole("alert").filter({ hasText: /may not|not allowed|forbidden|cannot/i }).first()).toBeVisible();

  for (const [method, path, body] of [
    ["POST", `/api/v1/namespaces/${NAMESPACE}/crawls`, { spec: { seeds: [MANUAL] } }],
    ["PATCH", at(name), { suspend: false }],
    ["DELETE", at(name), undefined],
    ["POST", "/crawls", { url: MANUAL, maxLinks: 1 }],
  ] as const) {
    const answer = await call(path, { method, as: "viewer", body });
    expect(answer.status, `${method} ${path}: ${answer.text}`).toBe(403);
    expect(answer.text).toMatch(method === "POST" ? /create/ : method === "PATCH" ? /patch|update/ : /delete/);
    expect(answer.text).toContain("crawls");
  }
  expect((await crawl(name))!.spec.suspend).toBe(true);
});

test("an editor of one namespace sees nothing of another", async () => {
  await begin("closed", { seeds: [site("ui-watch", "/tree/3/0")], suspend: true }, "browser-closed");
  const paths = ["", "/pages", "/page?url=x", "/broken", "/breakdown", "/timeline", "/map", "/events", "/export?format=csv", "/referrers?url=x"];
  for (const path of paths) {
    const answer = await call(at("closed", path, "browser-closed"), { as: "editor" });
    expect(answer.status, path).toBe(403);
    expect(answer.text).not.toContain("ui-watch");
    // Whether it is there is not to be learned either.
    expect((await call(at("not-there", path, "browser-closed"), { as: "editor" })).status, path).toBe(403);
  }
  expect((await call("/api/v1/namespaces/browser-closed/crawls", { as: "editor" })).status).toBe(403);
  expect((await call("/api/v1/crawls", { as: "editor" })).status).toBe(403);
  const session = (await call("/api/v1/session", { as: "editor" })).json;
  expect(session.namespaces).toContain("browser");
  expect(session.namespaces).not.toContain("browser-closed");
  expect(session.allNamespaces).toBe(false);
});

test("who may do nothing sees nothing, and is told what is missing", async ({ page }) => {
  await open(page, "#/", "nobody");
  const refusal = alert(page);
  await expect(refusal).toContainText("Not allowed");
  await expect(refusal).toContainText("list");
  await open(page, viewOf("broken"));
  await expect(alert(page)).toContainText("Not allowed");
  expect(await page.locator("body").innerText()).not.toContain("ui-broken");
  for (const path of ["/crawls", "/api/v1/crawls", at("broken"), at("broken", "/pages"), at("broken", "/export?format=jsonl")]) {
    expect((await call(path, { as: "nobody" })).status, path).toBe(403);
  }
});

test("without a token nothing is answered but the page itself and the document", async () => {
  for (const path of ["/crawls", "/crawls/x", "/api/v1/crawls", at("broken"), at("broken", "/pages"), at("broken", "/events")]) {
    expect((await call(path)).status, path).toBe(401);
  }
  for (const given of ["x", "Bearer", "null", "undefined", "a.b.c", "x".repeat(10_000)]) {
    const answer = await call("/api/v1/crawls", { token: given });
    expect([400, 401, 431], given.slice(0, 20)).toContain(answer.status);
    expect(answer.text).not.toContain(given.length > 20 ? given : "\u0000");
  }
  expect((await call("/")).status).toBe(200);
  expect((await call("/api/v1/session")).json).toMatchObject({ anonymous: "none", authenticated: false });
});
