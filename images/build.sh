#!/usr/bin/env bash
# Builds the images crawl-operator/operator, worker and api, and the kubectl plugin, for this machine's processor.
#
# usage: build.sh               all of it
#        build.sh --binaries    the binaries only, into dist/linux-<arch>/
#        build.sh --images      the images only, from the binaries in dist/
#
# Each image gets two tags: twelve hex digits of its content, which never mean anything else, and dev, the newest.
# Cargo runs outside Docker: then it needs no base image, no network in containers, and builds only what has changed.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
cd "$here/.."

say() { printf '%4d s  %s\n' "$SECONDS" "$*" >&2; }

give_up() {
  printf '%s\n    %s\n' "$1" "$2" >&2
  exit 1
}

case $(uname -m) in
  x86_64 | amd64) machine=x86_64 arch=amd64 ;;
  aarch64 | arm64) machine=aarch64 arch=arm64 ;;
  *) give_up "There is no build for $(uname -m)." 'Use a machine with an x86_64 or an aarch64 processor.' ;;
esac
triple=$machine-unknown-linux-gnu
dist=dist/linux-$arch
binaries=(crawl-operator crawl-worker crawl-api kubectl-crawl)
version=$(sed -n 's/^version = "\(.*\)"/\1/p' Cargo.toml | head -n 1)

build_binaries() {
  # shellcheck disable=SC2016 # the user's shell is to expand it
  [ "$(uname -s)" = Linux ] || give_up 'This system cannot link programs for Linux.' \
    'Let a container do it, then come back: ui/build.sh && docker run --rm -v "$PWD":/src -w /src rust:1.95 images/build.sh --binaries && images/build.sh --images'
  command -v cargo >/dev/null || give_up 'cargo is not installed.' 'Install Rust 1.95 or newer.'
  # crawl-api holds the user interface.
  "$here/../ui/build.sh"
  say "building ${binaries[*]} for $triple (the first time takes minutes)"
  local packages=() binary
  for binary in "${binaries[@]}"; do packages+=(--package "$binary"); done
  # Static, so that the image can be empty. Only with --target do these flags stay away from build scripts.
  RUSTFLAGS='-C target-feature=+crt-static' watched nice -n 5 \
    cargo build --release --locked --target "$triple" "${packages[@]}"
  mkdir -p "$dist"
  for binary in "${binaries[@]}"; do
    # Replaced and not written over: the old one may be running.
    cp "${CARGO_TARGET_DIR:-target}/$triple/release/$binary" "$dist/$binary.new"
    mv "$dist/$binary.new" "$dist/$binary"
    say "$dist/$binary: $(($(wc -c <"$dist/$binary") / 1048576)) MB"
  done
}

# watched COMMAND...: a terminal sees Cargo's own progress; a log gets a line now and then, and the errors.
watched() {
  if [ -t 2 ]; then
    "$@"
    return
  fi
  local log status=0 builder
  log=$(mktemp)
  "$@" >"$log" 2>&1 &
  builder=$!
  while sleep 1 && kill -0 "$builder" 2>/dev/null; do
    [ $((SECONDS % 15)) -ne 0 ] || say "$(grep -c Compiling "$log" || true) crates begun, at$(tail -n 1 "$log" | tr -s " ")"
  done
  wait "$builder" || status=$?
  [ "$status" -eq 0 ] || cat "$log" >&2
  rm -f "$log"
  return "$status"
}

build_images() {
  docker info >/dev/null 2>&1 ||
    give_up 'No Docker engine answers.' 'Start it: tests/kind/engine.sh up (on a laptop: start Docker Desktop).'
  build_image operator crawl-operator
  build_image worker crawl-worker
  build_image api crawl-api
}

# build_image NAME BINARY
build_image() {
  local image=crawl-operator/$1 binary=$dist/$2 tag context
  [ -s "$binary" ] || give_up "There is no $binary." 'Build it first: images/build.sh --binaries'
  # The recipe counts too, or a changed Dockerfile would change nothing.
  tag=$(cat "$binary" "$here/Dockerfile" | sha256 | cut -c1-12)
  if ! docker image inspect "$image:$tag" >/dev/null 2>&1; then
    context=$(mktemp -d)
    cp "$binary" "$context/binary"
    docker build --quiet --file "$here/Dockerfile" --build-arg "NAME=$2" --build-arg "VERSION=$version" \
      --tag "$image:$tag" "$context" >"$context/log" 2>&1 || { cat "$context/log" >&2; exit 1; }
    rm -rf "$context"
  fi
  docker tag "$image:$tag" "$image:dev"
  say "$image:$tag (also :dev), $(($(docker image inspect --format '{{.Size}}' "$image:$tag") / 1048576)) MB"
}

sha256() { if command -v sha256sum >/dev/null; then sha256sum; else shasum -a 256; fi; }

case ${1:-} in
  '')
    build_binaries
    build_images
    ;;
  --binaries) build_binaries ;;
  --images) build_images ;;
  *) give_up "build.sh: unknown argument $1" 'usage: build.sh [--binaries | --images]' ;;
esac
