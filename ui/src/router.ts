//! The address after the #: which view, and its state. Everything that can be seen has an address that can be sent to others.

import { useEffect, useState } from "preact/hooks";

export type Params = Record<string, string>;

export type Route =
  | { view: "list"; params: Params }
  | { view: "new"; params: Params }
  | { view: "crawl"; namespace: string; name: string; params: Params }
  | { view: "unknown"; params: Params };

export function parseRoute(hash: string): Route {
  const [path = "", query = ""] = splitOnce(hash.replace(/^#/, ""), "?");
  const params: Params = Object.fromEntries(new URLSearchParams(query));
  const parts = path.split("/").filter(Boolean).map(decode);
  if (parts.length === 0) return { view: "list", params };
  if (parts.length === 1 && parts[0] === "new") return { view: "new", params };
  if (parts.length === 3 && parts[0] === "ns") return { view: "crawl", namespace: parts[1]!, name: parts[2]!, params };
  return { view: "unknown", params };
}

/** The address of a view. Parameters without a value are left out. */
export function href(path: string[], params: Record<string, string | number | undefined> = {}): string {
  const query = new URLSearchParams();
  for (const [key, value] of Object.entries(params)) {
    if (value !== undefined && value !== "") query.set(key, String(value));
  }
  const text = query.toString();
  return `#/${path.map(encodeURIComponent).join("/")}${text ? `?${text}` : ""}`;
}

export const listHref = (params: Record<string, string | undefined> = {}) => href([], params);
export const newHref = (params: Record<string, string | undefined> = {}) => href(["new"], params);
export const crawlHref = (namespace: string, name: string, params: Record<string, string | number | undefined> = {}) =>
  href(["ns", namespace, name], params);

/** Goes there; `replace` leaves no step for the back button, for what changes with every key. */
export function go(to: string, replace = false): void {
  if (to === location.hash) return;
  if (!replace) {
    location.hash = to;
    return;
  }
  history.replaceState(null, "", to);
  dispatchEvent(new HashChangeEvent("hashchange"));
}

export function useRoute(): Route {
  const [hash, setHash] = useState(location.hash);
  useEffect(() => {
    const update = () => setHash(location.hash);
    addEventListener("hashchange", update);
    return () => removeEventListener("hashchange", update);
  }, []);
  return parseRoute(hash);
}

function splitOnce(text: string, at: string): [string, string] {
  const place = text.indexOf(at);
  return place < 0 ? [text, ""] : [text.slice(0, place), text.slice(place + at.length)];
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
