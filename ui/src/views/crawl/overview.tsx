import { get } from "../../api/client";
import { crawlPath } from "../../api/crawls";
import type { Breakdown, CrawlDetail, Timeline } from "../../api/types";
import { Bars, type Bar } from "../../components/bars";
import { ErrorBox, Loading } from "../../components/states";
import { count, plural } from "../../format/numbers";
import { useLoad } from "../../live/use-load";
import { crawlHref } from "../../router";
import type { Tone } from "../../words/phases";
import { reasonExplanation, reasonLabel, responseLabel } from "../../words/reasons";
import { Ledger } from "./ledger";
import type { TabProps } from "./tab-props";
import { TimelineCharts } from "./timeline";

const SHOWN_HOSTS = 10;

export function Overview({ crawl, tick }: TabProps) {
  const path = crawlPath(crawl);
  const breakdown = useLoad(`${path}/breakdown`, (signal) => get<Breakdown>(`${path}/breakdown`, {}, signal), tick);
  const timeline = useLoad(`${path}/timeline`, (signal) => get<Timeline>(`${path}/timeline`, {}, signal), tick);
  return (
    <div class="overview">
      <Ledger crawl={crawl} />
      <TimelineCharts points={timeline.data?.points} error={timeline.error} />
      <div class="cards">
        {breakdown.data ? <AllBars crawl={crawl} breakdown={breakdown.data} /> : breakdown.error ? <ErrorBox error={breakdown.error} /> : <Loading what="the numbers" />}
      </div>
    </div>
  );
}

function AllBars({ crawl, breakdown }: { crawl: CrawlDetail; breakdown: Breakdown }) {
  const pages = (params: Record<string, string | number>) => crawlHref(crawl.namespace, crawl.name, { tab: "pages", ...params });
  const statuses: Bar[] = breakdown.statuses.map(({ key, pages: value }) => {
    const isCode = /^\d{3}$/.test(key);
    return { key, label: responseLabel(key), value, tone: statusTone(key), to: pages(isCode ? { status: key } : { class: key }) };
  });
  const reasons: Bar[] = breakdown.reasons.map(({ reason, pages: value }) => ({
    key: reason,
    label: reasonLabel(reason),
    hint: reasonExplanation(reason),
    value,
    tone: "warn",
    to: crawlHref(crawl.namespace, crawl.name, { tab: "skipped", reason }),
  }));
  const hosts: Bar[] = breakdown.hosts.slice(0, SHOWN_HOSTS).map(({ host, pages: value, failed }) => ({ key: host, label: host || "none", value, failed, to: host ? pages({ host }) : undefined }));
  const depths: Bar[] = breakdown.depths.map(({ depth, pages: value, failed }) => ({ key: String(depth), label: depth === 0 ? "Seeds" : `${plural(depth, "link")} away`, value, failed, to: pages({ depth }) }));
  const types: Bar[] = breakdown.types.map(({ type, pages: value }) => ({ key: type, label: type || "none given", value }));
  const moreHosts = breakdown.hostCount - hosts.length;
  return (
    <>
      <Bars title="Status codes" head="Status" bars={statuses} empty="No answer yet." />
      <Bars title="Why URLs are skipped" head="Reason" unit="URLs" bars={reasons} empty="Nothing is skipped." />
      <Bars title="Hosts" head="Host" unit="URLs" bars={hosts} empty="No host yet." note={moreHosts > 0 && `and ${count(moreHosts)} more`} />
      <Bars title="Depth" head="Links from a seed" unit="URLs" bars={depths} empty="No URL yet." />
      <Bars title="Content types" head="Type" bars={types} empty="No page yet." />
    </>
  );
}

function statusTone(key: string): Tone {
  if (key.startsWith("2")) return "good";
  if (key.startsWith("3")) return "neutral";
  return "bad";
}
