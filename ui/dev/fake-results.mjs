// The answers about one crawl's results.

import { tally } from "./fake-crawl.mjs";

const SORT_KEYS = { url: "url", status: "status", links: "links", bytes: "bytes", took: "tookMs", depth: "depth", fetchedAt: "fetchedAt", referrers: "referrers" };

export function filtered(pages, query) {
  const list = (name) => query.get(name)?.split(",").filter(Boolean);
  const [states, statuses, classes, reasons] = ["state", "status", "class", "reason"].map(list);
  const [q, host, depth] = [query.get("q")?.toLowerCase(), query.get("host"), query.get("depth")];
  return pages.filter((page) =>
    (!states || states.includes(page.state)) &&
    (!statuses || statuses.some((s) => (s.endsWith("xx") ? String(page.status ?? "").startsWith(s[0]) : String(page.status) === s))) &&
    (!classes || classes.includes(page.class)) && (!reasons || reasons.includes(page.reason)) &&
    (!host || page.host === host) && (depth === null || String(page.depth) === depth) && (!q || page.url.toLowerCase().includes(q)));
}

export function pageList(crawl, query, results) {
  const limit = Math.min(500, Number(query.get("limit") ?? 50));
  const start = Number(Buffer.from(query.get("cursor") ?? "", "base64url").toString() || 0);
  const all = crawl.pages();
  let matching = filtered(all, query);
  const key = SORT_KEYS[query.get("sort")];
  if (key) {
    const turn = query.get("order") === "desc" ? -1 : 1;
    matching = matching.toSorted((a, b) => turn * ((a[key] ?? -1) > (b[key] ?? -1) ? 1 : (a[key] ?? -1) < (b[key] ?? -1) ? -1 : 0));
  }
  const cursor = (n) => Buffer.from(String(n)).toString("base64url");
  // A search for "slow" is cut short, as one of a very large crawl would be.
  if (query.get("q")?.startsWith("slow")) {
    const scanned = 20_000;
    return { items: [], scanned, results, ...(start < 20_000_000 ? { next: cursor(start + scanned) } : {}) };
  }
  const items = matching.slice(start, start + limit);
  return { items, results, ...(start + limit < matching.length ? { next: cursor(start + limit) } : {}), ...(query.get("q") ? { scanned: all.length } : { matched: matching.length }) };
}

export function pageDetail(crawl, url) {
  const pages = crawl.pages();
  const page = pages.find((p) => p.url === url);
  if (!page) return undefined;
  const why = { fetched: "Fetched on its first attempt.", failed: `Given up: ${page.message}.`, skipped: "Left out; see the reason.", queued: "Waits for its turn.", inFlight: "A worker has it now.", redirected: "It leads elsewhere." }[page.state];
  const detail = { ...page, why, referrers: pages.slice(0, Math.min(50, page.referrers)).map((p) => ({ url: p.url })), links: undefined };
  if (page.state !== "fetched") return detail;
  return { ...detail, title: page.id === "8" ? "<img src=x onerror=alert(1)><script>alert(1)</script>" : `Page ${page.id} of ${crawl.host}`, language: "en", canonical: page.url, headings: [{ level: 1, text: `Page ${page.id}` }, { level: 2, text: "<b>What it is</b>" }], validators: { etag: '"33a64df5"' }, links: pages.slice(1, 1 + Math.min(page.links, 1000)).map((p, n) => ({ url: p.url, nofollow: n % 9 === 0 })), linkCount: page.links };
}

export function referrers(crawl, url, limit) {
  const pages = crawl.pages();
  const total = pages.find((p) => p.url === url)?.referrers ?? 0;
  return { items: pages.slice(0, Math.min(limit, total)).map((p) => ({ url: p.url })), total };
}

export function broken(crawl, query, results) {
  const limit = Number(query.get("limit") ?? 50);
  const start = Number(query.get("cursor") ?? 0);
  const pages = crawl.pages();
  query.set("state", "failed");
  const all = filtered(pages, query);
  const items = all.slice(start, start + limit).map((p) => ({ url: p.url, status: p.status, class: p.class, message: p.message, referrers: pages.slice(0, Math.min(20, p.referrers)).map((r) => r.url), referrerCount: p.referrers }));
  return { items, total: all.length, results, ...(start + limit < all.length ? { next: String(start + limit) } : {}) };
}

