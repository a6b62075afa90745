import { useEffect, useState } from "preact/hooks";

/** A number that grows every so often while `active`. */
export function useTick(milliseconds: number, active = true): number {
  const [tick, setTick] = useState(0);
  useEffect(() => {
    if (!active) return;
    const timer = setInterval(() => setTick((n) => n + 1), milliseconds);
    return () => clearInterval(timer);
  }, [milliseconds, active]);
  return tick;
}
