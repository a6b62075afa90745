//! A search may come back short and say where it goes on: this goes on until a page is full, for a while.

export interface Part<T> {
  items: T[];
  next?: string;
  scanned?: number;
}

export interface Gathered<T, P extends Part<T>> {
  items: T[];
  next?: string;
  scanned: number;
  /** The answer that came last, for what is not rows. */
  last: P;
  /** Still fewer rows than asked for, and more to search. */
  short: boolean;
}

const PATIENCE_MS = 4_000;

export async function gather<T, P extends Part<T>>(
  ask: (cursor: string | undefined, limit: number) => Promise<P>,
  start: string | undefined,
  limit: number,
  onPart: (soFar: Gathered<T, P>) => void = () => undefined,
  before?: Gathered<T, P>,
): Promise<Gathered<T, P>> {
  const until = Date.now() + PATIENCE_MS;
  let cursor = before ? before.next : start;
  let items = before?.items ?? [];
  let scanned = before?.scanned ?? 0;
  for (;;) {
    const last = await ask(cursor, limit - items.length);
    items = [...items, ...last.items];
    scanned += last.scanned ?? 0;
    cursor = last.next ?? undefined;
    const short = items.length < limit && cursor !== undefined;
    const soFar: Gathered<T, P> = { items, scanned, last, short, ...(cursor === undefined ? {} : { next: cursor }) };
    if (!short || Date.now() > until) return soFar;
    onPart(soFar);
  }
}
