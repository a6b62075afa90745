//! URLs are written by strangers: they are shortened by whole characters, and linked only when they are of the web.

/** As long as the reference shows them. */
export const SHOWN_CHARACTERS = 75;

/** The first 75 characters and "..." when it is longer. Characters, not UTF-16 units, so that none is cut in two. */
export function shorten(url: string, most = SHOWN_CHARACTERS): string {
  if (url.length <= most) return url;
  const characters = Array.from(url.slice(0, most * 2 + 2));
  return characters.length > most ? `${characters.slice(0, most).join("")}...` : url;
}

/** The address to link to, or nothing for javascript:, data: and whatever else is not http or https. */
export function safeHref(url: string): string | undefined {
  if (!/^https?:\/\//i.test(url)) return undefined;
  try {
    const { protocol, href } = new URL(url);
    return protocol === "http:" || protocol === "https:" ? href : undefined;
  } catch {
    return undefined;
  }
}

/** The host with its port, or nothing. */
export function hostOf(url: string): string {
  try {
    return new URL(url).host;
  } catch {
    return "";
  }
}
