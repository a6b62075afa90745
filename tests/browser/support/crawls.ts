// Crawls that tests begin without the page, and what they wait for.

import { expect } from "@playwright/test";
import { apply, crawl, kubectl, NAMESPACE, type Crawl } from "./kubectl";

/** A host of the test site; each subject has its own, so that none waits for another's politeness. */
export const site = (host: string, path: string) => `http://${host}.crawl-site.svc.cluster.local:8080${path}`;

/** PostgreSQL's manual: over a thousand real pages. */
export const MANUAL = "http://manual.crawl-site.svc.cluster.local:8080/";

const QUICK = { delay: "0s", perHostConcurrency: 8 };

/** Applies a Crawl that is not polite, since the site is ours. */
export async function begin(name: string, spec: { seeds: string[]; [more: string]: unknown }, namespace = NAMESPACE): Promise<void> {
  await apply({
    apiVersion: "crawl-operator.io/v1alpha1",
    kind: "Crawl",
    metadata: { name, namespace },
    spec: { maxLinks: 1000, politeness: QUICK, ...spec },
  });
}

/** Waits until it has this phase; answers it. */
export async function until(phase: string, name: string, namespace = NAMESPACE): Promise<Crawl> {
  let last: Crawl | undefined;
  await expect
    .poll(async () => ((last = await crawl(name, namespace)), last?.status?.phase), { timeout: 75_000, message: `${name} is ${phase}` })
    .toBe(phase);
  return last!;
}

export async function remove(name: string, namespace = NAMESPACE): Promise<void> {
  await kubectl("-n", namespace, "delete", "crawl", name, "--ignore-not-found", "--wait=false");
}

/** A name that no other test and no other run has. */
export const fresh = (what: string) => `${what}-${Math.random().toString(36).slice(2, 8)}`;
