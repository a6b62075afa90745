// Who asks: ServiceAccounts of people.yaml, by tokens that last as long as the tests.

import { kubectl } from "./kubectl";

export type Person = "editor" | "viewer" | "nobody" | "hasty" | "auditor";

const tokens = new Map<Person, Promise<string>>();

/** The person's token. */
export function token(person: Person): Promise<string> {
  let made = tokens.get(person);
  if (!made) tokens.set(person, (made = kubectl("-n", "browser", "create", "token", person, "--duration", "2h")));
  return made;
}
