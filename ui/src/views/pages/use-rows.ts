//! One page of a long table, from as many answers as a search needs.

import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import { ApiError, get, type Query } from "../../api/client";
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

const RETRY_MS = 3_000;

export function useRows<T, P extends Part<T>>(path: string, query: Query, cursor: string | undefined, limit: number, tick: unknown): Rows<T, P> {
  const key = JSON.stringify([path, query, cursor, limit]);
  const [state, setState] = useState<{ key?: string; rows?: Gathered<T, P>; error?: ApiError; searching: boolean }>({ searching: false });
  const [again, setAgain] = useState(0);
  const running = useRef<AbortController | undefined>(undefined);
  const shown = useRef(state);
  shown.current = state;

  const run = (before?: Gathered<T, P>) => {
    running.current?.abort();
    const abort = new AbortController();
    running.current = abort;
    const isNew = shown.current.key !== key;
    const ask = (at: string | undefined, most: number) => get<P>(path, { ...query, cursor: at, limit: most }, abort.signal);
    const show = (rows: Gathered<T, P>, searching: boolean) => {
      if (!abort.signal.aborted) setState({ key, rows, searching });
    };
    setState((old) => ({ ...old, searching: isNew || before !== undefined }));
    // A refresh shows its rows only when it is done: a table that empties itself and fills again is no good to read.
    gather<T, P>(ask, cursor, limit, (soFar) => (isNew || before) && show(soFar, true), before).then(
      (rows) => show(rows, false),
      (thrown: unknown) => {
        if (abort.signal.aborted) return;
        const error = thrown instanceof ApiError ? thrown : new ApiError(-1, String(thrown));
        setState((old) => ({ ...(old.key === key ? old : { key }), error, searching: false }));
        if (error.passes) setTimeout(() => !abort.signal.aborted && setAgain((n) => n + 1), (error.retryAfterSeconds ?? 0) * 1000 || RETRY_MS);
      },
    );
  };

  useEffect(() => {
    // A search that took its time is not begun anew with every event.
    const { rows, key: of } = shown.current;
    if (of === key && (rows?.short || (rows && rows.scanned > 100_000))) return;
    run();
  }, [key, tick, again]);
  useEffect(() => () => running.current?.abort(), []);

  const goOn = useCallback(() => shown.current.rows && run(shown.current.rows), [key]);
  const current = state.key === key;
  return { rows: state.rows, error: current ? state.error : undefined, searching: state.searching, goOn, stale: !current };
}
