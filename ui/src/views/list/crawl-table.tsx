import type { CrawlSummary } from "../../api/types";
import { Ago } from "../../components/ago";
import { PhaseBadge } from "../../components/badge";
import { CrawlActions } from "../../components/crawl-actions";
import { ProgressBar } from "../../components/progress";
import { UrlText } from "../../components/url-text";
import { count } from "../../format/numbers";
import { moment, shortMoment } from "../../format/times";
import { crawlHref } from "../../router";

interface Props {
  crawls: CrawlSummary[];
  showNamespace: boolean;
  may: { update: boolean; delete: boolean };
  onChanged(): void;
}

export function CrawlTable({ crawls, showNamespace, may, onChanged }: Props) {
  return (
    <div class="table-box" role="region" aria-label="Crawls" tabIndex={0}>
      <table class="rows">
        <caption class="visually-hidden">Crawls, newest first</caption>
        <thead>
          <tr>
            <th scope="col">Name</th>
            {showNamespace && <th scope="col">Namespace</th>}
            <th scope="col">URL</th>
            <th scope="col">Phase</th>
            <th scope="col">Processed</th>
            <th scope="col" class="number">Found</th>
            <th scope="col" class="number">Failed</th>
            <th scope="col" class="number">Links</th>
            <th scope="col">Started</th>
            <th scope="col">Age</th>
            <th scope="col">
              <span class="visually-hidden">Actions</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {crawls.map((crawl) => (
            <Row key={crawl.uid} crawl={crawl} showNamespace={showNamespace} may={may} onChanged={onChanged} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Row({ crawl, showNamespace, may, onChanged }: Omit<Props, "crawls"> & { crawl: CrawlSummary }) {
  const { pages } = crawl;
  const processed = pages.fetched + pages.failed;
  const to = crawlHref(crawl.namespace, crawl.name);
  return (
    <tr title={crawl.sentence}>
      <th scope="row" class="name">
        <a href={to}>{crawl.name}</a>
      </th>
      {showNamespace && <td>{crawl.namespace}</td>}
      <td>
        <UrlText url={crawl.seeds[0] ?? ""} />
        {crawl.seedCount > 1 && <span class="quiet"> and {count(crawl.seedCount - 1)} more</span>}
      </td>
      <td>
        <PhaseBadge phase={crawl.phase} deleting={crawl.deleting} />
      </td>
      <td class="progress-cell">
        <span class="number-of">
          {count(processed)} <span class="quiet">of {count(crawl.maxLinks)}</span>
        </span>
        <ProgressBar processed={processed} failed={pages.failed} limit={crawl.maxLinks} label={`Progress of ${crawl.name}`} />
      </td>
      <td class="number">{count(pages.discovered)}</td>
      <td class={`number ${pages.failed > 0 ? "bad-text" : ""}`}>{count(pages.failed)}</td>
      <td class="number">{count(crawl.links)}</td>
      <td class="nowrap">{crawl.startTime ? <time dateTime={crawl.startTime} title={moment(crawl.startTime)}>{shortMoment(crawl.startTime)}</time> : <span class="quiet">not yet</span>}</td>
      <td class="nowrap">
        {crawl.createdAt && <Ago at={crawl.createdAt} />}
      </td>
      <td>
        <CrawlActions crawl={crawl} may={may} compact onChanged={onChanged} onDeleted={onChanged} />
      </td>
    </tr>
  );
}
