//! Asks for a bearer token of the cluster: Kubernetes decides what it is good for, so there are no other users and passwords.

import { useState } from "preact/hooks";
import { signInNeeded } from "../api/client";
import { cleanToken, keepToken } from "../api/token";
import { CodeBlock } from "../components/code-block";
import { PageTitle } from "../components/page-title";

interface Props {
  /** What the service said of the token that was sent; empty when none was. */
  refused?: string;
  /** Nothing forces anybody to sign in here. */
  optional: boolean;
  onDone(): void;
}

export function SignIn({ refused, optional, onDone }: Props) {
  const [pasted, setPasted] = useState("");
  const value = cleanToken(pasted);
  const submit = (event: Event) => {
    event.preventDefault();
    if (!value) return;
    signInNeeded.set(undefined);
    keepToken(value);
    onDone();
  };
  const without = () => {
    keepToken("");
    signInNeeded.set(undefined);
    onDone();
  };
  return (
    <div class="sign-in">
      <PageTitle title="Sign in" />
      <p>Paste a bearer token of the cluster. What it may do with crawls is what you may do here.</p>
      {refused && (
        <p class="banner tone-bad" role="alert">
          <strong>The token was refused.</strong> {refused}
        </p>
      )}
      <form onSubmit={submit}>
        <label for="token">Token</label>
        <textarea id="token" rows={4} spellcheck={false} autocomplete="off" value={pasted} aria-describedby="token-hint" onInput={(event) => setPasted(event.currentTarget.value)} />
        <p class="hint" id="token-hint">
          With or without the word Bearer. It is kept in this tab only, until it is closed or you sign out.
        </p>
        <div class="buttons">
          <button type="submit" class="primary" disabled={!value}>
            Sign in
          </button>
          {(optional || refused) && (
            <button type="button" onClick={without}>
              Go on without
            </button>
          )}
        </div>
      </form>
      <h2>How to get a token</h2>
      <p>For a service account that may read or edit crawls:</p>
      <CodeBlock title="kubectl" text={"kubectl create token NAME --namespace NAMESPACE --duration 8h\n"} />
      <p class="quiet">The chart has the ClusterRoles crawl-operator-crawl-viewer and crawl-operator-crawl-editor; kubectl create rolebinding grants them in a namespace.</p>
    </div>
  );
}
