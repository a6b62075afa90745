#!/usr/bin/env bash
# The main job, for people to watch: a kind cluster from nothing, the chart in it, a Crawl of a real site, its counts.
#
# usage: run.sh         the second run takes about a minute
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
tests=$here/../tests
# shellcheck source=../tests/kind/cache.sh
. "$tests/kind/cache.sh"
# shellcheck source=../tests/kind/progress.sh
. "$tests/kind/progress.sh"

cluster=crawl-demo
"$tests/kind/cluster.sh" up "$cluster"
"$tests/install.sh" "$cluster"
KUBECONFIG=$("$tests/kind/cluster.sh" kubeconfig "$cluster")
export KUBECONFIG

field() { kubectl get crawl manual -o "jsonpath={$1}"; }

# One line that is redrawn on a terminal, and a line whenever there is news where nobody watches.
drawn=-1
draw() {
  local processed=$(($1 + $2)) failed=$2 found=$3 phase=$4 width=40 filled bar
  filled=$((found > 0 ? processed * width / found : 0))
  bar=$(printf '%*s' "$filled" '' | tr ' ' '#')$(printf '%*s' $((width - filled)) '' | tr ' ' '.')
  if [ -t 1 ]; then
    printf '\r    [%s] %d of %d pages found so far, %d failed  %s   ' "$bar" "$processed" "$found" "$failed" "$phase"
  elif [ "$processed" -ne "$drawn" ]; then
    drawn=$processed
    printf '    [%s] %d of %d pages found so far, %d failed  %s\n' "$bar" "$processed" "$found" "$failed" "$phase"
  fi
}

follow() {
  local phase=''
  until [ "$phase" = Complete ]; do
    case $phase in Failed | Cancelled) break ;; esac
    local numbers
    numbers=$(field '.status.pages.fetched}|{.status.pages.failed}|{.status.pages.discovered}|{.status.pages.skipped}|{.status.phase')
    IFS='|' read -r fetched failed found skipped phase <<<"$numbers"
    draw "${fetched:-0}" "${failed:-0}" "$((${found:-0} - ${skipped:-0}))" "${phase:-Pending}"
    sleep 0.5
  done
  [ ! -t 1 ] || printf '\n'
}

printf '==> kubectl apply -f demo/crawl.yaml\n'
kubectl delete crawl manual --ignore-not-found >/dev/null
kubectl apply -f "$here/crawl.yaml"
begun=$(date +%s)
follow
printf '    over after %d s\n\n' $(($(date +%s) - begun))

printf '$ kubectl get crawl manual -o wide\n'
kubectl get crawl manual -o wide
cat <<TEXT

Look further (this cluster has a kubeconfig of its own):
  export KUBECONFIG=$KUBECONFIG
  kubectl describe crawl manual                                  # conditions, counts by reason, events
  kubectl patch crawl manual --type merge -p '{"spec":{"maxLinks":6000}}'
  kubectl apply -f manifests/samples/                            # more kinds of crawls
  $(cd "$here/.." && ls dist/linux-*/kubectl-crawl) local https://example.com/    # no cluster at all
Remove it all:
  make down
TEXT
[ "$(field '.status.phase')" = Complete ]
