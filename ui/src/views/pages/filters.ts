//! What the table of pages is filtered and sorted by; the names are those of the service and of the address.

import type { Query } from "../../api/client";
import type { Params } from "../../router";

export const FILTERS = ["q", "state", "status", "host", "reason", "class", "depth"] as const;
export type Filter = (typeof FILTERS)[number];

export const SORTS = ["url", "links", "status", "depth", "bytes", "took", "fetchedAt", "referrers"] as const;
export type Sort = (typeof SORTS)[number];

export const ROWS = [50, 100];

/** Filters and order of an address, as the service takes them. */
export function toQuery(params: Params): Query {
  const query: Query = {};
  for (const name of FILTERS) query[name] = params[name];
  if ((SORTS as readonly string[]).includes(params.sort ?? "")) {
    query.sort = params.sort;
    query.order = params.order === "desc" ? "desc" : "asc";
  }
  return query;
}

/** As many rows as the address asks for, of those that are offered. */
export function rowsOf(params: Params): number {
  const rows = Number(params.limit);
  return ROWS.includes(rows) ? rows : ROWS[0]!;
}

/** Up, down, and back to the order in which pages were found. Numbers begin with the largest. */
export function nextOrder(params: Params, sort: Sort): { sort?: string; order?: string } {
  const first = sort === "url" ? "asc" : "desc";
  const second = first === "asc" ? "desc" : "asc";
  if (params.sort !== sort) return { sort, order: first };
  return params.order === first ? { sort, order: second } : { sort: undefined, order: undefined };
}

export const isFiltered = (params: Params): boolean => FILTERS.some((name) => params[name]);
