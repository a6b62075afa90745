// One crawl at a moment: how its pages stand, and all that is counted from them.

import { makePages } from "./fake-site.mjs";

export class FakeCrawl {
  constructor({ name, namespace = "default", seed = 1, host = `${name}.example.com`, count = 10_000, maxLinks = 10_000, perSecond = 0, done = 0, phase = "Running", created = Date.now() - 600_000, spec = {}, sentence }) {
    Object.assign(this, { name, namespace, host, maxLinks, perSecond, created, sentence, forced: phase });
    this.uid = `uid-${namespace}-${name}-${created}`;
    this.all = count > 0 ? makePages(count, host, seed) : [];
    this.spec = { seeds: [`https://${host}/`], maxLinks, maxDepth: 20, scope: { type: "Host", maxPathSegments: 20, maxRepeatedSegments: 3 }, politeness: { delay: "1s", perHostConcurrency: 1, robots: "Obey" }, sitemaps: "Ignore", suspend: phase === "Suspended", cancel: phase === "Cancelled", ...spec };
    this.generation = 1;
    this.base = done;
    this.since = Date.now();
  }

  /** How many of all pages have ended. */
  get ended() {
    const running = this.forced === "Running" && !this.spec.suspend && !this.spec.cancel;
    const now = this.base + (running ? Math.floor((this.perSecond * (Date.now() - this.since)) / 1000) : 0);
    return Math.min(this.all.length, now);
  }

  /** Keeps what is done when a change of the spec stops or starts it. */
  change(patch) {
    this.base = this.ended;
    this.since = Date.now();
    if (patch.suspend !== undefined) this.spec.suspend = patch.suspend;
    if (patch.cancel !== undefined) this.spec.cancel = patch.cancel;
    if (patch.maxLinks !== undefined) this.spec.maxLinks = this.maxLinks = patch.maxLinks;
    if (this.forced === "Suspended" || this.forced === "Cancelled") this.forced = "Running";
    this.generation += 1;
  }

  get phase() {
    if (this.forced === "Pending" || this.forced === "Failed") return this.forced;
    if (this.all.length > 0 && this.ended >= this.all.length) return "Complete";
    if (this.spec.cancel) return "Cancelled";
    if (this.spec.suspend) return "Suspended";
    return this.forced;
  }

  /** Pages that are known now, with the state they are in. */
  pages() {
    const ended = this.ended;
    const known = Math.min(this.all.length, Math.ceil(Math.max(ended, 1) * 1.35) + 40);
    const open = this.phase === "Running" ? 4 : 0;
    return this.all.slice(0, this.phase === "Pending" ? 0 : known).map((page, n) => {
      const { end, ...rest } = page;
      if (n < ended || end === "skipped") return { ...rest, state: end, ...(end === "fetched" || end === "failed" ? { fetchedAt: new Date(this.created + n * 50).toISOString() } : {}) };
      const { id, url, host, depth, foundOn, referrers } = rest;
      return { id, url, host, depth, foundOn, referrers, state: n < ended + open ? "inFlight" : "queued" };
    });
  }

  summary() {
    const pages = this.pages();
    const of = (state) => pages.filter((page) => page.state === state).length;
    const counts = { discovered: pages.length, queued: of("queued"), inFlight: of("inFlight"), fetched: of("fetched"), failed: of("failed"), redirected: of("redirected"), skipped: of("skipped") };
    const sum = (key) => pages.reduce((all, page) => all + (page[key] ?? 0), 0);
    const phase = this.phase;
    return {
      namespace: this.namespace, name: this.name, uid: this.uid, createdAt: new Date(this.created).toISOString(),
      seeds: this.spec.seeds.slice(0, 3), seedCount: this.spec.seeds.length, maxLinks: this.maxLinks, phase, reason: phase,
      sentence: this.sentence ?? words(phase, counts, this.maxLinks), pages: counts, links: sum("links"), bytes: sum("bytes"),
      hosts: new Set(pages.map((page) => page.host)).size,
      ...(phase === "Pending" ? {} : { startTime: new Date(this.created + 2000).toISOString() }),
      ...(["Complete", "Failed", "Cancelled"].includes(phase) ? { completionTime: new Date(this.created + 512_000).toISOString() } : {}),
      suspended: this.spec.suspend, cancelled: this.spec.cancel, deleting: this.deleting ?? false,
    };
  }

  detail() {
    const summary = this.summary();
    const pages = this.pages();
    const running = summary.phase === "Running";
    const left = this.all.length - this.ended;
    return {
      ...summary, spec: this.spec, generation: this.generation,
      conditions: ["Accepted", "Progressing", "Suspended", "Complete", "Failed"].map((type) => ({ type, status: type === "Accepted" || (type === "Progressing" && running) || type === summary.phase ? "True" : "False", reason: type === "Progressing" ? (running ? "Crawling" : summary.phase) : type, message: type === "Accepted" ? "the spec can be carried out" : summary.sentence, lastTransitionTime: summary.createdAt, observedGeneration: this.generation })),
      skippedByReason: tally(pages.filter((p) => p.state === "skipped"), (p) => p.reason),
      responses: tally(pages.filter((p) => p.status || p.class), (p) => String(p.status ?? p.class)),
      rate: running ? { pagesPerSecond: this.perSecond, secondsLeft: Math.round(left / this.perSecond) } : {},
      results: { state: running ? "live" : summary.phase === "Pending" ? "none" : "complete", entries: this.ended },
      may: { update: true, delete: true },
    };
  }
}

export function tally(pages, key) {
  const counts = {};
  for (const page of pages) counts[key(page)] = (counts[key(page)] ?? 0) + 1;
  return counts;
}

function words(phase, c, limit) {
  const n = (x) => x.toLocaleString("en-US");
  if (phase === "Running") return `Fetching: ${n(c.fetched + c.failed)} of at most ${n(limit)} pages processed, ${n(c.failed)} failed; ${n(c.queued)} URLs wait.`;
  if (phase === "Suspended") return `Suspended by its owner; ${n(c.queued)} URLs wait.`;
  if (phase === "Cancelled") return `Cancelled by its owner; ${n(c.queued)} URLs found were not fetched.`;
  if (phase === "Complete") return `Complete: nothing is left to fetch; ${n(c.fetched)} pages fetched, ${n(c.failed)} failed.`;
  if (phase === "Failed") return "Failed: none of the seeds could be fetched (the name did not resolve).";
  return "Waits for the operator.";
}
