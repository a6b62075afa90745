#!/usr/bin/env bash
# Has operator, workers, broker and API server fail while crawls run, and compares the counts with a plain walk. Operator and
# workers are processes here, the broker is a container of its own, and the API server that of a kind cluster with nothing but the CRDs.
#
# usage: chaos.sh [ARGUMENT...]    arguments go to crawl-chaos: --seed 17 --faults 1000 --each 40 --workers 3
#
# Logs go to target/chaos/. The cluster crawl-chaos stays for the next run; kind/cluster.sh down crawl-chaos removes it.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=kind/cache.sh
. "$here/kind/cache.sh"
# shellcheck source=kind/progress.sh
. "$here/kind/progress.sh"
# shellcheck source=kind/broker.sh
. "$here/kind/broker.sh"

cluster=${CRAWL_CLUSTER:-crawl-chaos}
programs=${CARGO_TARGET_DIR:-$here/../target}/release
folder=$here/../target/chaos

step 'building operator, worker and what troubles them' cargo build --release --locked --quiet \
  --package crawl-operator --package crawl-worker --package crawl-chaos
"$here/kind/cluster.sh" up "$cluster"
KUBECONFIG=$("$here/kind/cluster.sh" kubeconfig "$cluster")
export KUBECONFIG
step 'applying the CRDs' kubectl apply --server-side --force-conflicts -f "$here/../crds/generated"
rm -rf "$folder"
mkdir -p "$folder"
trap stop_rabbitmq EXIT
start_rabbitmq chaos
printf chaos >"$folder/password"
"$programs/crawl-chaos" --operator "$programs/crawl-operator" --worker "$programs/crawl-worker" --folder "$folder" \
  --container "$container" --amqp-port "$amqp_port" --amqp-username chaos --amqp-password-file "$folder/password" "$@"
