#!/usr/bin/env bash
# Runs the end-to-end tests, and those in a browser, on a kind cluster of their own, and removes it.
#
# usage: e2e.sh [TEST...]    a test's name leaves out the browser; KEEP=1 leaves the cluster for a look; the next run goes on with it
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=kind/cache.sh
. "$here/kind/cache.sh"
# shellcheck source=kind/progress.sh
. "$here/kind/progress.sh"

cluster=crawl-test

remove() {
  status=$?
  if [ -n "${KEEP:-}" ]; then
    say "the cluster stays: export KUBECONFIG=$("$here/kind/cluster.sh" kubeconfig "$cluster")"
  else
    "$here/kind/cluster.sh" down "$cluster" || true
  fi
  exit "$status"
}

# The tests are built before the cluster needs the processors.
step 'building the end-to-end tests' cargo test --quiet --package e2e --no-run
python=$("$here/python.sh")
trap remove EXIT
"$here/kind/cluster.sh" up "$cluster"
"$here/install.sh" "$cluster"
"$here/site/install.sh" "$cluster"

KUBECONFIG=$("$here/kind/cluster.sh" kubeconfig "$cluster")
CRAWL_E2E_CLI=$(cd "$here/.." && echo "$PWD"/dist/linux-*/kubectl-crawl)
export KUBECONFIG CRAWL_E2E_CLI CRAWL_E2E=1 CRAWL_E2E_PYTHON="$python"
# First, while nothing has been killed yet: a browser waits for less than these tests do.
[ $# -gt 0 ] || "$here/browser/run.sh" "$cluster"
cargo test --package e2e --lib --quiet
cargo test --package e2e --test together -- --test-threads 8 --nocapture "$@"
cargo test --package e2e --test scenarios -- --test-threads 1 --nocapture "$@"
