#!/usr/bin/env bash
# Builds the node image without pulling anything, and prints its name.
#
# usage: build.sh BASE
#
# BASE is the image to build on. The result holds every image that the cluster itself needs, under the names that kubeadm
# asks for: they are read from kubeadm, so that no version is written down twice.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source-path=SCRIPTDIR/.. source=cache.sh
. "$here/../cache.sh"
# shellcheck source-path=SCRIPTDIR/.. source=progress.sh
. "$here/../progress.sh"
# shellcheck source-path=SCRIPTDIR/.. source=versions.env
. "$here/../versions.env"

base=$1
parts=crawl-operator/node-parts:built # the name in the manifests
programs_recipe=$(recipe "$here"/*/main.go "$here"/podnet/names.go "$here"/go.* "$here/program.sh" <<<"$KUBERNETES")
image=crawl-operator/kind-node:$(recipe "$here"/*.Dockerfile "$here"/*.sh "$here"/*.toml "$here"/manifests/* \
  <<<"$base $programs_recipe")
programs=$CRAWL_CACHE/node/$programs_recipe
context=$CRAWL_CACHE/node/context

build_programs() {
  mkdir -p "$programs.new/bin"
  local package
  for package in ./kubernetes ./coredns ./podnet github.com/rancher/local-path-provisioner; do
    "$here/program.sh" "$package" "$programs.new/bin/${package##*/}"
  done
  "$here/program.sh" ./pause "$programs.new/pause"
  ln -s bin/kubernetes "$programs.new/kubeadm"
  # Each weighs a third of a gigabyte.
  find "$CRAWL_CACHE/node" -mindepth 1 -maxdepth 1 ! -path "$programs.new" -exec rm -rf {} +
  mv "$programs.new" "$programs"
}

build_parts() {
  fresh_context
  # Hard links: half a gigabyte need not be there twice.
  cp -rl "$programs/bin" "$programs/pause" "$context/"
  docker_build parts --build-arg "BASE=$base" -t "$parts"
  docker_build coredns --build-arg "PARTS=$parts" -t crawl-operator/node-coredns:built
  docker_build pause -t crawl-operator/node-pause:built
}

build_image() {
  fresh_context
  cp -r "$here"/{manifests,containerd.toml,entrypoint.sh,kubelet.sh} "$context/"
  echo "$KUBERNETES" >"$context/version"
  local names=() name
  while read -r name; do
    case $name in
      */coredns*) docker tag crawl-operator/node-coredns:built "$name" ;;
      */pause:*)
        docker tag crawl-operator/node-pause:built "$name"
        sed -i "s|PAUSE|$name|" "$context/containerd.toml"
        ;;
      *) docker tag "$parts" "$name" ;;
    esac
    names+=("$name")
  done < <("$programs/kubeadm" config images list --kubernetes-version "$KUBERNETES")
  docker save -o "$context/images.tar" "$parts" "${names[@]}"
  docker_build node --build-arg "PARTS=$parts" -t "$image"
  rm -rf "$context"
  keep_only "$image"
}

fresh_context() {
  rm -rf "$context"
  mkdir -p "$context"
}

# docker_build RECIPE ARGUMENT...
docker_build() {
  local dockerfile=$here/$1.Dockerfile
  shift
  # The packages come by way of the machine's own network: the containers' may not leave the machine.
  DOCKER_BUILDKIT=0 docker build --network host -f "$dockerfile" "$@" "$context"
}

if ! docker image inspect "$image" >/dev/null 2>&1; then
  [ -d "$programs" ] || step "building Kubernetes $KUBERNETES from Go modules (6 to 12 minutes on two cores)" build_programs
  step "building the images of the cluster's own Pods" build_parts
  step 'building the node image' build_image
fi
printf '%s\n' "$image"
