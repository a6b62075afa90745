import { address } from "../../api/client";
import { crawlPath } from "../../api/crawls";
import { token } from "../../api/token";
import type { CrawlDetail } from "../../api/types";
import { PhaseBadge } from "../../components/badge";
import { CrawlActions } from "../../components/crawl-actions";
import { LiveButton } from "../../components/live-button";
import { Menu } from "../../components/menu";
import { notify } from "../../components/notices";
import { PageTitle } from "../../components/page-title";
import { ProgressBar } from "../../components/progress";
import { OutsideLink } from "../../components/url-text";
import { copyText } from "../../copy/clipboard";
import { curlGet, kubectlGet, manifest } from "../../copy/crawl";
import { count, rate } from "../../format/numbers";
import { moment, span } from "../../format/times";
import { shorten } from "../../format/urls";
import type { LiveCrawl } from "../../live/use-crawl";
import { newHref } from "../../router";
import { ExportMenu } from "../pages/export-menu";


export function CrawlHeader({ crawl, live, exportAll }: { crawl: CrawlDetail; live: LiveCrawl; exportAll: boolean }) {
  return (
    <header class="crawl-head">
      <div class="title-row">
        <PageTitle title={crawl.name} />
        <PhaseBadge phase={crawl.phase} deleting={crawl.deleting} />
        <LiveButton connection={live.connection} paused={live.paused} setPaused={live.setPaused} />
        <span class="push buttons actions">
          <CrawlActions crawl={crawl} may={crawl.may} onChanged={live.show} onDeleted={() => undefined} />
          {exportAll && <ExportMenu path={crawlPath(crawl)} query={{}} name={crawl.name} of="all pages" />}
          <CopyMenu crawl={crawl} />
        </span>
      </div>
      <p class="sentence">{crawl.sentence}</p>
      {/* Numbers change every second; only the phase is worth an interruption. */}
      <p class="visually-hidden" role="status">
        {crawl.name} is {crawl.phase}
      </p>
      <Progress crawl={crawl} />
      <p class="quiet facts">
        <span>
          From{" "}
          {crawl.seeds.map((seed, n) => (
            <span key={seed}>
              {n > 0 && ", "}
              <OutsideLink url={seed}>{shorten(seed)}</OutsideLink>
            </span>
          ))}
          {crawl.seedCount > crawl.seeds.length && ` and ${count(crawl.seedCount - crawl.seeds.length)} more`}
        </span>
        <Times crawl={crawl} />
      </p>
    </header>
  );
}

function Progress({ crawl }: { crawl: CrawlDetail }) {
  const { pages, maxLinks } = crawl;
  const processed = pages.fetched + pages.failed;
  const { pagesPerSecond, secondsLeft } = crawl.rate ?? {};
  const running = crawl.phase === "Running";
  return (
    <div class="head-progress">
      <ProgressBar processed={processed} failed={pages.failed} limit={maxLinks} label="Pages processed" />
      <p>
        <strong>{count(processed)}</strong> of at most {count(maxLinks)} pages processed
        {pages.failed > 0 && <span class="bad-text">, {count(pages.failed)} failed</span>}
        {running && pagesPerSecond !== undefined && <span class="quiet"> · {rate(pagesPerSecond)}</span>}
        {running && secondsLeft !== undefined && <span class="quiet"> · about {span(secondsLeft)} left</span>}
      </p>
    </div>
  );
}

function Times({ crawl }: { crawl: CrawlDetail }) {
  const { startTime, completionTime } = crawl;
  if (!startTime) return <span>{crawl.createdAt ? `Created ${moment(crawl.createdAt)}, not` : "Not"} started yet</span>;
  if (!completionTime) return <span>Started {moment(startTime)}</span>;
  return (
    <span>
      Started {moment(startTime)}, took {span((Date.parse(completionTime) - Date.parse(startTime)) / 1000)}
    </span>
  );
}

function CopyMenu({ crawl }: { crawl: CrawlDetail }) {
  const copy = async (what: string, text: string) => {
    const done = await copyText(text);
    notify(done ? `${what} copied.` : "The browser does not let this page copy.", !done);
  };
  const { namespace, name, spec } = crawl;
  return (
    <Menu label="Copy as">
      <button type="button" onClick={() => void copy("YAML", manifest(namespace, { name, spec }))}>
        YAML
      </button>
      <button type="button" onClick={() => void copy("kubectl command", kubectlGet(crawl))}>
        kubectl
      </button>
      <button type="button" onClick={() => void copy("curl command", curlGet(address(crawlPath(crawl)), token.get() !== ""))}>
        curl
      </button>
      <button type="button" onClick={() => void copy("Link", location.href)}>
        Link to this view
      </button>
      <a href={newHref({ from: `${namespace}/${name}` })}>New crawl from this one</a>
    </Menu>
  );
}
