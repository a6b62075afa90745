//! The site by its paths: a picture whose areas are links, and beside it the same as a list to open and close.

import { get } from "../../api/client";
import { crawlPath } from "../../api/crawls";
import type { SiteMap } from "../../api/types";
import { Empty, ErrorBox, Loading } from "../../components/states";
import { count, plural } from "../../format/numbers";
import { useLoad } from "../../live/use-load";
import { crawlHref, go } from "../../router";
import type { TabProps } from "../crawl/tab-props";
import { PageDrawer } from "../pages/page-drawer";
import { prefixParts } from "./prefix";
import { Tree } from "./tree";
import { Treemap, type SizeBy } from "./treemap";

export function MapTab({ crawl, params, tick }: TabProps) {
  const path = `${crawlPath(crawl)}/map`;
  const prefix = params.prefix ?? "";
  const sizeBy: SizeBy = params.size === "pages" ? "pages" : "links";
  const { data, error, stale } = useLoad(`${path} ${prefix}`, (signal) => get<SiteMap>(path, { prefix }, signal), tick);
  const at = (change: Record<string, string | undefined>) => crawlHref(crawl.namespace, crawl.name, { ...params, page: undefined, ...change });
  const to = (node: { prefix: string; leaf: boolean }) => (node.leaf ? at({ page: node.prefix }) : at({ prefix: node.prefix }));
  const node = data?.node;
  return (
    <section aria-label="Site map">
      <div class="map-head">
        <nav aria-label="Path" class="crumbs">
          <a href={at({ prefix: undefined })}>All hosts</a>
          {prefixParts(prefix).map((part) => (
            <span key={part.prefix}>
              <span aria-hidden="true"> / </span>
              <a href={at({ prefix: part.prefix })}>{part.name}</a>
            </span>
          ))}
        </nav>
        {node && (
          <span class="quiet">
            {plural(node.pages, "URL")}, {plural(node.links, "link")}
            {node.failed > 0 && `, ${count(node.failed)} failed`}
          </span>
        )}
        <div class="segments push" role="group" aria-label="Size by">
          {(["links", "pages"] as const).map((size) => (
            <a key={size} class="button" href={at({ size: size === "links" ? undefined : size })} aria-current={sizeBy === size ? "true" : undefined}>
              By {size}
            </a>
          ))}
        </div>
      </div>
      {error && <ErrorBox error={error} />}
      {!node && !error && <Loading what="the map" />}
      {node && node.children.length === 0 && (
        <Empty title={prefix ? "Nothing is known below this path." : "No pages yet."}>
          {prefix && (
            <a class="button" href={at({ prefix: undefined })}>
              All hosts
            </a>
          )}
        </Empty>
      )}
      {node && node.children.length > 0 && (
        <div class={`map ${stale ? "is-stale" : ""}`} aria-busy={stale}>
          <Treemap node={node} sizeBy={sizeBy} to={to} />
          <Tree crawl={crawl} node={node} to={to} />
        </div>
      )}
      {params.page !== undefined && <PageDrawer crawl={crawl} url={params.page} at={(url) => at({ page: url })} onClose={() => go(at({}))} />}
    </section>
  );
}
