import { signInNeeded } from "./api/client";
import { keepToken, token } from "./api/token";
import type { Session } from "./api/types";
import { Menu } from "./components/menu";
import { listHref, newHref, type Route } from "./router";
import { useStore } from "./store";
import { chooseTheme, theme, type Theme } from "./theme";

interface Props {
  /** None while nobody is signed in who must. */
  session?: Session;
  route: Route;
  onHelp(): void;
  onSignIn(): void;
}

const THEMES: [Theme, string][] = [
  ["system", "As the system"],
  ["light", "Light"],
  ["dark", "Dark"],
];

export function TopBar({ session, route, onSignIn }: Props) {
  const sent = useStore(token);
  const chosen = useStore(theme);
  return (
    <header class="topbar">
      <a class="brand" href={listHref()}>
        <Mark /> crawl-operator
      </a>
      <nav aria-label="Main">
        {session && (
          <>
            <a href={listHref()} aria-current={route.view === "list" ? "page" : undefined}>
              Crawls
            </a>
            <a href={newHref()} aria-current={route.view === "new" ? "page" : undefined}>
              Add a crawl
            </a>
          </>
        )}
      </nav>
      <div class="top-end">
        <Menu label="Theme" class="quiet-button">
          {THEMES.map(([value, words]) => (
            <button type="button" key={value} aria-pressed={chosen === value} onClick={() => chooseTheme(value)}>
              {words}
            </button>
          ))}
        </Menu>
        {session && <User session={session} signedIn={sent !== ""} onSignIn={onSignIn} />}
      </div>
    </header>
  );
}

function User({ session, signedIn, onSignIn }: { session: Session; signedIn: boolean; onSignIn(): void }) {
  if (!signedIn) {
    return (
      <button type="button" class="quiet-button" onClick={onSignIn}>
        Sign in
      </button>
    );
  }
  const signOut = () => {
    keepToken("");
    if (session.anonymous === "none") signInNeeded.set("");
  };
  return (
    <Menu label="Account" class="quiet-button" face={<span class="user">{shortUser(session.user)}</span>}>
      <p class="menu-note">
        Signed in as <strong>{session.user ?? "the owner of the token"}</strong>
      </p>
      <button type="button" onClick={signOut}>
        Sign out
      </button>
    </Menu>
  );
}

/** A service account is known by its namespace and name; the menu has the whole. */
const shortUser = (user = "Signed in") => user.replace(/^system:serviceaccount:([^:]+):/, "$1/");

const Mark = () => (
  <svg viewBox="0 0 32 32" width="22" height="22" aria-hidden="true" class="mark">
    <rect width="32" height="32" rx="8" />
    <path d="M16 16 8 9M16 16l9-6M16 16l6 9M16 16l-8 7" />
    <circle cx="16" cy="16" r="4" />
    <circle cx="8" cy="9" r="2.5" />
    <circle cx="25" cy="10" r="2.5" />
    <circle cx="22" cy="25" r="2.5" />
    <circle cx="8" cy="23" r="2.5" />
  </svg>
);
