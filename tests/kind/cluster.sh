#!/usr/bin/env bash
# Makes, fills and removes the kind clusters of the tests and the demonstration.
#
# usage: cluster.sh up NAME [WORKERS]    a cluster with RabbitMQ's and the test site's images in it; one worker by default
#        cluster.sh load NAME IMAGE...   puts images of this machine on every node
#        cluster.sh kubeconfig NAME      prints the path of its kubeconfig
#        cluster.sh address NAME         prints where on this machine the Service at node port 30080 answers: 127.0.0.1:PORT
#        cluster.sh down NAME
#        cluster.sh status
#
# up can be repeated: a cluster that answers is kept, one that does not is made anew. The user's own kubeconfig must
# never be touched: each cluster has a file of its own in the cache.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=cache.sh
. "$here/cache.sh"
# shellcheck source=progress.sh
. "$here/progress.sh"

# A Service with this node port can be reached from this machine, and from no other.
node_port=30080
images=(crawl-operator/rabbitmq:kind crawl-operator/manual-site:kind)

kubeconfig_of() { printf '%s/kubeconfig-%s\n' "$CRAWL_CACHE" "$1"; }
kubectl_in() { kubectl --kubeconfig "$(kubeconfig_of "$1")" "${@:2}"; }
nodes_of() { kind get nodes --name "$1" 2>/dev/null | sort; }
address_of() { docker port "$1-control-plane" "$node_port/tcp" 2>/dev/null; }
exists() { kind get clusters 2>/dev/null | grep -qx "$1"; }

up() {
  local name=$1 workers=${2:-1}
  "$here/tools.sh"
  "$here/engine.sh" up
  "$here/images.sh"
  if exists "$name" && ! answers "$name" "$workers"; then
    step "removing the cluster $name, which no longer answers, or is of another size or make" remove "$name"
  fi
  if ! exists "$name"; then
    step "creating the cluster $name (under a minute)" create "$name" "$workers"
    step 'waiting for nodes, names and storage' wait_ready "$name"
    load "$name" "${images[@]}"
    step 'trying the storage' try_storage "$name"
  fi
  load "$name" "${images[@]}"
  say "the cluster $name is ready: export KUBECONFIG=$(kubeconfig_of "$name")"
  say "$(memory_of "$name")"
}

# A machine that was stopped leaves containers that exist and do not work.
answers() {
  local name=$1 workers=$2 ready
  kind export kubeconfig --name "$name" --kubeconfig "$(kubeconfig_of "$name")" >/dev/null 2>&1 || return 1
  address_of "$name" >/dev/null || return 1
  ready=$(kubectl_in "$name" get nodes --request-timeout 5s --no-headers 2>/dev/null | grep -cw Ready) || return 1
  [ "$ready" -eq $((workers + 1)) ]
}

create() {
  local name=$1 workers=$2
  configuration "$workers" | kind create cluster --name "$name" --image crawl-operator/kind-node:kind --config /dev/stdin \
    --kubeconfig "$(kubeconfig_of "$name")"
  # A small cluster cannot spare a node. Where there is no worker, kind has seen to it.
  [ "$workers" -eq 0 ] || kubectl_in "$name" taint nodes "$name-control-plane" node-role.kubernetes.io/control-plane-
}

configuration() {
  printf 'kind: Cluster\napiVersion: kind.x-k8s.io/v1alpha4\nnodes:\n- role: control-plane\n'
  # Port 0: kind takes one that is free, and the cluster keeps it.
  printf '  extraPortMappings: [{containerPort: %d, hostPort: 0, listenAddress: 127.0.0.1, protocol: TCP}]\n' "$node_port"
  local i
  for ((i = 0; i < $1; i++)); do printf -- '- role: worker\n'; done
}

