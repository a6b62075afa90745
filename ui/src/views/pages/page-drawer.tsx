//! All that is known of one page, beside the table.

import { get } from "../../api/client";
import { crawlPath } from "../../api/crawls";
import type { CrawlDetail, PageDetail } from "../../api/types";
import { StateBadge } from "../../components/badge";
import { CopyButton } from "../../components/copy-button";
import { Modal } from "../../components/modal";
import { ErrorBox, Loading } from "../../components/states";
import { OutsideLink, UrlText } from "../../components/url-text";
import { bytes, count, plural } from "../../format/numbers";
import { milliseconds, moment } from "../../format/times";
import { useLoad } from "../../live/use-load";
import { classLabel, reasonExplanation, reasonLabel, unreadLabel } from "../../words/reasons";
import { Referrers } from "./referrers";

interface Props {
  crawl: CrawlDetail;
  url: string;
  /** The address that shows another page here. */
  at(url: string): string;
  onClose(): void;
}

const SHOWN_LINKS = 100;

export function PageDrawer({ crawl, url, at, onClose }: Props) {
  const path = `${crawlPath(crawl)}/page`;
  const { data, error, stale } = useLoad(url, (signal) => get<PageDetail>(path, { url }, signal), `${crawl.generation} ${crawl.phase}`);
  return (
    <Modal title="Page" class="drawer" onClose={onClose}>
      <p class="whole-url">
        <OutsideLink url={url} />
        <CopyButton text={url} label="Copy URL" />
      </p>
      {error && <ErrorBox error={error} />}
      {(!data || stale) && !error && <Loading what="the page" />}
      {data && !stale && <Detail crawl={crawl} page={data} at={at} />}
    </Modal>
  );
}

function Detail({ crawl, page, at }: { crawl: CrawlDetail; page: PageDetail; at(url: string): string }) {
  return (
    <>
      {page.title && <p class="page-title">{page.title}</p>}
      <p class="why">
        <StateBadge state={page.state} /> {page.why}
      </p>
      {page.missing && <p class="banner tone-warn">{page.missing}</p>}
      <Facts page={page} at={at} />
      {page.headings && page.headings.length > 0 && (
        <section>
          <h3>Headings</h3>
          <ul class="headings">
            {page.headings.map((heading, n) => (
              <li key={n} class={`level-${Math.min(6, heading.level)}`}>
                <span class="quiet">h{heading.level}</span> {heading.text}
              </li>
            ))}
          </ul>
        </section>
      )}
      <Referrers crawl={crawl} page={page} at={at} />
      <Links page={page} at={at} />
    </>
  );
}

function Facts({ page, at }: { page: PageDetail; at(url: string): string }) {
  const validators = [page.validators?.etag && `ETag ${page.validators.etag}`, page.validators?.lastModified && `Last-Modified ${page.validators.lastModified}`].filter(Boolean);
  const facts: [string, preact.ComponentChildren][] = [
    ["Status", page.status],
    ["Failure", page.class && `${classLabel(page.class)}${page.message ? `: ${page.message}` : ""}`],
    ["Reason", page.reason && `${reasonLabel(page.reason)}. ${reasonExplanation(page.reason)}`],
    ["Redirects to", page.redirectsTo && <UrlText url={page.redirectsTo} to={at(page.redirectsTo)} />],
    ["Found on", page.foundOn && <UrlText url={page.foundOn} to={at(page.foundOn)} />],
    ["Depth", page.depth !== undefined && (page.depth === 0 ? "0: a seed" : `${plural(page.depth, "link")} away from a seed`)],
    ["Size", page.bytes !== undefined && `${bytes(page.bytes)}${page.truncated ? ", cut off at maxBodyBytes" : ""}`],
    ["Content type", page.contentType],
    ["Not read", page.unread && unreadLabel(page.unread)],
    ["Took", page.tookMs !== undefined && milliseconds(page.tookMs)],
    ["Fetched", page.fetchedAt && moment(page.fetchedAt)],
    ["Attempt", page.attempt],
    ["Language", page.language],
    ["Canonical", page.canonical && <UrlText url={page.canonical} to={at(page.canonical)} />],
    ["Validators", validators.length > 0 && validators.join(", ")],
  ];
  return (
    <dl class="facts-list">
      {facts
        .filter(([, value]) => value !== undefined && value !== false && value !== "")
        .map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
    </dl>
  );
}

function Links({ page, at }: { page: PageDetail; at(url: string): string }) {
  const links = page.links ?? [];
  const total = page.linkCount ?? links.length;
  if (page.state !== "fetched") return null;
  return (
    <section>
      <h3>
        Links on it <span class="quiet">{count(total)}</span>
      </h3>
      {links.length === 0 && <p class="quiet">None.</p>}
      <ul class="url-list">
        {links.slice(0, SHOWN_LINKS).map((link, n) => (
          <li key={n}>
            <UrlText url={link.url} to={at(link.url)} />
            {link.nofollow && <span class="quiet"> nofollow</span>}
          </li>
        ))}
      </ul>
      {total > SHOWN_LINKS && <p class="quiet">The first {count(Math.min(SHOWN_LINKS, links.length))} are shown; the export has all numbers.</p>}
    </section>
  );
}
