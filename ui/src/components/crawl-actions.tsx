//! What can be done to a crawl: the same in the list and in its own view.

import { useState } from "preact/hooks";
import { ApiError } from "../api/client";
import { changeCrawl, deleteCrawl, type Change } from "../api/crawls";
import type { CrawlDetail, CrawlSummary } from "../api/types";
import { hasEnded } from "../words/phases";
import { CancelDialog, DeleteDialog, LimitDialog } from "./crawl-dialogs";
import { MoreIcon } from "./icons";
import { Menu } from "./menu";
import { notify } from "./notices";

interface Props {
  crawl: CrawlSummary;
  may: { update: boolean; delete: boolean };
  /** One menu, for a row of a table. */
  compact?: boolean;
  onChanged(crawl: CrawlDetail): void;
  onDeleted(): void;
}

type Asking = "cancel" | "limit" | "delete" | undefined;

export function CrawlActions({ crawl, may, compact, onChanged, onDeleted }: Props) {
  const [asking, setAsking] = useState<Asking>();
  const [busy, setBusy] = useState(false);

  const run = async (what: () => Promise<void>) => {
    setBusy(true);
    try {
      await what();
      setAsking(undefined);
    } catch (error) {
      notify(error instanceof ApiError ? error.message : String(error), true);
    } finally {
      setBusy(false);
    }
  };
  const change = (by: Change, done: string) =>
    run(async () => {
      onChanged(await changeCrawl(crawl, by));
      notify(done);
    });
  const remove = () =>
    run(async () => {
      const answer = await deleteCrawl(crawl);
      notify(answer?.message ?? `${crawl.name} is being deleted.`);
      onDeleted();
    });

  const off = busy || crawl.deleting;
  const hint = may.update ? undefined : "You may not update crawls in this namespace";
  const hintDelete = may.delete ? undefined : "You may not delete crawls in this namespace";
  const ended = hasEnded(crawl.phase);
  const buttons = (
    <>
      {crawl.suspended && !ended && (
        <button type="button" disabled={off || !may.update} title={hint} onClick={() => void change({ suspend: false }, `${crawl.name} goes on.`)}>
          Resume
        </button>
      )}
      {!crawl.suspended && !ended && (
        <button type="button" disabled={off || !may.update} title={hint} onClick={() => void change({ suspend: true }, `${crawl.name} is being suspended; what is on its way still arrives.`)}>
          Suspend
        </button>
      )}
      {crawl.cancelled ? (
        <button type="button" disabled={off || !may.update} title={hint} onClick={() => void change({ cancel: false }, `${crawl.name} goes on.`)}>
          Take back cancel
        </button>
      ) : (
        !ended && (
          <button type="button" disabled={off || !may.update} title={hint} onClick={() => setAsking("cancel")}>
            Cancel crawl…
          </button>
        )
      )}
      <button type="button" disabled={off || !may.update} title={hint} onClick={() => setAsking("limit")}>
        Raise limit…
      </button>
      <button type="button" class="danger" disabled={off || !may.delete} title={hintDelete} onClick={() => setAsking("delete")}>
        Delete…
      </button>
    </>
  );
  return (
    <>
      {compact ? (
        <Menu label={`Actions for ${crawl.name}`} class="plain" face={<MoreIcon />}>
          {buttons}
        </Menu>
      ) : (
        buttons
      )}
      {asking === "cancel" && <CancelDialog crawl={crawl} busy={busy} onClose={() => setAsking(undefined)} onSure={() => void change({ cancel: true }, `${crawl.name} is being cancelled; its results stay.`)} />}
      {asking === "limit" && <LimitDialog crawl={crawl} busy={busy} onClose={() => setAsking(undefined)} onSure={(maxLinks) => void change({ maxLinks }, `The limit of ${crawl.name} is now ${maxLinks.toLocaleString("en-US")} pages.`)} />}
      {asking === "delete" && <DeleteDialog crawl={crawl} busy={busy} onClose={() => setAsking(undefined)} onSure={() => void remove()} />}
    </>
  );
}
