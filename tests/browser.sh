#!/usr/bin/env bash
# The browser tests alone, on the cluster of the end-to-end tests, which stays: the next run is quicker. kind removes it, or make e2e.
#
# usage: browser.sh [ARGUMENT...]    arguments go to Playwright: a file's name, --grep WORDS
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

cluster=${CRAWL_CLUSTER:-crawl-test}
"$here/kind/cluster.sh" up "$cluster"
"$here/install.sh" "$cluster"
"$here/site/install.sh" "$cluster"
"$here/browser/run.sh" "$cluster" "$@"
