import { count } from "../format/numbers";

/** How many of at most how many pages are processed; no percentage of a total that grows. */
export function ProgressBar({ processed, failed, limit, label }: { processed: number; failed: number; limit: number; label: string }) {
  const share = (n: number) => `${limit > 0 ? Math.min(100, (100 * n) / limit) : 0}%`;
  return (
    <div
      class="progress"
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={limit}
      aria-valuenow={Math.min(processed, limit)}
      aria-valuetext={`${count(processed)} of at most ${count(limit)} pages`}
    >
      <span class="fill good" style={{ width: share(processed - failed) }} />
      <span class="fill bad" style={{ width: share(failed) }} />
    </div>
  );
}