export function breakdown(crawl, results) {
  const pages = crawl.pages();
  const ended = pages.filter((p) => p.status || p.class);
  const rows = (counts, name) => Object.entries(counts).map(([key, n]) => ({ [name]: key, pages: n })).sort((a, b) => b.pages - a.pages);
  const group = (key, name) => Object.values(pages.reduce((all, p) => {
    const row = (all[p[key]] ??= { [name]: p[key], pages: 0, fetched: 0, failed: 0, skipped: 0, links: 0, bytes: 0 });
    row.pages += 1;
    if (row[p.state] !== undefined) row[p.state] += 1;
    row.links += p.links ?? 0;
    row.bytes += p.bytes ?? 0;
    return all;
  }, {}));
  const hosts = group("host", "host").sort((a, b) => b.pages - a.pages);
  return { statuses: rows(tally(ended, (p) => String(p.status ?? p.class)), "key"), hosts, hostCount: hosts.length, depths: group("depth", "depth"), reasons: rows(crawl.detail().skippedByReason, "reason"), types: rows(tally(pages.filter((p) => p.contentType), (p) => p.contentType), "type"), results };
}

export function timeline(crawl, results) {
  const { fetched, failed, discovered } = crawl.summary().pages;
  if (discovered === 0) return { points: [], results };
  const steps = 120;
  const end = crawl.phase === "Running" ? Date.now() : crawl.created + 512_000;
  const points = Array.from({ length: steps + 1 }, (_, n) => {
    const x = n / steps;
    const wave = x + Math.sin(x * 22) * 0.008 * (1 - x);
    return { at: new Date(crawl.created + (end - crawl.created) * x).toISOString(), found: Math.round(discovered * Math.min(1, x ** 0.6)), fetched: Math.round(fetched * wave), failed: Math.round(failed * (x < 0.4 ? x * 0.4 : 0.16 + (x - 0.4) * 1.4)) };
  });
  return { points, results };
}

export function siteMap(crawl, prefix, limit, results) {
  const root = node("", "");
  for (const page of crawl.pages()) {
    const origin = /^https?:\/\/[^/]*/.exec(page.url)?.[0];
    if (!origin) continue;
    const segments = page.url.slice(origin.length).split("?")[0].split("/");
    let at = root;
    let so = origin;
    count(at, page);
    at = child(at, origin.replace(/^https?:\/\//, ""), so);
    count(at, page);
    so += "/";
    segments.slice(1, -1).forEach((segment) => {
      so += `${segment}/`;
      at = child(at, `${segment}/`, so);
      count(at, page);
    });
    at = child(at, segments.at(-1) || "(index)", page.url);
    at.leaf = true;
    count(at, page);
  }
  let found = root;
  const walk = (n) => (n.prefix === prefix && !n.leaf ? (found = n) : n.kids.forEach(walk));
  walk(root);
  return { node: shown(found, limit, 2), results };
}

const node = (name, prefix) => ({ name, prefix, pages: 0, fetched: 0, failed: 0, skipped: 0, links: 0, referrers: 0, leaf: false, kids: new Map() });

function child(parent, name, prefix) {
  if (!parent.kids.has(prefix)) parent.kids.set(prefix, node(name, prefix));
  return parent.kids.get(prefix);
}

function count(n, page) {
  n.pages += 1;
  if (n[page.state] !== undefined) n[page.state] += 1;
  n.links += page.links ?? 0;
  n.referrers += page.referrers;
}

function shown({ kids, ...rest }, limit, levels) {
  const all = [...kids.values()].sort((a, b) => b.links - a.links);
  const listed = levels > 0 ? all.slice(0, limit) : [];
  const others = levels > 0 ? all.slice(limit) : [];
  return { ...rest, children: listed.map((kid) => shown(kid, limit, levels - 1)), more: { nodes: others.length, pages: others.reduce((sum, kid) => sum + kid.pages, 0) } };
}
