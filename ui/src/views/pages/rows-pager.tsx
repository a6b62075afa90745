import { Pager } from "../../components/pager";
import { count } from "../../format/numbers";
import { formatTrail, type Step } from "./trail";

interface Props {
  trail: Step[];
  shown: number;
  next?: string;
  /** The address with this way back. */
  at(t: string | undefined): string;
  children?: preact.ComponentChildren;
}

export function RowsPager({ trail, shown, next, at, children }: Props) {
  const from = trail.at(-1)?.from ?? 0;
  const to = (steps: Step[]) => at(formatTrail(steps) || undefined);
  return (
    <Pager
      first={trail.length > 0 ? to([]) : undefined}
      previous={trail.length > 0 ? to(trail.slice(0, -1)) : undefined}
      next={!next ? undefined : to([...trail, { from: from + shown, cursor: next }])}
    >
      Rows {count(from + 1)} to {count(from + shown)}
      {children}
    </Pager>
  );
}
