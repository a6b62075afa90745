//! Single keys: / searches, n makes a crawl, ? helps. They can be switched off, for those whose software types for them.

import { useEffect } from "preact/hooks";
import { go, newHref } from "./router";

const KEY = "shortcuts";

export const shortcutsOn = (): boolean => localStorageValue() !== "off";

export function switchShortcuts(on: boolean): void {
  try {
    if (on) localStorage.removeItem(KEY);
    else localStorage.setItem(KEY, "off");
  } catch {
    // Not kept then.
  }
}

export function useShortcuts(onHelp: () => void): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target) || !shortcutsOn()) return;
      if (document.querySelector("dialog[open]")) return;
      if (event.key === "/") {
        const search = document.querySelector<HTMLInputElement>("main input[type=search]");
        search?.focus();
        search?.select();
      } else if (event.key === "n") go(newHref());
      else if (event.key === "?") onHelp();
      else return;
      event.preventDefault();
    };
    document.addEventListener("keydown", onKey);
    return () => document.removeEventListener("keydown", onKey);
  }, []);
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));
}

function localStorageValue(): string | null {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null;
  }
}
