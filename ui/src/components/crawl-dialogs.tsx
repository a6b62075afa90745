//! The questions that are asked before a crawl is changed for good.

import { useState } from "preact/hooks";
import type { CrawlSummary } from "../api/types";
import { count, plural } from "../format/numbers";
import { hasEnded } from "../words/phases";
import { Modal } from "./modal";

interface Props {
  crawl: CrawlSummary;
  busy: boolean;
  onClose(): void;
}

export const LARGEST_LIMIT = 1_000_000_000;

/** The number that was typed, or why it is none. */
export function readLimit(text: string): { value: number } | { message: string } {
  const digits = text.replace(/[\s,_]/g, "");
  const value = Number(digits);
  if (!/^\d{1,10}$/.test(digits) || value < 1 || value > LARGEST_LIMIT) {
    return { message: "Write a whole number from 1 to 1,000,000,000, for example 1000." };
  }
  return { value };
}

export function DeleteDialog({ crawl, busy, onClose, onSure }: Props & { onSure(): void }) {
  return (
    <Modal title={`Delete ${crawl.name}?`} onClose={onClose}>
      <p>
        The crawl and its results are discarded: {plural(crawl.pages.fetched, "fetched page")} and {plural(crawl.links, "link")}. This cannot be undone.
      </p>
      {!hasEnded(crawl.phase) && <p class="quiet">To stop it and keep the results, cancel it instead.</p>}
      <div class="buttons end">
        <button type="button" onClick={onClose}>
          Keep it
        </button>
        <button type="button" class="danger primary" disabled={busy} onClick={onSure}>
          Delete
        </button>
      </div>
    </Modal>
  );
}

export function CancelDialog({ crawl, busy, onClose, onSure }: Props & { onSure(): void }) {
  return (
    <Modal title={`Cancel ${crawl.name}?`} onClose={onClose}>
      <p>
        Nothing more is fetched; {plural(crawl.pages.queued, "URL")} still {crawl.pages.queued === 1 ? "waits" : "wait"}. The results are kept, and the crawl can go on later.
      </p>
      <div class="buttons end">
        <button type="button" onClick={onClose}>
          Let it run
        </button>
        <button type="button" class="primary" disabled={busy} onClick={onSure}>
          Cancel crawl
        </button>
      </div>
    </Modal>
  );
}

export function LimitDialog({ crawl, busy, onClose, onSure }: Props & { onSure(maxLinks: number): void }) {
  const [text, setText] = useState(String(crawl.maxLinks * 2));
  const read = readLimit(text);
  const message = "message" in read ? read.message : undefined;
  const submit = (event: Event) => {
    event.preventDefault();
    if ("value" in read) onSure(read.value);
  };
  return (
    <Modal title="Raise the limit" onClose={onClose}>
      <form onSubmit={submit}>
        <p>
          {crawl.name} may process {plural(crawl.maxLinks, "page")} now; {count(crawl.pages.fetched + crawl.pages.failed)} are done. It may be raised at any time, also after the end: then the crawl goes on.
        </p>
        <label for="new-limit">maxLinks</label>
        <input id="new-limit" inputMode="numeric" autocomplete="off" value={text} aria-invalid={message !== undefined} aria-describedby="new-limit-error" onInput={(event) => setText(event.currentTarget.value)} />
        <p class="field-error" id="new-limit-error" role="alert">
          {message}
        </p>
        <div class="buttons end">
          <button type="button" onClick={onClose}>
            Leave it
          </button>
          <button type="submit" class="primary" disabled={busy || message !== undefined}>
            Save
          </button>
        </div>
      </form>
    </Modal>
  );
}
