//! One crawl: how it stands and why, live, and its results by tabs.

import { ErrorBox, Empty, Loading, ResultsBanner } from "../../components/states";
import { PageTitle } from "../../components/page-title";
import { useCrawl } from "../../live/use-crawl";
import { useThrottled } from "../../live/use-throttled";
import { crawlHref, listHref, newHref, type Params } from "../../router";
import { BrokenTab } from "../pages/broken-tab";
import { PagesTab } from "../pages/pages-tab";
import { SkippedTab } from "../pages/skipped-tab";
import { MapTab } from "../map/map-tab";
import { CrawlHeader } from "./crawl-header";
import { Overview } from "./overview";
import { SpecTab } from "./spec-tab";
import type { TabProps } from "./tab-props";

interface Props {
  namespace: string;
  name: string;
  params: Params;
}

const TABS: [id: string, label: string, view: (props: TabProps) => preact.JSX.Element][] = [
  ["overview", "Overview", Overview],
  ["pages", "Pages", PagesTab],
  ["broken", "Broken links", BrokenTab],
  ["skipped", "Skipped", SkippedTab],
  ["map", "Site map", MapTab],
  ["spec", "Spec", SpecTab],
];

/** They have an export of their own, of what they show. */
const WITH_EXPORT = ["pages", "broken", "skipped"];

/** Results follow the crawl at this pace; the header follows at once. */
const RESULTS_MS = 3_000;

export function CrawlView({ namespace, name, params }: Props) {
  const live = useCrawl({ namespace, name });
  const { crawl, error, gone } = live;
  const tick = useThrottled(crawl ? `${crawl.generation} ${crawl.results.state} ${JSON.stringify(crawl.pages)}` : "", RESULTS_MS);
  const tab = TABS.find(([id]) => id === params.tab) ?? TABS[0]!;
  const [, , Tab] = tab;
  return (
    <>
      <nav aria-label="Where you are" class="crumbs">
        <a href={listHref()}>Crawls</a>
        <span aria-hidden="true">/</span>
        <a href={listHref({ ns: namespace })}>{namespace}</a>
        <span aria-hidden="true">/</span>
      </nav>
      {!crawl && <PageTitle title={name} />}
      {gone && <Gone namespace={namespace} name={name} />}
      {error && !gone && (error.status !== 0 || !crawl) && <ErrorBox error={error} />}
      {!crawl && !error && !gone && <Loading what="the crawl" />}
      {crawl && (
        <div class={gone ? "is-stale" : ""}>
          <CrawlHeader crawl={crawl} live={live} exportAll={!WITH_EXPORT.includes(tab[0])} />
          <nav class="tabs" aria-label="Results">
            {TABS.map(([id, label]) => (
              <a key={id} href={crawlHref(namespace, name, { tab: id === "overview" ? undefined : id })} aria-current={id === tab[0] ? "page" : undefined}>
                {label}
                {id === "broken" && crawl.pages.failed > 0 && <span class="tab-count"> {crawl.pages.failed.toLocaleString("en-US")}</span>}
              </a>
            ))}
          </nav>
          <ResultsBanner results={crawl.results} />
          <Tab key={tab[0]} crawl={crawl} params={params} tick={tick} />
        </div>
      )}
    </>
  );
}

function Gone({ namespace, name }: { namespace: string; name: string }) {
  return (
    <Empty title={`${name} has been deleted.`}>
      <p>
        <a class="button" href={listHref({ ns: namespace })}>
          Back to the list
        </a>{" "}
        <a class="button" href={newHref({ ns: namespace })}>
          Add a crawl
        </a>
      </p>
    </Empty>
  );
}
