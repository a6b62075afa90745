//! The frame round every view: who is signed in, which view is shown, and whether the service answers.

import { useState } from "preact/hooks";
import { outage, signInNeeded } from "./api/client";
import { getSession } from "./api/crawls";
import { token } from "./api/token";
import type { Session } from "./api/types";
import { Notices } from "./components/notices";
import { ErrorBox, Loading } from "./components/states";
import { HelpDialog } from "./help-dialog";
import { useLoad } from "./live/use-load";
import { useRoute, type Route } from "./router";
import { useShortcuts } from "./shortcuts";
import { useStore } from "./store";
import { TopBar } from "./top-bar";
import { CrawlView } from "./views/crawl/crawl-view";
import { ListView } from "./views/list/list-view";
import { NewView } from "./views/new/new-view";
import { SignIn } from "./views/sign-in";
import { UnknownView } from "./views/unknown";

export function App() {
  const route = useRoute();
  const sent = useStore(token);
  const refused = useStore(signInNeeded);
  const down = useStore(outage);
  const [help, setHelp] = useState(false);
  const [asked, setAsked] = useState(false);
  useShortcuts(() => setHelp(true));
  const { data: session, error } = useLoad(`session ${sent}`, getSession);

  const mustSignIn = refused !== undefined || (session && session.anonymous === "none" && !session.authenticated);
  const signIn = mustSignIn || asked;
  return (
    <>
      <a class="skip" href="#main" onClick={(event) => (event.preventDefault(), document.querySelector<HTMLElement>("h1")?.focus())}>
        Skip to the content
      </a>
      <TopBar session={signIn ? undefined : session} route={route} onHelp={() => setHelp(true)} onSignIn={() => setAsked(true)} />
      {down && (
        <div class="banner tone-bad wide" role="alert">
          <p>
            <strong>Connection lost.</strong> {down} Trying again by itself.
          </p>
        </div>
      )}
      <main id="main">
        {signIn ? (
          <SignIn refused={refused} optional={!mustSignIn} onDone={() => setAsked(false)} />
        ) : session ? (
          <View route={route} session={session} />
        ) : error ? (
          <ErrorBox error={error} />
        ) : (
          <Loading what="the session" />
        )}
      </main>
      <footer class="foot">
        <span>crawl-operator {session?.version}</span>
        <button type="button" class="link" onClick={() => setHelp(true)}>
          Keyboard shortcuts
        </button>
      </footer>
      <Notices />
      {help && <HelpDialog onClose={() => setHelp(false)} />}
    </>
  );
}

function View({ route, session }: { route: Route; session: Session }) {
  switch (route.view) {
    case "list":
      return <ListView params={route.params} session={session} />;
    case "new":
      return <NewView params={route.params} session={session} />;
    case "crawl":
      return <CrawlView key={`${route.namespace}/${route.name}`} namespace={route.namespace} name={route.name} params={route.params} />;
    case "unknown":
      return <UnknownView />;
  }
}
