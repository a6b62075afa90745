//! Loads something when its key changes or a tick comes, keeps the old answer meanwhile, and tries again by itself after an outage.

import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import { ApiError } from "../api/client";

export interface Load<T> {
  data?: T;
  error?: ApiError;
  /** The data is of an earlier key; the new is on its way. */
  stale: boolean;
  reload(): void;
}

const RETRY_MS = 3_000;

/** `key` says what is loaded; without one nothing is. `tick` asks for the same again. */
export function useLoad<T>(key: string | undefined, load: (signal: AbortSignal) => Promise<T>, tick: unknown = 0): Load<T> {
  const [state, setState] = useState<{ key?: string; data?: T; error?: ApiError }>({});
  const [again, setAgain] = useState(0);
  const latest = useRef(load);
  latest.current = load;

  useEffect(() => {
    if (key === undefined) return;
    const abort = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    latest.current(abort.signal).then(
      (data) => {
        if (!abort.signal.aborted) setState({ key, data });
      },
      (thrown: unknown) => {
        if (abort.signal.aborted) return;
        const error = thrown instanceof ApiError ? thrown : new ApiError(-1, String(thrown));
        setState((old) => (old.key === key ? { ...old, error } : { key, error }));
        if (error.passes) timer = setTimeout(() => setAgain((n) => n + 1), (error.retryAfterSeconds ?? 0) * 1000 || RETRY_MS);
      },
    );
    return () => {
      abort.abort();
      clearTimeout(timer);
    };
  }, [key, tick, again]);

  const reload = useCallback(() => setAgain((n) => n + 1), []);
  return { data: state.data, error: state.key === key ? state.error : undefined, stale: state.key !== key, reload };
}
