//! The table of pages: paged, sorted and filtered by the service, with all of it in the address.

import { crawlPath } from "../../api/crawls";
import type { PageList, PageRow } from "../../api/types";
import { Empty, ErrorBox, Loading, ResultsBanner } from "../../components/states";
import { count } from "../../format/numbers";
import { crawlHref, go, type Params } from "../../router";
import type { TabProps } from "../crawl/tab-props";
import { ExportMenu } from "./export-menu";
import { isFiltered, nextOrder, rowsOf, toQuery, type Sort } from "./filters";
import { PageDrawer } from "./page-drawer";
import { PageFilters } from "./page-filters";
import { PagesTable, type Column } from "./pages-table";
import { RowsPager } from "./rows-pager";
import { SearchProgress } from "./search-progress";
import { parseTrail } from "./trail";
import { useRows } from "./use-rows";

interface Props extends TabProps {
  /** Of what kind the pages are, whatever the address says. */
  fixed?: Params;
  columns?: Column[];
}

export function PagesTab({ crawl, params, tick, fixed = {}, columns }: Props) {
  const path = crawlPath(crawl);
  const asked = { ...params, ...fixed };
  const query = toQuery(asked);
  const limit = rowsOf(params);
  const trail = parseTrail(params.t);
  const { rows, error, searching, stale, goOn } = useRows<PageRow, PageList>(`${path}/pages`, query, trail.at(-1)?.cursor, limit, tick);

  const at = (change: Record<string, string | undefined>) => crawlHref(crawl.namespace, crawl.name, { ...params, page: undefined, ...change });
  const filter = (change: Record<string, string | undefined>, typing = false) => go(at({ t: undefined, ...change }), typing);
  const results = rows?.last.results;
  return (
    <section aria-label="Pages">
      <PageFilters crawl={crawl} params={params} fixed={fixed} onChange={filter} clear={crawlHref(crawl.namespace, crawl.name, { tab: params.tab })}>
        <ExportMenu path={path} query={query} name={crawl.name} />
      </PageFilters>
      {results && results.state !== crawl.results.state && <ResultsBanner results={results} />}
      {error && <ErrorBox error={error} />}
      {!rows && !error && <Loading what="the pages" />}
      {rows && (
        <div class={stale ? "is-stale" : ""} aria-busy={stale || searching}>
          {rows.items.length > 0 && (
            <PagesTable
              pages={rows.items}
              columns={columns}
              params={asked}
              sortHref={(sort: Sort) => at({ t: undefined, ...{ sort: undefined, order: undefined }, ...nextOrder(params, sort) })}
              pageHref={(url) => at({ page: url })}
            />
          )}
          {(rows.short || searching) && <SearchProgress rows={rows} searching={searching} known={crawl.pages.discovered} goOn={goOn} />}
          {rows.items.length === 0 && !rows.short && !searching && !stale && (
            <NoPages filtered={isFiltered(asked)} clear={crawlHref(crawl.namespace, crawl.name, { tab: params.tab })} phase={crawl.phase} />
          )}
          {rows.items.length > 0 && (
            <RowsPager trail={trail} shown={rows.items.length} next={rows.next} at={(t) => at({ t })}>
              {rows.last.matched !== undefined && ` of ${count(rows.last.matched)}`}
            </RowsPager>
          )}
        </div>
      )}
      {params.page !== undefined && <PageDrawer crawl={crawl} url={params.page} at={(url) => at({ page: url })} onClose={() => go(at({}))} />}
    </section>
  );
}

function NoPages({ filtered, clear, phase }: { filtered: boolean; clear: string; phase: string }) {
  if (filtered) {
    return (
      <Empty title="No page matches these filters.">
        <a class="button" href={clear}>
          Clear the filters
        </a>
      </Empty>
    );
  }
  return <Empty title="No pages yet.">{phase === "Pending" && <p>The crawl has not started. The sentence above says what it waits for.</p>}</Empty>;
}
