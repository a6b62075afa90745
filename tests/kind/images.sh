#!/usr/bin/env bash
# Sees to it that this machine has the images of a test cluster, under names that stay the same:
#
#   crawl-operator/kind-node:kind     the node, for kind
#   crawl-operator/debian:kind        the base that images of ours build on
#   crawl-operator/rabbitmq:kind      RabbitMQ
#   crawl-operator/manual-site:kind   a web site to crawl
#
# usage: images.sh
#
# Where images can be pulled, the first two are the official ones; else all are built here from packages and modules.
# CRAWL_IMAGES=official or CRAWL_IMAGES=built decides it by hand. What follows must work the same with either.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=cache.sh
. "$here/cache.sh"
# shellcheck source=progress.sh
. "$here/progress.sh"
# shellcheck source=versions.env
. "$here/versions.env"

has() { docker image inspect "$1" >/dev/null 2>&1; }

can_pull() {
  has "$OFFICIAL_DEBIAN" && return
  # perl, since not every laptop has timeout. The image is needed anyway.
  perl -e 'alarm 60; exec @ARGV' docker pull -q "$OFFICIAL_DEBIAN" >>"$CRAWL_LOG" 2>&1
}

pull() { has "$1" || step "pulling $1" docker pull -q "$1"; }

# build NAME BASE: builds ./NAME unless the same recipe has been built on the same base.
build() {
  local name=$1 base=$2 image how=(docker build)
  image=crawl-operator/$name:$(recipe "$here/$name"/* <<<"$base")
  if ! has "$image"; then
    # Debian's engine has the old builder only, and its containers' traffic may not leave the machine.
    [ "$source" = official ] || how=(env DOCKER_BUILDKIT=0 docker build --network host)
    step "building $name" "${how[@]}" --build-arg "BASE=$base" -t "$image" "$here/$name"
    keep_only "$image"
  fi
  docker tag "$image" "crawl-operator/$name:kind"
}

source=${CRAWL_IMAGES:-$(can_pull && echo official || echo built)}
case $source in
  official)
    pull "$OFFICIAL_DEBIAN"
    base=$OFFICIAL_DEBIAN
    pull "$OFFICIAL_NODE"
    docker tag "$OFFICIAL_NODE" crawl-operator/kind-node:kind
    pull "$OFFICIAL_RABBITMQ"
    docker tag "$OFFICIAL_RABBITMQ" crawl-operator/rabbitmq:kind
    ;;
  built)
    base=$("$here/base.sh")
    docker tag "$("$here/node/build.sh" "$base")" crawl-operator/kind-node:kind
    build rabbitmq "$base"
    ;;
  *) give_up "CRAWL_IMAGES is '$source'" 'It can be official, built, or unset to choose by what can be pulled.' ;;
esac
docker tag "$base" crawl-operator/debian:kind
build manual-site "$base"
