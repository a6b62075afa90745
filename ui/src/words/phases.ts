//! The phases of a crawl, with a tone; the tone is only a help, the word is always there.

export type Tone = "neutral" | "active" | "good" | "warn" | "bad";

export const PHASES = ["Pending", "Running", "Suspended", "Complete", "Cancelled", "Failed"] as const;

const TONES: Record<string, Tone> = {
  Pending: "neutral",
  Running: "active",
  Suspended: "warn",
  Complete: "good",
  Cancelled: "neutral",
  Failed: "bad",
};

export const phaseTone = (phase: string): Tone => TONES[phase] ?? "neutral";

/** Whether nothing more will happen, unless somebody changes the spec. */
export const hasEnded = (phase: string): boolean => phase === "Complete" || phase === "Cancelled" || phase === "Failed";
