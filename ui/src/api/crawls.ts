//! What can be asked of and done to crawls, one function each.

import { get, send, type Query } from "./client";
import type { CrawlDetail, CrawlList, NewCrawl, Session } from "./types";

export interface CrawlName {
  namespace: string;
  name: string;
}

/** The path of a crawl below /api/v1. */
export function crawlPath({ namespace, name }: CrawlName): string {
  return `/namespaces/${encodeURIComponent(namespace)}/crawls/${encodeURIComponent(name)}`;
}

export const getSession = (signal?: AbortSignal) => get<Session>("/session", {}, signal);

export function listCrawls(namespace: string | undefined, query: Query, signal?: AbortSignal) {
  const path = namespace ? `/namespaces/${encodeURIComponent(namespace)}/crawls` : "/crawls";
  return get<CrawlList>(path, query, signal);
}

export const getCrawl = (crawl: CrawlName, signal?: AbortSignal) => get<CrawlDetail>(crawlPath(crawl), {}, signal);

/** With `dryRun`, the API server says whether it would take it, and nothing is made. */
export function createCrawl(namespace: string, crawl: NewCrawl, dryRun = false, signal?: AbortSignal) {
  return send<CrawlDetail>("POST", `/namespaces/${encodeURIComponent(namespace)}/crawls`, crawl, { dryRun }, signal);
}

export interface Change {
  suspend?: boolean;
  cancel?: boolean;
  maxLinks?: number;
}

export const changeCrawl = (crawl: CrawlName, change: Change) => send<CrawlDetail>("PATCH", crawlPath(crawl), change);

export const deleteCrawl = (crawl: CrawlName) => send<{ message?: string }>("DELETE", crawlPath(crawl));
