import type { PageState } from "../api/types";
import type { Tone } from "./phases";

interface Words {
  label: string;
  tone: Tone;
  hint: string;
}

/** Where a URL can stand, in the order of its life. */
export const STATES: Record<PageState, Words> = {
  queued: { label: "Queued", tone: "neutral", hint: "waits for its turn" },
  inFlight: { label: "In flight", tone: "active", hint: "given to a worker" },
  fetched: { label: "Fetched", tone: "good", hint: "read, its links are counted" },
  failed: { label: "Failed", tone: "bad", hint: "given up; counts towards the limit" },
  redirected: { label: "Redirected", tone: "neutral", hint: "leads elsewhere; the target is a page of its own" },
  skipped: { label: "Skipped", tone: "warn", hint: "left out, with a reason" },
};

export const STATE_NAMES = Object.keys(STATES) as PageState[];
