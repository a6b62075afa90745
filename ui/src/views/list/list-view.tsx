//! The list of crawls: newest first, live, filtered by the service.

import { useState } from "preact/hooks";
import { listCrawls } from "../../api/crawls";
import type { Session } from "../../api/types";
import { LiveButton } from "../../components/live-button";
import { PageTitle } from "../../components/page-title";
import { Pager } from "../../components/pager";
import { SearchField } from "../../components/search-field";
import { ErrorBox, Loading } from "../../components/states";
import { count, plural } from "../../format/numbers";
import { useLoad } from "../../live/use-load";
import { useTick } from "../../live/use-tick";
import { useVisible } from "../../live/use-visible";
import { go, listHref, newHref, type Params } from "../../router";
import { PHASES } from "../../words/phases";
import { formatTrail, parseTrail } from "../pages/trail";
import { CrawlTable } from "./crawl-table";
import { NoCrawls } from "./no-crawls";

const ROWS = 50;
const POLL_MS = 2_500;

export function ListView({ params, session }: { params: Params; session: Session }) {
  const [paused, setPaused] = useState(false);
  const visible = useVisible();
  const tick = useTick(POLL_MS, visible && !paused);
  const trail = parseTrail(params.t);
  const here = trail.at(-1);
  const namespace = params.ns || (session.allNamespaces ? undefined : session.namespace);
  const query = { phase: params.phase, q: params.q, limit: ROWS, cursor: here?.cursor };
  const key = JSON.stringify([namespace, query]);
  const { data, error, stale, reload } = useLoad(key, (signal) => listCrawls(namespace, query, signal), tick);

  const filter = (change: Params) => go(listHref({ ...params, t: undefined, ...change }), "q" in change);
  const filtered = Boolean(params.q || params.phase);
  const namespaces = [...new Set([session.namespace, ...session.namespaces])].sort();
  const connection = !visible || paused ? "paused" : error?.passes ? "reconnecting" : "live";
  const at = (steps: typeof trail) => listHref({ ...params, t: formatTrail(steps) || undefined });
  const from = here?.from ?? 0;
  return (
    <>
      <div class="title-row">
        <PageTitle title="Crawls" />
        <LiveButton connection={connection} paused={paused} setPaused={setPaused} />
        <a class="button primary push" href={newHref()}>
          Add a crawl
        </a>
      </div>
      <form class="filters" role="search" onSubmit={(event) => event.preventDefault()}>
        <SearchField label="Search" placeholder="Name or seed" value={params.q ?? ""} onChange={(q) => filter({ q })} />
        <label class="field">
          <span>Phase</span>
          <select value={params.phase ?? ""} onChange={(event) => filter({ phase: event.currentTarget.value })}>
            <option value="">All</option>
            {PHASES.map((phase) => (
              <option key={phase}>{phase}</option>
            ))}
          </select>
        </label>
        {(namespaces.length > 1 || params.ns) && (
          <label class="field">
            <span>Namespace</span>
            <select value={params.ns ?? ""} onChange={(event) => filter({ ns: event.currentTarget.value })}>
              <option value="">{session.allNamespaces ? "All" : session.namespace}</option>
              {namespaces
                .filter((name) => session.allNamespaces || name !== session.namespace)
                .map((name) => (
                  <option key={name}>{name}</option>
                ))}
            </select>
          </label>
        )}
      </form>
      {error && <ErrorBox error={error} />}
      {!data && !error && <Loading what="the crawls" />}
      {data && data.items.length === 0 && !error && <NoCrawls filtered={filtered || from > 0} namespace={namespace} session={session} />}
      {data && data.items.length > 0 && (
        <div class={stale ? "is-stale" : ""} aria-busy={stale}>
          <CrawlTable crawls={data.items} showNamespace={!namespace && namespaces.length > 1} may={session.may} onChanged={reload} />
          <Pager
            first={here ? at([]) : undefined}
            previous={here ? at(trail.slice(0, -1)) : undefined}
            next={data.next ? at([...trail, { from: from + data.items.length, cursor: data.next }]) : undefined}
          >
            {from > 0 || data.next ? `${count(from + 1)} to ${count(from + data.items.length)} of ${plural(data.total, "crawl")}` : plural(data.total, "crawl")}
          </Pager>
        </div>
      )}
    </>
  );
}
