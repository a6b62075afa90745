//! Bars with their numbers: a real table, so that it can be read out, copied and searched.

import { useId } from "preact/hooks";
import { count, percent } from "../format/numbers";
import type { Tone } from "../words/phases";

export interface Bar {
  key: string;
  label: string;
  value: number;
  /** Part of the value that failed, shown in another colour. */
  failed?: number;
  tone?: Tone;
  hint?: string;
  /** Opens the pages that are counted here. */
  to?: string;
}

interface Props {
  title: string;
  /** What the rows are: "Status code". */
  head: string;
  /** What is counted: "Pages". */
  unit?: string;
  bars: Bar[];
  empty: string;
  note?: preact.ComponentChildren;
}

export function Bars({ title, head, unit = "Pages", bars, empty, note }: Props) {
  const id = useId();
  const most = Math.max(1, ...bars.map((bar) => bar.value));
  const total = bars.reduce((sum, bar) => sum + bar.value, 0);
  return (
    <section class="card">
      <h2 id={id}>{title}</h2>
      {bars.length === 0 ? (
        <p class="quiet">{empty}</p>
      ) : (
        <table class="bars" aria-labelledby={id}>
          <thead class="visually-hidden">
            <tr>
              <th scope="col">{head}</th>
              <th scope="col">Share</th>
              <th scope="col">{unit}</th>
            </tr>
          </thead>
          <tbody>
            {bars.map((bar) => (
              <tr key={bar.key}>
                <th scope="row" title={bar.hint}>
                  {bar.to ? <a href={bar.to}>{bar.label}</a> : bar.label}
                </th>
                <td class="bar-cell">
                  <span class="visually-hidden">{percent(bar.value / total)}</span>
                  <span class={`bar tone-${bar.tone ?? "active"}`} style={{ width: `${(100 * bar.value) / most}%` }}>
                    {bar.failed ? <span class="bar-failed" style={{ width: `${(100 * bar.failed) / bar.value}%` }} /> : null}
                  </span>
                </td>
                <td class="number">{count(bar.value)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {note && <p class="quiet note">{note}</p>}
    </section>
  );
}
