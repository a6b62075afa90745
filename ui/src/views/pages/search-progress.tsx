import { count } from "../../format/numbers";
import type { Gathered, Part } from "./gather";

interface Props {
  rows: Gathered<unknown, Part<unknown>>;
  searching: boolean;
  /** How many URLs there are to search. */
  known: number;
  goOn(): void;
}

/** How far a search has come that did not fill the page yet. */
export function SearchProgress({ rows, searching, known, goOn }: Props) {
  return (
    <p class="search-progress" role="status">
      {rows.scanned > 0 ? `Searched ${count(rows.scanned)} ${known > rows.scanned ? `of ${count(known)} ` : ""}URLs` : "Searching"}
      {searching ? "…" : "."}
      {!searching && (
        <button type="button" class="small" onClick={goOn}>
          Go on
        </button>
      )}
    </p>
  );
}
