import type { PageState } from "../api/types";
import { phaseTone, type Tone } from "../words/phases";
import { STATES } from "../words/states";

/** A word with a dot of colour: the word says it, the colour only helps. */
export function Badge({ tone, children }: { tone: Tone; children: preact.ComponentChildren }) {
  return <span class={`badge tone-${tone}`}>{children}</span>;
}

export const PhaseBadge = ({ phase, deleting }: { phase: string; deleting?: boolean }) => (
  <Badge tone={deleting ? "neutral" : phaseTone(phase)}>{deleting ? "Deleting" : phase}</Badge>
);

export function StateBadge({ state }: { state: PageState }) {
  const words = STATES[state];
  return <Badge tone={words?.tone ?? "neutral"}>{words?.label ?? state}</Badge>;
}
