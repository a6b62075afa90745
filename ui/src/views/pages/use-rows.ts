//! One page of a long table, from as many answers as a search needs.

import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import { get, type ApiError, type Query } from "../../api/client";
import { retryAfter, toApiError } from "../../live/use-load";
import { useRuns } from "../../live/use-runs";
import { gather, type Gathered, type Part } from "./gather";

export interface Rows<T, P extends Part<T>> {
  rows?: Gathered<T, P>;
  error?: ApiError;
  searching: boolean;
  /** Searches on from where it stopped. */
  goOn(): void;
  /** What is shown is of another filter; the new rows are on their way. */
  stale: boolean;
}

/** A search that looked at more than this is not begun anew with every event of a crawl. */
const CHEAP = 100_000;

export function useRows<T, P extends Part<T>>(path: string, query: Query, cursor: string | undefined, limit: number, tick: unknown): Rows<T, P> {
  const key = JSON.stringify([path, query, cursor, limit]);
  const [state, setState] = useState<{ key?: string; rows?: Gathered<T, P>; error?: ApiError; searching: boolean }>({ searching: false });
  const [again, setAgain] = useState(0);
  const runs = useRuns(key);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const shown = useRef(state);
  shown.current = state;

  /** A refresh shows its rows only when all are there: a table that empties itself and fills again is no good to read. */
  const search = (isRefresh: boolean, before?: Gathered<T, P>) => async (signal: AbortSignal) => {
    const ask = (at: string | undefined, most: number) => get<P>(path, { ...query, cursor: at, limit: most }, signal);
    const show = (rows: Gathered<T, P>, searching: boolean) => {
      if (!signal.aborted) setState({ key, rows, searching });
    };
    if (!isRefresh) setState((old) => ({ ...old, searching: true }));
    try {
      show(await gather<T, P>(ask, cursor, limit, (soFar) => isRefresh || show(soFar, true), before), false);
    } catch (thrown) {
      if (signal.aborted) return;
      const error = toApiError(thrown);
      setState((old) => ({ ...(old.key === key ? old : { key }), error, searching: false }));
      if (error.passes) timer.current = setTimeout(() => setAgain((n) => n + 1), retryAfter(error));
    }
  };

  useEffect(() => {
    const { rows, key: of } = shown.current;
    const isRefresh = of === key && rows !== undefined;
    if (isRefresh && !shown.current.error && (rows.short || rows.scanned > CHEAP)) return;
    clearTimeout(timer.current);
    runs.start(search(isRefresh));
  }, [key, tick, again]);
  useEffect(() => () => clearTimeout(timer.current), []);

  const goOn = useCallback(() => {
    if (shown.current.rows) runs.replace(search(false, shown.current.rows));
  }, [key]);
  const current = state.key === key;
  return { rows: state.rows, error: current ? state.error : undefined, searching: state.searching, goOn, stale: !current };
}
