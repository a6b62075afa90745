import type { CrawlDetail } from "../../api/types";
import type { Params } from "../../router";

/** What every tab of a crawl is given. */
export interface TabProps {
  crawl: CrawlDetail;
  params: Params;
  /** Changes when there may be new results. */
  tick: string;
}
