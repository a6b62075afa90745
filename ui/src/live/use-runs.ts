import { useEffect, useRef } from "preact/hooks";

type Run = (signal: AbortSignal) => Promise<void>;

interface Runs {
  /** Now, or once after the one that is under way: an answer that takes longer than the next tick is waited for, not asked for anew. */
  start(run: Run): void;
  /** Now, in place of the one that is under way. */
  replace(run: Run): void;
}

/** One request at a time for what `key` says; another key and the end of the component break it off. */
export function useRuns(key: string | undefined): Runs {
  const running = useRef<AbortController>(undefined);
  const next = useRef<Run>(undefined);
  const runs = useRef<Runs>(undefined);

  // Before the effects of those who use it, which are declared later and so run later.
  useEffect(
    () => () => {
      next.current = undefined;
      running.current?.abort();
      running.current = undefined;
    },
    [key],
  );

  runs.current ??= {
    start(run) {
      if (running.current) next.current = run;
      else this.replace(run);
    },
    replace(run) {
      running.current?.abort();
      next.current = undefined;
      const own = new AbortController();
      running.current = own;
      void run(own.signal).finally(() => {
        if (running.current !== own) return;
        running.current = undefined;
        const waiting = next.current;
        next.current = undefined;
        if (waiting) this.replace(waiting);
      });
    },
  };
  return runs.current;
}
