// Crawls that have ended, for the tests that only look. crawls.setup.ts makes them, and nobody changes them.

import { MANUAL, site } from "./crawls";

export const DONE = {
  manual: { name: "manual", seeds: [MANUAL] },
  broken: { name: "broken", seeds: [site("ui-broken", "/broken/")] },
  hostile: { name: "hostile", seeds: [site("ui-hostile", "/hostile/")] },
};
