//! What stands where data should be: nothing yet, nothing at all, or an error, each with what to do.

import { ApiError } from "../api/client";
import type { ResultsState } from "../api/types";

export function Empty({ title, children }: { title: string; children?: preact.ComponentChildren }) {
  return (
    <div class="empty">
      <p class="empty-title">{title}</p>
      {children}
    </div>
  );
}

export const Loading = ({ what }: { what: string }) => (
  <p class="loading" role="status">
    Loading {what}…
  </p>
);

const TITLES: Record<number, string> = {
  0: "No answer",
  403: "Not allowed",
  404: "Not found",
  429: "Too many requests",
  503: "Not available now",
};

/** An error in the service's own words. */
export function ErrorBox({ error }: { error: ApiError }) {
  const title = TITLES[error.status] ?? (error.status >= 500 ? "The service failed" : "That did not work");
  return (
    <div class="banner tone-bad" role="alert">
      <p>
        <strong>{title}.</strong> {error.message}
      </p>
      {error.passes && <p class="quiet">Trying again by itself.</p>}
      {error.status === 403 && <p class="quiet">Ask an administrator for this right, or sign in with another token.</p>}
    </div>
  );
}

/** What is to know about the results: that they still load, or are of an earlier moment, or are no more. */
export function ResultsBanner({ results }: { results?: ResultsState }) {
  if (!results) return null;
  const words = {
    none: "",
    live: "",
    complete: "",
    loading: "The results are being read; numbers and rows are still incomplete.",
    stale: "The message broker does not answer: these results are of an earlier moment.",
    lost: "The results of this crawl are gone: its log is no longer in the broker.",
    tooLarge: "The results of this crawl are larger than the service may keep in memory.",
  }[results.state];
  if (!words) return null;
  return (
    <p class={`banner ${results.state === "loading" ? "tone-active" : "tone-warn"}`} role="status">
      {results.message || words}
    </p>
  );
}
