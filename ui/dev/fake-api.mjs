// A stand-in for the service, for work on the pages only: `npm run fake`, then `npm run dev`. It serves dist/ too, with the headers of the real one.
// Tokens (with --anonymous none): admin, viewer, nobody. POST /fake?outage=api|broker|off plays outages.

import { createReadStream, existsSync } from "node:fs";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";
import { FakeCrawl } from "./fake-crawl.mjs";
import * as results from "./fake-results.mjs";

const anonymous = process.argv.includes("--anonymous") ? process.argv[process.argv.indexOf("--anonymous") + 1] : "edit";
const port = Number(process.env.PORT ?? 8099);
const minute = 60_000;
const crawls = new Map();
const add = (crawl) => crawls.set(`${crawl.namespace}/${crawl.name}`, crawl);
const ago = (minutes) => Date.now() - minutes * minute;

if (!process.argv.includes("--empty")) {
  add(new FakeCrawl({ name: "shop-live", seed: 3, done: 2600, perSecond: 14, created: ago(4) }));
  add(new FakeCrawl({ name: "docs", seed: 5, done: 10_000, created: ago(95) }));
  add(new FakeCrawl({ name: "blog-paused", seed: 7, count: 2400, done: 700, phase: "Suspended", maxLinks: 2000, created: ago(240) }));
  add(new FakeCrawl({ name: "just-made", count: 0, phase: "Pending", maxLinks: 100, created: ago(0.2), sentence: "Held: the Secret site-login of type crawl-operator.io/headers does not exist; create it or take it out of spec.fetch.headersFrom." }));
  add(new FakeCrawl({ name: "wrong-name", count: 12, done: 0, phase: "Failed", created: ago(1500), host: "exmaple.invalid" }));
  add(new FakeCrawl({ name: "old-site", namespace: "team-a", count: 900, done: 400, phase: "Cancelled", maxLinks: 900, created: ago(4000) }));
  for (let n = 1; n <= 60; n += 1) add(new FakeCrawl({ name: `nightly-${String(n).padStart(3, "0")}`, namespace: "team-b", seed: n, count: 60, done: 60, maxLinks: 60, created: ago(5000 + n * 1440) }));
}

let outage = "off";
const PAGE_HEADERS = { "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'", "X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer", "Cross-Origin-Opener-Policy": "same-origin", "Cross-Origin-Resource-Policy": "same-origin" };
const TYPES = { ".html": "text/html; charset=utf-8", ".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml" };

class Problem {
  constructor(status, title, detail, errors) {
    this.body = { title, status, detail, ...(errors ? { errors } : {}) };
  }
}

createServer((req, res) => {
  const url = new URL(req.url, "http://fake");
  if (url.pathname === "/fake") return void ((outage = url.searchParams.get("outage")), res.end(outage));
  if (!url.pathname.startsWith("/api/v1/")) return serveFile(url.pathname, res);
  if (outage === "api") return void req.socket.destroy();
  let body = "";
  req.on("data", (piece) => (body += piece));
  req.on("end", () => {
    try {
      const answer = route(req, res, url.pathname.slice(7), url.searchParams, body);
      if (answer !== undefined) json(res, answer.status ?? 200, answer.body ?? answer);
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      res.writeHead(error.body.status, { "Content-Type": "application/problem+json" }).end(JSON.stringify(error.body));
    }
  });
}).listen(port, "127.0.0.1", () => console.log(`http://127.0.0.1:${port}/`));

function route(req, res, path, query, body) {
  const who = /^Bearer (.+)$/.exec(req.headers.authorization ?? "")?.[1];
  if (who && !["admin", "viewer", "nobody"].includes(who)) throw new Problem(401, "Unauthorized", "The API server does not know this token; it may have run out.");
  if (!who && anonymous === "none") throw new Problem(401, "Unauthorized", "Send a bearer token.");
  const edits = who ? who === "admin" : anonymous === "edit";
  if (path === "/session") return { version: "0.1.0", anonymous, authenticated: Boolean(who), ...(who ? { user: `system:serviceaccount:default:${who}` } : {}), namespace: "default", namespaces: ["default", "team-a", "team-b"], allNamespaces: true, may: { list: who !== "nobody", create: edits, update: edits, delete: edits } };
  const verb = { GET: "get", POST: "create", PATCH: "patch", DELETE: "delete" }[req.method];
  if (who === "nobody" || (!edits && verb !== "get")) throw new Problem(403, "Forbidden", `${who ?? "anonymous"} may not ${verb} crawls.crawl-operator.io in the namespace default.`);
  const [, , inNamespace, , name, ...rest] = path.startsWith("/namespaces/") ? path.split("/").map(decodeURIComponent) : ["", "", undefined];
  const namespace = inNamespace;
  if (!name) return req.method === "POST" ? create(namespace, JSON.parse(body), query) : list(namespace, query);
  const crawl = crawls.get(`${namespace}/${name}`);
  if (!crawl) throw new Problem(404, "Not found", `There is no crawl ${name} in the namespace ${namespace}.`);
  return ofCrawl(req, res, crawl, rest.join("/"), query, body, edits);
}

