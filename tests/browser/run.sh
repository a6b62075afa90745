#!/usr/bin/env bash
# Tests the REST service and its page in a real browser, in a cluster where tests/install.sh and tests/site/install.sh have been.
#
# usage: run.sh CLUSTER [ARGUMENT...]    arguments go to Playwright: a file's name, --grep WORDS
#
# Pictures, traces of what failed and reports go to target/browser/. The cluster is left as it was found.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=../kind/cache.sh
. "$here/../kind/cache.sh"
# shellcheck source=../kind/progress.sh
. "$here/../kind/progress.sh"

cluster=${1:?usage: run.sh CLUSTER [ARGUMENT...]}
shift
CRAWL_CHROMIUM=$("$here/tools.sh")
python=$("$here/../python.sh")
KUBECONFIG=$("$here/../kind/cluster.sh" kubeconfig "$cluster")
CRAWL_URL=http://$("$here/../kind/cluster.sh" address "$cluster")
CRAWL_ARTEFACTS=$(cd "$here/../.." && pwd)/target/browser
CRAWL_NODE=$cluster-control-plane
export CRAWL_CHROMIUM CRAWL_URL CRAWL_ARTEFACTS CRAWL_NODE KUBECONFIG

make_people() {
  kubectl apply -f "$here/people.yaml"
  # What an earlier run left would be in the way.
  kubectl -n browser delete crawls --all --timeout 2m
  kubectl -n browser-fuzz delete crawls --all --timeout 2m
}

rm -rf "$CRAWL_ARTEFACTS"
mkdir -p "$CRAWL_ARTEFACTS"
step 'waiting for the REST service' kubectl -n crawl-system rollout status deployment/crawl-operator-api --timeout 2m
step 'making people with rights and without' make_people
say "pictures, traces and reports: $CRAWL_ARTEFACTS"
(cd "$here" && node_modules/.bin/playwright test "$@")
[ $# -gt 0 ] || "$here/openapi.sh" "$python"
