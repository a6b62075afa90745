//! The form of a new crawl: texts as typed, and the crawl they make. What is left empty is left to the defaults of the resource.

import type { CrawlSpec, NewCrawl } from "../../api/types";
import { readLimit } from "../../components/crawl-dialogs";

export interface Form {
  url: string;
  moreSeeds: string;
  maxLinks: string;
  name: string;
  namespace: string;
  maxDepth: string;
  scope: string;
  include: string;
  exclude: string;
  delay: string;
  perHostConcurrency: string;
  robots: string;
  sitemaps: string;
  maxPagesPerHost: string;
}

export const EMPTY: Omit<Form, "namespace"> = {
  url: "",
  moreSeeds: "",
  maxLinks: "1000",
  name: "",
  maxDepth: "",
  scope: "",
  include: "",
  exclude: "",
  delay: "",
  perHostConcurrency: "",
  robots: "",
  sitemaps: "",
  maxPagesPerHost: "",
};

/** Messages by the field they belong to. */
export type Errors = Partial<Record<keyof Form | "form", string>>;

/** The crawl, and what is wrong with the numbers; all else is judged by the API server. */
export function toCrawl(form: Form): { crawl: NewCrawl; errors: Errors } {
  const errors: Errors = {};
  const limit = readLimit(form.maxLinks);
  if ("message" in limit) errors.maxLinks = limit.message;
  const number = (field: "maxDepth" | "perHostConcurrency" | "maxPagesPerHost"): number | undefined => {
    const text = form[field].trim();
    if (!text) return undefined;
    if (/^\d{1,10}$/.test(text)) return Number(text);
    errors[field] = "Write a whole number, or leave it empty for the default.";
    return undefined;
  };
  const url = form.url.trim();
  if (!url) errors.url = "Write where the crawl starts, for example https://example.com/";

  const spec: CrawlSpec = present({
    seeds: [url, ...lines(form.moreSeeds)].filter(Boolean),
    maxLinks: "value" in limit ? limit.value : undefined,
    maxDepth: number("maxDepth"),
    scope: present({
      type: form.scope || undefined,
      include: lines(form.include),
      exclude: lines(form.exclude),
      maxPagesPerHost: number("maxPagesPerHost"),
    }),
    sitemaps: form.sitemaps || undefined,
    politeness: present({
      delay: form.delay.trim() || undefined,
      perHostConcurrency: number("perHostConcurrency"),
      robots: form.robots || undefined,
    }),
  }) as CrawlSpec;
  spec.seeds ??= [];
  const name = form.name.trim();
  return { crawl: name ? { name, spec } : { spec }, errors };
}

/** The form that makes this crawl again; what it has no field for is lost, so `rest` says what that is. */
export function fromSpec(spec: CrawlSpec, namespace: string): Form {
  const [url = "", ...more] = spec.seeds;
  const { scope = {}, politeness = {} } = spec;
  const text = (n: number | undefined) => (n === undefined ? "" : String(n));
  return {
    ...EMPTY,
    namespace,
    url,
    moreSeeds: more.join("\n"),
    maxLinks: text(spec.maxLinks) || EMPTY.maxLinks,
    maxDepth: text(spec.maxDepth),
    scope: scope.type ?? "",
    include: (scope.include ?? []).join("\n"),
    exclude: (scope.exclude ?? []).join("\n"),
    delay: politeness.delay ?? "",
    perHostConcurrency: text(politeness.perHostConcurrency),
    robots: politeness.robots ?? "",
    sitemaps: spec.sitemaps ?? "",
    maxPagesPerHost: text(scope.maxPagesPerHost),
  };
}

const FIELDS: [path: string, field: keyof Form][] = [
  ["metadata.name", "name"],
  ["name", "name"],
  ["metadata.namespace", "namespace"],
  ["spec.seeds", "url"],
  ["spec.maxLinks", "maxLinks"],
  ["spec.maxDepth", "maxDepth"],
  ["spec.scope.include", "include"],
  ["spec.scope.exclude", "exclude"],
  ["spec.scope.maxPagesPerHost", "maxPagesPerHost"],
  ["spec.scope", "scope"],
  ["spec.politeness.delay", "delay"],
  ["spec.politeness.perHostConcurrency", "perHostConcurrency"],
  ["spec.politeness.robots", "robots"],
  ["spec.sitemaps", "sitemaps"],
];

/** Puts the service's words where they belong: "spec.seeds[0]" is about the URL, the second seed about the others. */
export function placeErrors(fields: { field: string; message: string }[]): Errors {
  const errors: Errors = {};
  for (const { field, message } of fields) {
    const found = FIELDS.find(([path]) => field === path || field.startsWith(`${path}.`) || field.startsWith(`${path}[`));
    const place = /^spec\.seeds\[[1-9]/.test(field) ? "moreSeeds" : (found?.[1] ?? "form");
    const words = place === "form" && field ? `${field}: ${message}` : message;
    errors[place] = errors[place] ? `${errors[place]} ${words}` : words;
  }
  return errors;
}

function lines(text: string): string[] {
  return text.split("\n").map((line) => line.trim()).filter(Boolean);
}

/** Without what is undefined or empty. */
function present<T extends Record<string, unknown>>(all: T): Partial<T> | undefined {
  const kept = Object.entries(all).filter(([, value]) => value !== undefined && !(Array.isArray(value) && value.length === 0));
  return kept.length > 0 ? (Object.fromEntries(kept) as Partial<T>) : undefined;
}