wait_ready() {
  kubectl_in "$1" wait --for condition=Ready nodes --all --timeout 180s
  kubectl_in "$1" --namespace kube-system rollout status deployment/coredns --timeout 180s
  kubectl_in "$1" --namespace local-path-storage rollout status deployment/local-path-provisioner --timeout 180s
}

# A provisioner that runs may still fail to make a volume, which would show as a broker that waits for ever.
try_storage() {
  kubectl_in "$1" apply -f "$here/storage-check.yaml"
  kubectl_in "$1" wait --for jsonpath='{.status.phase}'=Succeeded pod/storage-check --timeout 90s ||
    { kubectl_in "$1" get events && return 1; }
  kubectl_in "$1" delete -f "$here/storage-check.yaml"
}

load() {
  local name=$1 image node missing
  shift
  exists "$name" || give_up "There is no cluster $name." "Make it: cluster.sh up $name"
  for image in "$@"; do
    missing=()
    while read -r node; do
      has_image "$node" "$image" || missing+=("$node")
    done < <(nodes_of "$name")
    [ ${#missing[@]} -eq 0 ] || step "loading $image" load_on_all "$image" "${missing[@]}"
  done
}

# A name can mean another image tomorrow, so the image's id is written on it.
has_image() {
  local id
  id=$(docker image inspect --format '{{.Id}}' "$2" 2>/dev/null) ||
    give_up "There is no image $2 on this machine." 'Build it first.'
  find_image "$1" "$2" "labels.\"crawl-operator/id\"==$id" | grep -q .
}

# find_image NODE IMAGE [FILTER]: its full names there. containerd puts a host before the short names that Docker knows.
find_image() {
  docker exec "$1" ctr --namespace k8s.io images ls --quiet "name~=\"(^|/)$2\$\"${3:+,$3}"
}

load_on_all() {
  local image=$1 node pids=() pid
  shift
  for node in "$@"; do
    load_on "$node" "$image" &
    pids+=($!)
  done
  for pid in "${pids[@]}"; do wait "$pid"; done
}

load_on() {
  docker save "$2" | docker exec --interactive "$1" ctr --namespace k8s.io images import --digests -
  docker exec "$1" ctr --namespace k8s.io images label "$(find_image "$1" "$2")" \
    "crawl-operator/id=$(docker image inspect --format '{{.Id}}' "$2")"
}

remove() {
  kind delete cluster --name "$1" --kubeconfig "$(kubeconfig_of "$1")"
  rm -f "$(kubeconfig_of "$1")"
}

memory_of() {
  local nodes
  nodes=$(nodes_of "$1")
  # shellcheck disable=SC2086 # one word for each node
  docker stats --no-stream --format '{{.Name}} {{.MemUsage}}' $nodes | sed 's| / .*||' | paste -sd, - | sed 's/,/, /g'
}

status() {
  local name
  docker info >/dev/null 2>&1 || { say 'no Docker engine answers'; return; }
  while read -r name; do
    if kubectl_in "$name" version --request-timeout 5s >/dev/null 2>&1; then
      say "$name answers: $(memory_of "$name")"
    else
      say "$name does not answer"
    fi
  done < <(kind get clusters 2>/dev/null)
}

command=${1:-}
[ $# -eq 0 ] || shift
case $command:$# in
  up:[12]) up "$@" ;;
  load:0 | load:1) give_up 'load needs a cluster and images.' 'usage: cluster.sh load NAME IMAGE...' ;;
  load:*) load "$@" ;;
  kubeconfig:1) kubeconfig_of "$1" ;;
  address:1) address_of "$1" || give_up "The cluster $1 has no port on this machine." "Make it anew: cluster.sh up $1" ;;
  down:1) step "removing the cluster $1" remove "$1" ;;
  status:0) status ;;
  *) give_up "cluster.sh: nothing to do for '$command'" 'usage: cluster.sh up NAME [WORKERS] | load NAME IMAGE... | kubeconfig NAME | address NAME | down NAME | status' ;;
esac
