//! The bearer token: kept for this tab only, never in a URL.

import { store } from "../store";

const KEY = "token";

function stored(): string {
  try {
    return sessionStorage.getItem(KEY) ?? "";
  } catch {
    return "";
  }
}

export const token = store(stored());

/** What was pasted, without the word Bearer, quotes and line breaks that came along. */
export function cleanToken(pasted: string): string {
  return pasted
    .trim()
    .replace(/^authorization:\s*/i, "")
    .replace(/^bearer\s+/i, "")
    .replace(/^["']|["']$/g, "")
    .replace(/\s+/g, "");
}

export function keepToken(value: string): void {
  try {
    if (value) sessionStorage.setItem(KEY, value);
    else sessionStorage.removeItem(KEY);
  } catch {
    // Without storage it lasts until the page is loaded again.
  }
  token.set(value);
}
