// What strangers write into titles and URLs is shown as letters, wherever it is shown.

import { crawl } from "../support/kubectl";
import { at, call } from "../support/rest";
import { expect, open, rows, test, urls, viewOf } from "../support/page";

const VIEWS = [{}, { tab: "pages", limit: "100" }, { tab: "broken" }, { tab: "skipped" }, { tab: "map" }, { tab: "map", prefix: "http://ui-hostile.crawl-site.svc.cluster.local:8080/hostile/" }, { tab: "spec" }];

test("no view runs what a page of the crawl says", async ({ page }) => {
  await open(page, viewOf("hostile"), "viewer");
  for (const params of VIEWS) {
    await page.goto(`/${viewOf("hostile", params as Record<string, string>)}`);
    await expect(page.getByRole("heading", { level: 1, name: "hostile" })).toBeVisible();
    await expect(page.getByText(/^Loading/)).toHaveCount(0);
    expect(await page.locator("main script, main img, main iframe, main object").count()).toBe(0);
    const links = await page.locator("a[href]").evaluateAll((all) => all.map((each) => (each as HTMLAnchorElement).protocol));
    expect(links.filter((protocol) => !["http:", "https:", "blob:"].includes(protocol))).toEqual([]);
    expect(await page.locator("main [onclick], main [onerror], main [onload], main [onmouseover]").count()).toBe(0);
  }
});

test("every page of it can be opened, its title as it was written", async ({ page }) => {
  await open(page, viewOf("hostile", { tab: "pages", limit: "100" }), "viewer");
  await expect(rows(page)).toHaveCount((await crawl("hostile"))!.status!.pages!.discovered);
  for (const url of await urls(page)) {
    await page.goto(`/${viewOf("hostile", { tab: "pages", limit: "100", page: url })}`);
    const drawer = page.getByRole("dialog");
    await expect(drawer.locator(".whole-url")).toContainText(url);
    await expect(drawer.locator(".facts-list")).toBeVisible();
    expect(await drawer.locator("script, img, iframe").count()).toBe(0);
  }
  await page.goto(`/${viewOf("hostile", { tab: "pages", page: (await crawl("hostile"))!.spec.seeds[0]! })}`);
  await expect(page.locator(".page-title")).toContainText("<script>alert('script')</script>");
});

test("addresses that nobody made do no harm", async ({ page }) => {
  await open(page, "#/", "viewer");
  for (const hash of [
    "#/ns/browser/%3Cscript%3Ealert(1)%3C%2Fscript%3E",
    "#/ns/%2e%2e/%2e%2e",
    "#/ns/browser/a%2Fb%2F..",
    "#/ns/browser/broken?tab=pages&q=%3Cimg+src%3Dx+onerror%3Dalert(1)%3E&sort=nothing&order=sideways&limit=-1&t=~~~",
    "#/ns/browser/broken?tab=%22%3E%3Cscript%3E",
    "#/ns/browser/broken?tab=pages&page=javascript:alert(1)",
    `#/ns/browser/broken?tab=pages&q=${"x".repeat(10_000)}`,
    "#/javascript:alert(1)",
    "#/new?url=javascript:alert(1)&ns=%3Cb%3E",
    "#/%zz",
    "#/?phase=%3Cscript%3E&t=1.x",
  ]) {
    await page.goto(`/${hash}`);
    await expect(page.locator("h1"), hash.slice(0, 80)).toBeVisible();
  }
});

test("odd names, URLs and numbers are answered with words, never with a failure of the service", async () => {
  const odd = ["%00", "%ff", "..%2f..%2f", ".", "..", "a.b", "a/b", "a%2Fb", "x".repeat(5000), "%F0%9F%92%A9", "*", "%3Cscript%3E", "-", "A"];
  for (const name of odd) {
    const answer = await call(at(name), { as: "editor" });
    expect([400, 403, 404, 414], `${name.slice(0, 30)}: ${answer.text.slice(0, 200)}`).toContain(answer.status);
    expect(answer.headers["content-type"] ?? "").not.toContain("html");
    const inNamespace = await call(`/api/v1/namespaces/${name}/crawls`, { as: "editor" });
    expect([400, 403, 404, 414], `namespace ${name.slice(0, 30)}`).toContain(inNamespace.status);
  }
  for (const query of [
    "limit=0", "limit=-1", "limit=99999999999999999999", "limit=many", "sort=nothing", "order=up", "cursor=x", "cursor=%00", "state=gone", "status=abc", "status=99999", "depth=-1", "depth=x", "q=%ff%fe", "%00=%00", "unknown=1",
  ]) {
    const answer = await call(at("manual", `/pages?${query}`), { as: "viewer" });
    expect([200, 400], `${query}: ${answer.text.slice(0, 200)}`).toContain(answer.status);
    if (answer.status === 400) expect(answer.headers["content-type"]).toBe("application/problem+json");
  }
  for (const url of ["", "javascript:alert(1)", "%00", "%ff", "x".repeat(10_000), "http://[", "http://a/%zz"]) {
    const answer = await call(at("manual", `/page?url=${url}`), { as: "viewer" });
    expect([400, 404], url.slice(0, 40)).toContain(answer.status);
  }
  for (const prefix of ["javascript:alert(1)", "http://", "%00", "..", "x".repeat(10_000)]) {
    const answer = await call(at("manual", `/map?prefix=${prefix}`), { as: "viewer" });
    expect([200, 400, 404], prefix.slice(0, 40)).toContain(answer.status);
  }
});
