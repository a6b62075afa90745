#!/usr/bin/env bash
# Sees to it that the programs the cluster scripts call are there: docker, kind, helm and kubectl.
#
# usage: tools.sh
#
# One that the machine has and that is good enough is used; others are built from Go modules into the cache.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=cache.sh
. "$here/cache.sh"
# shellcheck source=progress.sh
. "$here/progress.sh"
# shellcheck source=versions.env
. "$here/versions.env"

oldest_kind=0.30.0
oldest_helm=3.14.0
# A client works with a server that is one minor version newer or older.
oldest_kubectl=1.34.0

# at_least OLDEST VERSION
at_least() { [ "$(printf '%s\n' "$1" "${2#v}" | sort -V | head -n 1)" = "$1" ]; }

# version PATTERN COMMAND...: the part of what the command prints that the pattern's group matches.
version() {
  local pattern=$1
  shift
  "$@" 2>/dev/null | sed -nE "s/.*$pattern.*/\1/p" | head -n 1
}

ensure() {
  local name=$1 oldest=$2 found=$3 ours=$4
  shift 4
  if at_least "$oldest" "${found:-0}"; then return; fi
  command -v go >/dev/null || give_up "$name $oldest or newer is not installed." "Install it, or Go to build it: $name $ours."
  step "building $name $ours from Go modules" "$@"
}

# go_install NAME MODULE@VERSION: kept with its version in the name, so that another version is another file.
go_install() {
  local kept=$CRAWL_CACHE/bin/$1-${2##*@}
  if [ ! -x "$kept" ]; then
    GOBIN=$CRAWL_CACHE/bin/new CGO_ENABLED=0 nice -n 5 go install -trimpath -ldflags "${3:-}" "$2"
    mv "$CRAWL_CACHE/bin/new/$1" "$kept"
  fi
  ln -sf "$(basename "$kept")" "$CRAWL_CACHE/bin/$1"
}

build_helm() {
  # Charts may ask for a lowest Helm version: it has to know its own.
  go_install helm "helm.sh/helm/v4/cmd/helm@$HELM" "-s -w -X helm.sh/helm/v4/internal/version.version=$HELM"
}

build_kubectl() {
  "$here/node/program.sh" ./kubectl "$CRAWL_CACHE/bin/kubectl-$KUBERNETES"
  ln -sf "kubectl-$KUBERNETES" "$CRAWL_CACHE/bin/kubectl"
}

install_docker() {
  apt-get update
  DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends docker.io iptables
}

can_apt() { command -v apt-get >/dev/null && [ "$(id -u)" -eq 0 ]; }

# A client alone is no engine: one has to run already, or be there to start.
if ! docker info >/dev/null 2>&1 && ! command -v dockerd >/dev/null; then
  can_apt || give_up 'Docker is not installed, or its engine does not run.' 'Install Docker and start it, then try again.'
  step "installing Debian's docker.io" install_docker
fi

ensure kind "$oldest_kind" "$(version 'v([0-9.]+)' kind version)" "$KIND" go_install kind "sigs.k8s.io/kind@$KIND" '-s -w'
ensure helm "$oldest_helm" "$(version '^v([0-9.]+)' helm version --short)" "$HELM" build_helm
ensure kubectl "$oldest_kubectl" "$(version 'Client Version: v([0-9.]+)$' kubectl version --client)" "$KUBERNETES" build_kubectl
