#!/usr/bin/env bash
# The main job, for people to watch: a kind cluster from nothing, the chart in it, a Crawl of a real site, its counts, and where
# to look at its pages.
#
# usage: run.sh         the second run takes about a minute
#
# The last line is API_URL=http://127.0.0.1:PORT: the user interface and the REST service, until make down. Only programs on this
# machine reach it, and so it asks nobody for a token.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
tests=$here/../tests
# shellcheck source=../tests/kind/cache.sh
. "$tests/kind/cache.sh"
# shellcheck source=../tests/kind/progress.sh
. "$tests/kind/progress.sh"

cluster=crawl-demo
"$tests/kind/cluster.sh" up "$cluster"
"$tests/install.sh" "$cluster" api.anonymous=edit
KUBECONFIG=$("$tests/kind/cluster.sh" kubeconfig "$cluster")
export KUBECONFIG
api=http://$("$tests/kind/cluster.sh" address "$cluster")

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

get() { curl --silent --fail --max-time 10 "$api$1"; }

# The port leads to the service a moment after its Pod is ready.
shows_a_page() {
  local tries=0
  # Only the real page has a script; a program that was built without it says so in one that has none.
  until grep -q '<script' <<<"$(get /)"; do
    [ $((tries += 1)) -lt 60 ] || return 1
    sleep 0.5
  done
}

shows_a_page || give_up "The user interface does not answer at $api." \
  "See why: kubectl --kubeconfig $KUBECONFIG --namespace crawl-system logs deployment/crawl-operator-api"
printf '==> to watch it in a browser: %s\n' "$api"
printf '==> kubectl apply -f demo/crawl.yaml\n'
kubectl delete crawl manual --ignore-not-found >/dev/null
kubectl apply -f "$here/crawl.yaml"
begun=$(date +%s)
follow
printf '    over after %d s\n\n' $(($(date +%s) - begun))

printf '$ kubectl get crawl manual -o wide\n'
kubectl get crawl manual -o wide
cat <<TEXT

The same from the REST service:
  curl $api/crawls
  curl $api/crawls/manual                 # all pages, with the links of each
  curl $api/api/v1/namespaces/default/crawls/manual/broken

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
grep -q '"id" *: *"manual"' <<<"$(get /crawls)" ||
  give_up "GET $api/crawls does not show the crawl." 'See why: kubectl --namespace crawl-system logs deployment/crawl-operator-api'
printf 'API_URL=%s\n' "$api"
