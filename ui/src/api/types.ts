//! The shapes of the REST service, as its OpenAPI document has them. Fields without a value are left out there, so they are optional here.

export interface Session {
  version: string;
  anonymous: "none" | "view" | "edit";
  authenticated: boolean;
  user?: string;
  namespace: string;
  namespaces: string[];
  allNamespaces: boolean;
  may: { list: boolean; create: boolean; update: boolean; delete: boolean };
}

export interface Pages {
  discovered: number;
  queued: number;
  inFlight: number;
  fetched: number;
  failed: number;
  redirected: number;
  skipped: number;
}

export interface CrawlSummary {
  namespace: string;
  name: string;
  uid: string;
  createdAt?: string;
  seeds: string[];
  seedCount: number;
  maxLinks: number;
  phase: string;
  reason?: string;
  sentence: string;
  pages: Pages;
  links: number;
  bytes: number;
  hosts: number;
  startTime?: string;
  completionTime?: string;
  suspended: boolean;
  cancelled: boolean;
  deleting: boolean;
}

export interface Condition {
  type: string;
  status: string;
  reason: string;
  message: string;
  lastTransitionTime: string;
  observedGeneration?: number;
}

export interface ResultsState {
  state: "none" | "loading" | "live" | "complete" | "stale" | "lost" | "tooLarge";
  entries: number;
  message?: string;
}

export interface CrawlDetail extends CrawlSummary {
  spec: CrawlSpec;
  conditions: Condition[];
  skippedByReason: Record<string, number>;
  responses: Record<string, number>;
  overlooked?: number;
  sitemaps?: { found: number; read: number; failed: number; skipped: number };
  stopReason?: string;
  generation: number;
  rate?: { pagesPerSecond?: number; secondsLeft?: number };
  results: ResultsState;
  may: { update: boolean; delete: boolean };
}

/** `spec` of a Crawl. Everything but the seeds has a default. */
export interface CrawlSpec {
  seeds: string[];
  maxLinks?: number;
  maxDepth?: number;
  scope?: { type?: string; include?: string[]; exclude?: string[]; maxPagesPerHost?: number; [more: string]: unknown };
  politeness?: { delay?: string; perHostConcurrency?: number; robots?: string; nofollow?: string; [more: string]: unknown };
  sitemaps?: string;
  suspend?: boolean;
  cancel?: boolean;
  [more: string]: unknown;
}

export interface NewCrawl {
  name?: string;
  spec: CrawlSpec;
}

export interface CrawlList {
  items: CrawlSummary[];
  next?: string;
  total: number;
}

export type PageState = "queued" | "inFlight" | "fetched" | "failed" | "redirected" | "skipped";

export interface PageRow {
  id: string | number;
  url: string;
  state: PageState;
  host: string;
  depth?: number;
  status?: number;
  class?: string;
  message?: string;
  reason?: string;
  links?: number;
  bytes?: number;
  tookMs?: number;
  fetchedAt?: string;
  contentType?: string;
  attempt?: number;
  redirectsTo?: string;
  truncated?: boolean;
  referrers: number;
  foundOn?: string;
}

export interface PageList {
  items: PageRow[];
  next?: string;
  matched?: number;
  scanned?: number;
  results: ResultsState;
}

/** In the detail of a page, `links` and `referrers` are lists, where its row has their numbers. */
export interface PageDetail extends Omit<PageRow, "links" | "referrers"> {
  title?: string;
  language?: string;
  canonical?: string;
  headings?: { level: number; text: string }[];
  unread?: string;
  validators?: { etag?: string; lastModified?: string };
  links?: { url: string; nofollow?: boolean }[];
  linkCount?: number;
  referrers?: { url: string }[];
  referrerCount?: number;
  why?: string;
  /** Why what only the log says of it is missing, when it is. */
  missing?: string;
}

export interface ReferrerList {
  items: { url: string }[];
  next?: string;
  total: number;
}

export interface BrokenLink {
  url: string;
  status?: number;
  class?: string;
  message: string;
  referrers: string[];
  referrerCount: number;
}

export interface BrokenList {
  items: BrokenLink[];
  next?: string;
  /** Absent where it is not known without a search. */
  total?: number;
  results: ResultsState;
}

export interface Breakdown {
  statuses: { key: string; pages: number }[];
  hosts: { host: string; pages: number; fetched: number; failed: number; skipped: number; links: number; bytes: number }[];
  hostCount: number;
  depths: { depth: number; pages: number; fetched: number; failed: number; skipped: number }[];
  reasons: { reason: string; pages: number }[];
  types: { type: string; pages: number }[];
  results: ResultsState;
}

export interface Timeline {
  points: { at: string; found: number; fetched: number; failed: number }[];
  results: ResultsState;
}

export interface MapNode {
  name: string;
  prefix: string;
  pages: number;
  fetched: number;
  failed: number;
  skipped: number;
  links: number;
  referrers: number;
  leaf: boolean;
  children: MapNode[];
  more: { nodes: number; pages: number };
}

export interface SiteMap {
  node: MapNode;
  results: ResultsState;
}

/** RFC 9457, with the fields that were refused. */
export interface ProblemBody {
  title: string;
  status: number;
  detail?: string;
  errors?: { field: string; message: string }[];
}
