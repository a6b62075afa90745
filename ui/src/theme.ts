//! Light, dark, or as the system has it. public/theme.js applies the choice before the first painting.

import { store } from "./store";

export type Theme = "system" | "light" | "dark";

const KEY = "theme";

function current(): Theme {
  const chosen = document.documentElement.dataset.theme;
  return chosen === "light" || chosen === "dark" ? chosen : "system";
}

export const theme = store<Theme>(current());

export function chooseTheme(next: Theme): void {
  if (next === "system") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = next;
  try {
    if (next === "system") localStorage.removeItem(KEY);
    else localStorage.setItem(KEY, next);
  } catch {
    // Not kept then.
  }
  theme.set(next);
}
