import type { PageRow } from "../../api/types";
import { StateBadge } from "../../components/badge";
import { UrlText } from "../../components/url-text";
import { bytes, count } from "../../format/numbers";
import { milliseconds, moment, shortMoment } from "../../format/times";
import type { Params } from "../../router";
import { classLabel, reasonExplanation, reasonLabel } from "../../words/reasons";
import type { Sort } from "./filters";

export interface Column {
  head: string;
  sort?: Sort;
  class?: string;
  cell(page: PageRow, pageHref: (url: string) => string): preact.ComponentChildren;
}

const dash = <span class="quiet">–</span>;
const number = (n: number | undefined, show: (n: number) => string = count) => (n === undefined ? dash : show(n));

export const URL_COLUMN: Column = { head: "URL", sort: "url", class: "name", cell: (page, to) => <UrlText url={page.url} to={to(page.url)} /> };
export const DEPTH_COLUMN: Column = { head: "Depth", sort: "depth", class: "number", cell: (page) => number(page.depth) };
export const REFERRERS_COLUMN: Column = { head: "Linked from", sort: "referrers", class: "number", cell: (page) => count(page.referrers) };
export const REASON_COLUMN: Column = {
  head: "Reason",
  class: "nowrap",
  cell: (page) => <span title={reasonExplanation(page.reason ?? "")}>{page.reason ? reasonLabel(page.reason) : dash}</span>,
};
export const FOUND_ON_COLUMN: Column = { head: "Found on", class: "wrap", cell: (page, to) => (page.foundOn ? <UrlText url={page.foundOn} to={to(page.foundOn)} /> : <span class="quiet">a seed</span>) };

export const COLUMNS: Column[] = [
  URL_COLUMN,
  { head: "Links", sort: "links", class: "number", cell: (page) => number(page.links !== undefined && page.links >= 0 ? page.links : undefined) },
  { head: "State", cell: (page) => <StateBadge state={page.state} /> },
  { head: "Status", sort: "status", class: "nowrap", cell: (page) => <Status page={page} /> },
  DEPTH_COLUMN,
  { head: "Size", sort: "bytes", class: "number nowrap", cell: (page) => number(page.bytes, bytes) },
  { head: "Took", sort: "took", class: "number nowrap", cell: (page) => number(page.tookMs, milliseconds) },
  { head: "Fetched", sort: "fetchedAt", class: "nowrap", cell: (page) => (page.fetchedAt ? <time dateTime={page.fetchedAt} title={moment(page.fetchedAt)}>{shortMoment(page.fetchedAt)}</time> : dash) },
  REFERRERS_COLUMN,
];

interface Props {
  pages: PageRow[];
  columns?: Column[];
  params: Params;
  sortHref(sort: Sort): string;
  pageHref(url: string): string;
}

export function PagesTable({ pages, columns = COLUMNS, params, sortHref, pageHref }: Props) {
  return (
    <div class="table-box" role="region" aria-label="Table of pages" tabIndex={0}>
      <table class="rows">
        <caption class="visually-hidden">Pages of the crawl</caption>
        <thead>
          <tr>
            {columns.map((column) => (
              <Head key={column.head} column={column} params={params} sortHref={sortHref} />
            ))}
          </tr>
        </thead>
        <tbody>
          {pages.map((page) => (
            <tr key={page.id}>
              {columns.map((column) => (
                <td key={column.head} class={column.class}>
                  {column.cell(page, pageHref)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Head({ column: { head, sort, class: className }, params, sortHref }: { column: Column; params: Params; sortHref(sort: Sort): string }) {
  if (!sort) return <th scope="col" class={className}>{head}</th>;
  const by = params.sort === sort ? (params.order === "desc" ? "descending" : "ascending") : "none";
  return (
    <th scope="col" class={className} aria-sort={by}>
      <a class="sort" href={sortHref(sort)} title={`Sort by ${head}`}>
        {head}
        <span class="arrow" aria-hidden="true">
          {by === "ascending" ? "▲" : by === "descending" ? "▼" : ""}
        </span>
      </a>
    </th>
  );
}

/** The status code, or why there is none. */
function Status({ page }: { page: PageRow }) {
  if (page.status !== undefined) return <span class={page.status >= 400 ? "bad-text" : ""}>{page.status}</span>;
  if (page.class) return <span class="bad-text" title={page.message}>{classLabel(page.class)}</span>;
  if (page.reason) return <span title={reasonExplanation(page.reason)}>{reasonLabel(page.reason)}</span>;
  return dash;
}
