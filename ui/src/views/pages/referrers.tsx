import { useState } from "preact/hooks";
import { get } from "../../api/client";
import { crawlPath } from "../../api/crawls";
import type { CrawlDetail, PageDetail, ReferrerList } from "../../api/types";
import { UrlText } from "../../components/url-text";
import { count } from "../../format/numbers";
import { useLoad } from "../../live/use-load";

const STEP = 50;
/** More are for the export. */
const MOST = 500;

/** The pages that lead to this one. */
export function Referrers({ crawl, page, at }: { crawl: CrawlDetail; page: PageDetail; at(url: string): string }) {
  const [limit, setLimit] = useState(STEP);
  const path = `${crawlPath(crawl)}/referrers`;
  const { data } = useLoad(`${page.url} ${limit}`, (signal) => get<ReferrerList>(path, { url: page.url, limit }, signal));
  const items = data?.items ?? page.referrers ?? [];
  const total = data?.total ?? page.referrerCount ?? items.length;
  return (
    <section>
      <h3>
        Linked from <span class="quiet">{count(total)}</span>
      </h3>
      {items.length === 0 && <p class="quiet">No known page leads to it{page.depth === 0 ? "; it is a seed" : ""}.</p>}
      <ul class="url-list">
        {items.map((referrer) => (
          <li key={referrer.url}>
            <UrlText url={referrer.url} to={at(referrer.url)} />
          </li>
        ))}
      </ul>
      {total > items.length && items.length < MOST && (
        <button type="button" class="small" onClick={() => setLimit(Math.min(MOST, limit * 2))}>
          Show more
        </button>
      )}
    </section>
  );
}
