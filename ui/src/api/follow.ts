//! Follows one crawl: server-sent events while they come, and when they break, a fresh read and a new try after a wait that grows.

import { ApiError, outage, request } from "./client";
import { crawlPath, getCrawl, type CrawlName } from "./crawls";
import { EventParser } from "./event-parser";
import type { CrawlDetail } from "./types";

export interface Follower {
  onCrawl(crawl: CrawlDetail): void;
  onGone(): void;
  /** `error` is why the connection is not there. */
  onConnection(connected: boolean, error?: ApiError): void;
}

const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 15_000;
/** A service that is there answers at once; packets to one that has just gone may be waited for in vain for minutes. */
const ANSWER_MS = 10_000;
/** Comments come every 15 s; a connection that is silent for longer is dead. */
const SILENCE_MS = 40_000;

/** Until the signal aborts, or the crawl is gone, or may not be read. */
export async function follow(crawl: CrawlName, follower: Follower, signal: AbortSignal): Promise<void> {
  let wait = FIRST_WAIT_MS;
  while (!signal.aborted) {
    try {
      if (await readEvents(crawl, follower, signal, () => (wait = FIRST_WAIT_MS))) return;
      throw new ApiError(0, "The connection was closed.");
    } catch (thrown) {
      if (signal.aborted) return;
      const error = thrown instanceof ApiError ? thrown : new ApiError(0, "The connection broke.");
      follower.onConnection(false, error);
      if (!error.passes) return;
      await pause(Math.max(wait * (0.75 + Math.random() / 2), (error.retryAfterSeconds ?? 0) * 1000), signal);
      wait = Math.min(wait * 2, LONGEST_WAIT_MS);
      const answer = AbortSignal.any([signal, AbortSignal.timeout(ANSWER_MS)]);
      await getCrawl(crawl, answer).then(follower.onCrawl, () => undefined);
    }
  }
}

/** True when the crawl is gone; false when the stream ended. */
async function readEvents(crawl: CrawlName, follower: Follower, signal: AbortSignal, onFirst: () => void): Promise<boolean> {
  const connection = new AbortController();
  const stop = () => connection.abort();
  signal.addEventListener("abort", stop);
  let silence = setTimeout(stop, ANSWER_MS);
  try {
    const headers = { Accept: "text/event-stream" };
    const response = await request("GET", `${crawlPath(crawl)}/events`, {}, { headers, signal: connection.signal });
    clearTimeout(silence);
    silence = setTimeout(stop, SILENCE_MS);
    const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
    const parser = new EventParser();
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return false;
      clearTimeout(silence);
      silence = setTimeout(stop, SILENCE_MS);
      for (const { event, data } of parser.feed(value)) {
        if (event === "gone") {
          follower.onGone();
          return true;
        }
        if (event !== "crawl") continue;
        onFirst();
        follower.onConnection(true);
        follower.onCrawl(JSON.parse(data) as CrawlDetail);
      }
    }
  } finally {
    clearTimeout(silence);
    signal.removeEventListener("abort", stop);
    connection.abort();
  }
}

/** Ends early when another call was answered after an outage, or when nobody waits any more. */
function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      signal.removeEventListener("abort", end);
      unsubscribe();
      resolve();
    };
    const timer = setTimeout(end, milliseconds);
    const unsubscribe = outage.subscribe(() => outage.get() || end());
    signal.addEventListener("abort", end);
  });
}
