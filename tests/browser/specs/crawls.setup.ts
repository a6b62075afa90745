// Makes the crawls to look at, and waits for their end.

import { expect, test as setup } from "@playwright/test";
import { begin, until } from "../support/crawls";
import { DONE } from "../support/done";

setup("crawls to look at", async () => {
  setup.setTimeout(180_000);
  for (const { name, seeds } of Object.values(DONE)) await begin(name, { seeds, maxLinks: 5000 });
  for (const { name } of Object.values(DONE)) await until("Complete", name);
  expect((await until("Complete", "manual")).status!.pages!.fetched).toBe(1145);
});
