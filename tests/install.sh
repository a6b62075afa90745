#!/usr/bin/env bash
# Installs what this checkout holds into a kind cluster made by tests/kind: operator, workers, REST service, RabbitMQ, and a site to crawl.
#
# usage: install.sh CLUSTER [SETTING...]    settings are Helm's, for example api.anonymous=view or rabbitmq.replicas=3
#
# The REST service answers at the address that cluster.sh address CLUSTER prints.
# It can be repeated: images are rebuilt, loaded and rolled out only when their content has changed.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=kind/cache.sh
. "$here/kind/cache.sh"
# shellcheck source=kind/progress.sh
. "$here/kind/progress.sh"

cluster=${1:?usage: install.sh CLUSTER [SETTING...]}
shift
settings=()
for setting in "$@"; do settings+=(--set "$setting"); done
KUBECONFIG=$("$here/kind/cluster.sh" kubeconfig "$cluster")
export KUBECONFIG

# tag_of IMAGE: the tag that says what is in the newest build of it.
tag_of() {
  docker image inspect --format '{{range .RepoTags}}{{println .}}{{end}}' "$1:dev" | sed -n "s#^$1:##p" | grep -vx dev | head -n 1
}

install_chart() {
  kubectl create namespace crawl-system --dry-run=client -o yaml | kubectl apply -f -
  kubectl label --overwrite namespace crawl-system pod-security.kubernetes.io/enforce=restricted
  # 10.96.0.0/16 is where kind's Services are: the site is one of them. Nothing else that is private can be crawled.
  helm upgrade --install crawl-operator "$here/../charts/crawl-operator" --namespace crawl-system \
    --set operator.image.tag="$operator" --set worker.image.tag="$worker" --set api.image.tag="$api" \
    --set rabbitmq.image.repository=crawl-operator/rabbitmq --set rabbitmq.image.tag=kind \
    --set api.service.type=NodePort --set api.service.nodePort=30080 \
    --set-json 'worker.allowAddresses=["10.96.0.0/16"]' --set rabbitmq.persistence.size=1Gi \
    ${settings[@]+"${settings[@]}"} --wait --timeout 5m
}

install_site() {
  kubectl apply -f "$here/site/site.yaml"
  kubectl -n crawl-site rollout status deployment/manual --timeout 2m
}

"$here/../images/build.sh"
operator=$(tag_of crawl-operator/operator)
worker=$(tag_of crawl-operator/worker)
api=$(tag_of crawl-operator/api)
"$here/kind/cluster.sh" load "$cluster" "crawl-operator/operator:$operator" "crawl-operator/worker:$worker" "crawl-operator/api:$api"
step 'installing the chart: operator, two workers, the REST service, RabbitMQ' install_chart
step 'starting a web server with a manual of over a thousand pages' install_site
