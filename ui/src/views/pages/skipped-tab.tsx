//! What was left out, and why: the reasons with their numbers, then the URLs.

import { Bars } from "../../components/bars";
import { crawlHref } from "../../router";
import { reasonExplanation, reasonLabel } from "../../words/reasons";
import type { TabProps } from "../crawl/tab-props";
import { PagesTab } from "./pages-tab";
import { DEPTH_COLUMN, FOUND_ON_COLUMN, REASON_COLUMN, REFERRERS_COLUMN, URL_COLUMN } from "./pages-table";

const COLUMNS = [URL_COLUMN, REASON_COLUMN, FOUND_ON_COLUMN, DEPTH_COLUMN, REFERRERS_COLUMN];

export function SkippedTab({ crawl, params, tick }: TabProps) {
  const reasons = Object.entries(crawl.skippedByReason).sort(([, a], [, b]) => b - a);
  const bars = reasons.map(([reason, value]) => ({
    key: reason,
    label: reasonLabel(reason),
    hint: reasonExplanation(reason),
    value,
    tone: "warn" as const,
    to: crawlHref(crawl.namespace, crawl.name, { tab: "skipped", reason }),
  }));
  return (
    <div class="skipped">
      <Bars title="Why URLs are skipped" head="Reason" unit="URLs" bars={bars} empty="Nothing is skipped." note={params.reason && `${reasonLabel(params.reason)}: ${reasonExplanation(params.reason)}`} />
      <PagesTab crawl={crawl} params={params} tick={tick} fixed={{ state: "skipped" }} columns={COLUMNS} />
    </div>
  );
}
