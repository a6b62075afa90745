//! The way back through pages that are found by cursors: the cursors that led here, kept in the address. The last one is where we are.

export interface Step {
  /** Rows before this page. */
  from: number;
  cursor: string;
}

/** Longer ways back are cut at their beginning; "First" always leads there. */
const LONGEST = 20;

export function parseTrail(text: string | undefined): Step[] {
  if (!text) return [];
  return text.split("~").flatMap((part) => {
    const dot = part.indexOf(".");
    const from = Number(part.slice(0, dot));
    const cursor = decode(part.slice(dot + 1));
    return dot > 0 && Number.isSafeInteger(from) && from >= 0 && cursor ? [{ from, cursor }] : [];
  });
}

export function formatTrail(trail: Step[]): string {
  return trail
    .slice(-LONGEST)
    .map(({ from, cursor }) => `${from}.${encodeURIComponent(cursor).replaceAll("~", "%7E")}`)
    .join("~");
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return "";
  }
}