function list(namespace, query) {
  const [phase, q] = [query.get("phase"), query.get("q")?.toLowerCase()];
  const limit = Number(query.get("limit") ?? 50);
  const start = Number(query.get("cursor") ?? 0);
  const all = [...crawls.values()].filter((c) => (!namespace || c.namespace === namespace) && (!phase || c.phase === phase) && (!q || c.name.includes(q) || c.spec.seeds.join().includes(q))).sort((a, b) => b.created - a.created);
  return { items: all.slice(start, start + limit).map((c) => c.summary()), total: all.length, ...(start + limit < all.length ? { next: String(start + limit) } : {}) };
}

function create(namespace, { name, spec }, query) {
  const errors = [];
  spec.seeds.forEach((seed, n) => /^https?:\/\/[^/?#]/i.test(seed) || errors.push({ field: `spec.seeds[${n}]`, message: "every seed must be an absolute http:// or https:// URL, for example https://example.com/" }));
  if (spec.politeness?.delay && !/^([0-9]+(ms|s|m|h))+$/.test(spec.politeness.delay)) errors.push({ field: "spec.politeness.delay", message: "write a duration, for example 500ms or 2s" });
  if (errors.length > 0) throw new Problem(422, "Invalid", errors.map((e) => e.message).join("; "), errors);
  const host = new URL(spec.seeds[0]).hostname;
  const made = name ?? `${host.replaceAll(".", "-")}-${Math.random().toString(36).slice(2, 7)}`;
  if (crawls.has(`${namespace}/${made}`)) throw new Problem(409, "Exists", `There is already a crawl ${made} in the namespace ${namespace}.`);
  const crawl = new FakeCrawl({ name: made, namespace, host, count: Math.min(10_000, spec.maxLinks ?? 1000), perSecond: 40, created: Date.now(), maxLinks: spec.maxLinks ?? 1000, spec });
  if (query.get("dryRun")) return crawl.detail();
  add(crawl);
  return { status: 202, body: crawl.detail() };
}

function ofCrawl(req, res, crawl, what, query, body, edits) {
  const detail = () => ({ ...crawl.detail(), may: { update: edits, delete: edits }, ...(outage === "broker" ? { results: stale(crawl) } : {}) });
  const state = outage === "broker" ? stale(crawl) : crawl.detail().results;
  if (req.method === "PATCH") return crawl.change(JSON.parse(body)), detail();
  if (req.method === "DELETE") return crawls.delete(`${crawl.namespace}/${crawl.name}`), { status: 202, body: { message: `${crawl.name} is being deleted.` } };
  const url = query.get("url");
  switch (what) {
    case "": return detail();
    case "pages": return results.pageList(crawl, query, state);
    case "page": {
      const page = results.pageDetail(crawl, url);
      if (!page) throw new Problem(404, "Not found", "The crawl does not know this URL.");
      return page;
    }
    case "referrers": return results.referrers(crawl, url, Number(query.get("limit") ?? 50));
    case "broken": return results.broken(crawl, query, state);
    case "breakdown": return results.breakdown(crawl, state);
    case "timeline": return results.timeline(crawl, state);
    case "map": return results.siteMap(crawl, query.get("prefix") ?? "", Number(query.get("limit") ?? 60), state);
    case "export": return void res.writeHead(200, { "Content-Type": "application/x-ndjson", "Content-Disposition": `attachment; filename="${crawl.name}.jsonl"` }).end(results.filtered(crawl.pages(), query).map((p) => `${JSON.stringify(p)}\n`).join(""));
    case "events": return void follow(res, crawl, detail);
    default: throw new Problem(404, "Not found", `There is no ${what}.`);
  }
}

const stale = (crawl) => ({ state: "stale", entries: crawl.ended, message: "The message broker does not answer; these results are of 01:52:10." });

function follow(res, crawl, detail) {
  res.writeHead(200, { "Content-Type": "text/event-stream", "Cache-Control": "no-cache" });
  let last = "";
  const timer = setInterval(() => {
    if (outage === "api") return void res.destroy();
    if (!crawls.has(`${crawl.namespace}/${crawl.name}`)) return void (clearInterval(timer), res.end("event: gone\ndata: {}\n\n"));
    const now = JSON.stringify(detail());
    if (now !== last) res.write(`event: crawl\ndata: ${now}\n\n`);
    last = now;
  }, 1000);
  res.write(`event: crawl\ndata: ${JSON.stringify(detail())}\n\n`);
  res.on("close", () => clearInterval(timer));
}

function json(res, status, value) {
  res.writeHead(status, { "Content-Type": "application/json" }).end(JSON.stringify(value));
}

function serveFile(path, res) {
  const file = join("dist", normalize(path === "/" ? "/index.html" : path));
  if (!existsSync(file)) return void res.writeHead(404).end();
  res.writeHead(200, { ...PAGE_HEADERS, "Content-Type": TYPES[extname(file)] ?? "application/octet-stream" });
  createReadStream(file).pipe(res);
}
