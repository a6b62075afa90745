import type { Session } from "../../api/types";
import { Empty } from "../../components/states";
import { listHref, newHref } from "../../router";

/** Nothing to show: says why, and what to do. */
export function NoCrawls({ filtered, namespace, session }: { filtered: boolean; namespace?: string; session: Session }) {
  if (filtered) {
    return (
      <Empty title="No crawl matches.">
        <a class="button" href={listHref(namespace && namespace !== session.namespace ? { ns: namespace } : {})}>
          Show all crawls
        </a>
      </Empty>
    );
  }
  return (
    <Empty title={namespace ? `There are no crawls in ${namespace} yet.` : "There are no crawls yet."}>
      {session.may.create ? (
        <>
          <p>A crawl begins at a URL, follows its links, and reports what it finds.</p>
          <a class="button primary" href={newHref()}>
            Add the first crawl
          </a>
        </>
      ) : (
        <p>You may not create crawls here. Sign in with a token that may, or ask an administrator for the role crawl-operator-crawl-editor.</p>
      )}
    </Empty>
  );
}
