//! Where every URL stands: found = queued + in flight + fetched + failed + redirected + skipped. The numbers always add up, and each opens its pages.

import type { CrawlDetail } from "../../api/types";
import { bytes, count } from "../../format/numbers";
import { crawlHref } from "../../router";
import { STATE_NAMES, STATES } from "../../words/states";

export function Ledger({ crawl }: { crawl: CrawlDetail }) {
  const { pages, namespace, name } = crawl;
  const total = Math.max(1, pages.discovered);
  return (
    <section class="card ledger" aria-label="Where every URL stands">
      <div class="ledger-bar" aria-hidden="true">
        {STATE_NAMES.map((state) => pages[state] > 0 && <span key={state} class={`state-${state}`} style={{ width: `${(100 * pages[state]) / total}%` }} />)}
      </div>
      <dl class="tiles">
        <div class="tile">
          <dt>Found</dt>
          <dd>
            <a href={crawlHref(namespace, name, { tab: "pages" })}>{count(pages.discovered)}</a>
          </dd>
        </div>
        {STATE_NAMES.map((state, n) => (
          <div class={`tile ${n === 0 ? "equals" : "plus"}`} key={state}>
            <dt title={STATES[state].hint}>
              <span class={`swatch state-${state}`} aria-hidden="true" />
              {STATES[state].label}
            </dt>
            <dd>
              <a href={crawlHref(namespace, name, { tab: "pages", state })}>{count(pages[state])}</a>
            </dd>
          </div>
        ))}
      </dl>
      <dl class="tiles side">
        <div class="tile">
          <dt>Links</dt>
          <dd>{count(crawl.links)}</dd>
        </div>
        <div class="tile">
          <dt>Read</dt>
          <dd>{bytes(crawl.bytes)}</dd>
        </div>
        <div class="tile">
          <dt>Hosts</dt>
          <dd>{count(crawl.hosts)}</dd>
        </div>
        {crawl.sitemaps && (
          <div class="tile">
            <dt>Sitemaps</dt>
            <dd>
              {count(crawl.sitemaps.read)} <small>of {count(crawl.sitemaps.found)}</small>
            </dd>
          </div>
        )}
      </dl>
      {(crawl.overlooked ?? 0) > 0 && (
        <p class="quiet note">A URL was found {count(crawl.overlooked ?? 0)} times that is not remembered: a crawl knows at most ten times maxLinks and 100,000 more.</p>
      )}
    </section>
  );
}
