import type { CrawlDetail } from "../../api/types";
import { CloseIcon } from "../../components/icons";
import { SearchField } from "../../components/search-field";
import { crawlHref, type Params } from "../../router";
import { classLabel, reasonLabel } from "../../words/reasons";
import { STATE_NAMES, STATES } from "../../words/states";
import { FILTERS, ROWS, rowsOf, type Filter } from "./filters";

interface Props {
  crawl: CrawlDetail;
  params: Params;
  /** Filters that are not to be chosen here. */
  fixed: Params;
  /** `typing` when it changes with every word, which leaves no step for the back button. */
  onChange(change: Record<string, string | undefined>, typing?: boolean): void;
  clear: string;
  children: preact.ComponentChildren;
}

export function PageFilters({ crawl, params, fixed, onChange, clear, children }: Props) {
  const codes = Object.keys(crawl.responses).filter((key) => /^\d{3}$/.test(key));
  const reasons = Object.keys(crawl.skippedByReason);
  const chips = (["host", "class", "depth"] as const).filter((name) => params[name] && !fixed[name]);
  const any = FILTERS.some((name) => params[name] && !fixed[name]);
  return (
    <form class="filters" role="search" aria-label="Filter the pages" onSubmit={(event) => event.preventDefault()}>
      <SearchField label="Search" placeholder="Part of the URL" value={params.q ?? ""} onChange={(q) => onChange({ q }, true)} />
      {!fixed.state && (
        <Choice label="State" value={params.state} choices={STATE_NAMES.map((state) => [state, STATES[state].label])} onChange={(state) => onChange({ state, ...(state === "skipped" ? {} : { reason: undefined }) })} />
      )}
      {!fixed.state && <Choice label="Status" value={params.status} choices={statusChoices(codes)} onChange={(status) => onChange({ status })} />}
      {(fixed.state === "skipped" || params.state === "skipped" || params.reason) && (
        <Choice label="Reason" value={params.reason} choices={reasons.map((reason) => [reason, reasonLabel(reason)])} onChange={(reason) => onChange({ reason })} />
      )}
      <label class="field">
        <span>Rows</span>
        <select value={rowsOf(params)} onChange={(event) => onChange({ limit: event.currentTarget.value === String(ROWS[0]) ? undefined : event.currentTarget.value })}>
          {ROWS.map((rows) => (
            <option key={rows}>{rows}</option>
          ))}
        </select>
      </label>
      <span class="push buttons">
        {any && (
          <a class="button quiet-button" href={clear}>
            Clear filters
          </a>
        )}
        {children}
      </span>
      {chips.length > 0 && (
        <p class="chips">
          {chips.map((name) => (
            <a key={name} class="chip" href={crawlHref(crawl.namespace, crawl.name, { ...params, t: undefined, [name]: undefined })} aria-label={`Remove the filter ${chipWords(name, params[name]!)}`}>
              {chipWords(name, params[name]!)} <CloseIcon />
            </a>
          ))}
        </p>
      )}
    </form>
  );
}

function chipWords(name: Filter, value: string): string {
  if (name === "class") return `Failure: ${value.split(",").map(classLabel).join(", ")}`;
  return name === "host" ? `Host: ${value}` : `Depth: ${value}`;
}

/** Whole classes first, then the codes that this crawl has seen. */
function statusChoices(codes: string[]): [string, string][] {
  const classes = [...new Set(codes.map((code) => `${code[0]}xx`))].sort();
  return [...classes.map((c): [string, string] => [c, `${c} (all)`]), ...codes.sort().map((c): [string, string] => [c, c])];
}

function Choice({ label, value = "", choices, onChange }: { label: string; value?: string; choices: [string, string][]; onChange(value: string): void }) {
  const known = value === "" || choices.some(([choice]) => choice === value);
  return (
    <label class="field">
      <span>{label}</span>
      <select value={value} onChange={(event) => onChange(event.currentTarget.value)}>
        <option value="">All</option>
        {!known && <option value={value}>{value}</option>}
        {choices.map(([choice, words]) => (
          <option key={choice} value={choice}>
            {words}
          </option>
        ))}
      </select>
    </label>
  );
}
