//! A crawl in the words of other tools: a manifest, kubectl, curl.

import type { CrawlName } from "../api/crawls";
import type { CrawlSpec, NewCrawl } from "../api/types";
import { quoted } from "./shell";
import { toYaml, type Plain } from "./yaml";

export function manifest(namespace: string, { name, spec }: NewCrawl): string {
  const metadata: Plain = name ? { name, namespace } : { generateName: "crawl-", namespace };
  return toYaml({ apiVersion: "crawl-operator.io/v1alpha1", kind: "Crawl", metadata, spec: spec as unknown as Plain });
}

/** No line of a manifest can be EOF: strings with a line break are quoted on one line. A generated name cannot be applied, only created. */
export function kubectlCreate(namespace: string, crawl: NewCrawl): string {
  const verb = crawl.name ? "apply" : "create";
  return `kubectl ${verb} -f - <<'EOF'\n${manifest(namespace, crawl)}EOF\n`;
}

export function curlCreate(base: string, namespace: string, { name, spec }: NewCrawl, withToken: boolean): string {
  const body = JSON.stringify(name ? { name, spec } : { spec });
  return [
    `curl -X POST ${quoted(`${base}api/v1/namespaces/${namespace}/crawls`)}`,
    ...(withToken ? [`-H "Authorization: Bearer $TOKEN"`] : []),
    `-H 'Content-Type: application/json'`,
    `-d ${quoted(body)}`,
  ].join(" \\\n  ") + "\n";
}

export const kubectlGet = ({ namespace, name }: CrawlName): string => `kubectl get crawl -n ${quoted(namespace)} ${quoted(name)} -o yaml\n`;

export function curlGet(url: string, withToken: boolean): string {
  return ["curl", ...(withToken ? [`-H "Authorization: Bearer $TOKEN"`] : []), quoted(url)].join(" ") + "\n";
}

/** Without what suspended or cancelled it, so that it can be made anew. */
export function specToRepeat(spec: CrawlSpec): CrawlSpec {
  const { suspend: _suspend, cancel: _cancel, ...rest } = spec;
  return rest;
}
