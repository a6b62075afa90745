//! Loads something when its key changes or a tick comes, keeps the old answer meanwhile, and tries again by itself after an outage.

import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import { ApiError } from "../api/client";
import { useRuns } from "./use-runs";

export interface Load<T> {
  data?: T;
  error?: ApiError;
  /** The data is of an earlier key; the new is on its way. */
  stale: boolean;
  reload(): void;
}

export const RETRY_MS = 3_000;

/** `key` says what is loaded; without one nothing is. `tick` asks for the same again. */
export function useLoad<T>(key: string | undefined, load: (signal: AbortSignal) => Promise<T>, tick: unknown = 0): Load<T> {
  const [state, setState] = useState<{ key?: string; data?: T; error?: ApiError }>({});
  const [again, setAgain] = useState(0);
  const reload = useCallback(() => setAgain((n) => n + 1), []);
  const runs = useRuns(key);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);

  useEffect(() => {
    if (key === undefined) return;
    clearTimeout(timer.current);
    runs.start(async (signal) => {
      try {
        const data = await load(signal);
        if (!signal.aborted) setState({ key, data });
      } catch (thrown) {
        if (signal.aborted) return;
        const error = toApiError(thrown);
        setState((old) => (old.key === key ? { ...old, error } : { key, error }));
        if (error.passes) timer.current = setTimeout(reload, retryAfter(error));
      }
    });
  }, [key, tick, again]);
  useEffect(() => () => clearTimeout(timer.current), []);

  return { data: state.data, error: state.key === key ? state.error : undefined, stale: state.key !== key, reload };
}

export const toApiError = (thrown: unknown): ApiError => (thrown instanceof ApiError ? thrown : new ApiError(-1, String(thrown)));

export const retryAfter = (error: ApiError): number => (error.retryAfterSeconds ?? 0) * 1000 || RETRY_MS;
