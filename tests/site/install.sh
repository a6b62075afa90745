#!/usr/bin/env bash
# Builds the test site and starts it in a cluster made by tests/kind, under all the names that the tests crawl.
#
# usage: install.sh CLUSTER
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=../kind/cache.sh
. "$here/../kind/cache.sh"
# shellcheck source=../kind/progress.sh
. "$here/../kind/progress.sh"

cluster=${1:?usage: install.sh CLUSTER}
KUBECONFIG=$("$here/../kind/cluster.sh" kubeconfig "$cluster")
export KUBECONFIG

# One host for each subject, so that no test waits for another's politeness. What a host is like is in src/.
hosts=(polite-a polite-b polite-c cut-a cut-b rest edits limit depth raise hold paused late brief fair fair-far
  trap calendar shop map map-plain odd ruled-a ruled-b denied shut queue
  login login-far
  ui-new ui-watch ui-steer ui-broken ui-hostile ui-keys ui-rest ui-away ui-phone)

case $(uname -m) in
  aarch64 | arm64) triple=aarch64-unknown-linux-gnu ;;
  *) triple=x86_64-unknown-linux-gnu ;;
esac

# As images/build.sh builds ours, so that both share what is compiled.
build() {
  cd "$here/../.."
  RUSTFLAGS='-C target-feature=+crt-static' nice -n 5 \
    cargo build --release --locked --target "$triple" --package crawl-test-site
  local context
  context=$(mktemp -d)
  cp "${CARGO_TARGET_DIR:-target}/$triple/release/crawl-test-site" "$context/binary"
  docker build --quiet --file images/Dockerfile --build-arg NAME=crawl-test-site --build-arg VERSION=dev \
    --tag "crawl-operator/test-site:$(cat "$context/binary" images/Dockerfile | sha256 | cut -c1-12)" \
    --tag crawl-operator/test-site:dev "$context"
  rm -rf "$context"
}

sha256() { if command -v sha256sum >/dev/null; then sha256sum; else shasum -a 256; fi; }

tag() {
  docker image inspect --format '{{range .RepoTags}}{{println .}}{{end}}' crawl-operator/test-site:dev |
    sed -n 's#^crawl-operator/test-site:##p' | grep -vx dev | head -n 1
}

service() {
  printf -- '---\n{apiVersion: v1, kind: Service, metadata: {name: %s, namespace: crawl-site}, spec: {selector: {app: site}, ' "$1"
  printf 'ports: [{name: http, port: 80, targetPort: http}, {name: other, port: 8080, targetPort: http}]}}\n'
}

start() {
  { sed "s#crawl-operator/test-site:dev#crawl-operator/test-site:$(tag)#" "$here/test-site.yaml"
    for host in "${hosts[@]}"; do service "$host"; done; } | kubectl apply -f -
  kubectl -n crawl-site rollout status deployment/site --timeout 2m
}

step 'building the test site' build
"$here/../kind/cluster.sh" load "$cluster" "crawl-operator/test-site:$(tag)"
step "starting the test site under ${#hosts[@]} names" start
