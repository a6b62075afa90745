//! Broken links, each with the pages to mend.

import { crawlPath } from "../../api/crawls";
import type { BrokenLink, BrokenList } from "../../api/types";
import { SearchField } from "../../components/search-field";
import { Empty, ErrorBox, Loading } from "../../components/states";
import { UrlText } from "../../components/url-text";
import { count, plural } from "../../format/numbers";
import { crawlHref, go } from "../../router";
import { CLASS_NAMES, classLabel } from "../../words/reasons";
import type { TabProps } from "../crawl/tab-props";
import { ExportMenu } from "./export-menu";
import { rowsOf } from "./filters";
import { PageDrawer } from "./page-drawer";
import { RowsPager } from "./rows-pager";
import { SearchProgress } from "./search-progress";
import { parseTrail } from "./trail";
import { useRows } from "./use-rows";

const SHOWN_REFERRERS = 3;

export function BrokenTab({ crawl, params, tick }: TabProps) {
  const path = crawlPath(crawl);
  const query = { q: params.q, class: params.class, status: params.status, host: params.host };
  const trail = parseTrail(params.t);
  const { rows, error, stale, searching, goOn } = useRows<BrokenLink, BrokenList>(`${path}/broken`, query, trail.at(-1)?.cursor, rowsOf(params), tick);
  const at = (change: Record<string, string | undefined>) => crawlHref(crawl.namespace, crawl.name, { ...params, page: undefined, ...change });
  const classes = CLASS_NAMES.filter((name) => name === params.class || name === "httpStatus" || crawl.responses[name]);
  return (
    <section aria-label="Broken links">
      <form class="filters" role="search" aria-label="Filter the broken links" onSubmit={(event) => event.preventDefault()}>
        <SearchField label="Search" placeholder="Part of the URL" value={params.q ?? ""} onChange={(q) => go(at({ t: undefined, q }), true)} />
        <label class="field">
          <span>Failure</span>
          <select value={params.class ?? ""} onChange={(event) => go(at({ t: undefined, class: event.currentTarget.value }))}>
            <option value="">All</option>
            {classes.map((name) => (
              <option key={name} value={name}>
                {classLabel(name)}
              </option>
            ))}
          </select>
        </label>
        <span class="push buttons">
          <ExportMenu path={path} query={{ ...query, state: "failed" }} name={`${crawl.name}-broken`} />
        </span>
      </form>
      {error && <ErrorBox error={error} />}
      {!rows && !error && <Loading what="the broken links" />}
      {rows && (rows.short || (searching && rows.next)) && <SearchProgress rows={rows} searching={searching} known={crawl.pages.discovered} goOn={goOn} />}
      {rows && rows.items.length === 0 && !stale && !rows.short && !searching && (
        <Empty title={params.q || params.class ? "No broken link matches." : "No broken links."}>
          <p class="quiet">{plural(crawl.pages.fetched, "page")} fetched without a failure here.</p>
        </Empty>
      )}
      {rows && rows.items.length > 0 && (
        <div class={stale ? "is-stale" : ""} aria-busy={stale}>
          <BrokenTable broken={rows.items} at={(url) => at({ page: url })} />
          <RowsPager trail={trail} shown={rows.items.length} next={rows.next} at={(t) => at({ t })}>
            {rows.last.total !== undefined && ` of ${count(rows.last.total)}`}
          </RowsPager>
        </div>
      )}
      {params.page !== undefined && <PageDrawer crawl={crawl} url={params.page} at={(url) => at({ page: url })} onClose={() => go(at({}))} />}
    </section>
  );
}

function BrokenTable({ broken, at }: { broken: BrokenLink[]; at(url: string): string }) {
  return (
    <div class="table-box" role="region" aria-label="Table of broken links" tabIndex={0}>
      <table class="rows top">
        <caption class="visually-hidden">Broken links and the pages that link to them</caption>
        <thead>
          <tr>
            <th scope="col">Broken URL</th>
            <th scope="col">What happened</th>
            <th scope="col">Linked from</th>
          </tr>
        </thead>
        <tbody>
          {broken.map((link) => (
            <tr key={link.url}>
              <td class="name">
                <UrlText url={link.url} to={at(link.url)} />
              </td>
              <td class="wrap">
                <strong class="bad-text">{link.status ?? classLabel(link.class ?? "other")}</strong> <span class="quiet">{link.message}</span>
              </td>
              <td class="wrap">
                <From link={link} at={at} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function From({ link, at }: { link: BrokenLink; at(url: string): string }) {
  if (link.referrerCount === 0) return <span class="quiet">a seed or a sitemap</span>;
  const more = link.referrerCount - Math.min(SHOWN_REFERRERS, link.referrers.length);
  return (
    <ul class="url-list tight">
      {link.referrers.slice(0, SHOWN_REFERRERS).map((url) => (
        <li key={url}>
          <UrlText url={url} to={at(url)} />
        </li>
      ))}
      {more > 0 && (
        <li>
          <a href={at(link.url)}>and {count(more)} more</a>
        </li>
      )}
    </ul>
  );
}
