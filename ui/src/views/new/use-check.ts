//! Asks the API server whether it would take the crawl, when the typing pauses.

import { useEffect, useState } from "preact/hooks";
import { ApiError } from "../../api/client";
import { createCrawl } from "../../api/crawls";
import type { NewCrawl } from "../../api/types";
import { placeErrors, type Errors } from "./form";

const PAUSE_MS = 450;

export interface Check {
  state: "idle" | "checking" | "good" | "bad" | "unknown";
  errors: Errors;
}

export function useCheck(namespace: string, crawl: NewCrawl, ready: boolean): Check {
  const key = JSON.stringify([namespace, crawl]);
  const [check, setCheck] = useState<Check & { key?: string }>({ state: "idle", errors: {} });
  useEffect(() => {
    if (!ready) return;
    const abort = new AbortController();
    const timer = setTimeout(() => {
      createCrawl(namespace, crawl, true, abort.signal).then(
        () => setCheck({ key, state: "good", errors: {} }),
        (error: unknown) => {
          if (!abort.signal.aborted) setCheck({ key, ...refusal(error) });
        },
      );
    }, PAUSE_MS);
    return () => {
      clearTimeout(timer);
      abort.abort();
    };
  }, [key, ready]);
  if (!ready) return { state: "idle", errors: {} };
  return check.key === key ? check : { state: "checking", errors: check.errors };
}

/** What the service said against it, by field. */
export function refusal(error: unknown): Check {
  if (!(error instanceof ApiError)) return { state: "unknown", errors: { form: String(error) } };
  const errors = placeErrors(error.fields);
  if (Object.keys(errors).length === 0) errors[error.status === 409 ? "name" : "form"] = error.message;
  return { state: error.passes ? "unknown" : "bad", errors };
}
