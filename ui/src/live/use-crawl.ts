//! One crawl, live: what the view of a crawl shows, and whether it is up to date.

import { useEffect, useRef, useState } from "preact/hooks";
import type { ApiError } from "../api/client";
import type { CrawlName } from "../api/crawls";
import { follow } from "../api/follow";
import type { CrawlDetail } from "../api/types";
import { useVisible } from "./use-visible";

export type Connection = "connecting" | "live" | "paused" | "reconnecting";

export interface LiveCrawl {
  crawl?: CrawlDetail;
  error?: ApiError;
  gone: boolean;
  connection: Connection;
  paused: boolean;
  setPaused(paused: boolean): void;
  /** Shows what a change answered, before the next event says the same. */
  show(crawl: CrawlDetail): void;
}

export function useCrawl({ namespace, name }: CrawlName): LiveCrawl {
  const [crawl, setCrawl] = useState<CrawlDetail>();
  const [error, setError] = useState<ApiError>();
  const [gone, setGone] = useState(false);
  const [connected, setConnected] = useState<boolean>();
  const [paused, setPaused] = useState(false);
  const known = useRef(false);
  const visible = useVisible();
  const active = visible && !paused && !gone;

  useEffect(() => {
    if (!active) return;
    const abort = new AbortController();
    const follower = {
      onCrawl: (next: CrawlDetail) => {
        if (abort.signal.aborted) return;
        known.current = true;
        setCrawl(next);
      },
      onGone: () => setGone(true),
      onConnection: (there: boolean, why?: ApiError) => {
        // What was there a moment ago and is not found now has been deleted meanwhile.
        if (why?.status === 404 && known.current) return setGone(true);
        setConnected(there);
        setError(there ? undefined : why);
      },
    };
    void follow({ namespace, name }, follower, abort.signal);
    return () => abort.abort();
  }, [namespace, name, active]);


  const connection = !active ? "paused" : connected === undefined ? "connecting" : connected ? "live" : "reconnecting";
  return { crawl, error, gone, connection, paused, setPaused, show: setCrawl };
}
