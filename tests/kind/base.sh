#!/usr/bin/env bash
# Makes the Debian base that the other images build on, without pulling anything, and prints its name.
#
# usage: base.sh
#
# The packages come from the mirror that this machine's own apt uses; nothing here names one.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=cache.sh
. "$here/cache.sh"
# shellcheck source=progress.sh
. "$here/progress.sh"

suite=trixie
image=crawl-operator/debian:$(recipe "${BASH_SOURCE[0]}" <<<"$suite")
archive=$CRAWL_CACHE/base-${image##*:}.tar

# shellcheck disable=SC2016 # the format is apt's, not the shell's
mirror() { apt-get indextargets --format '$(REPO_URI)' 'Label: Debian' 'Created-By: Packages' | head -n 1; }

install_debootstrap() {
  apt-get update
  DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends debootstrap
}

make_archive() {
  root=$(mktemp -d "$CRAWL_CACHE/base.XXXXXX") # not local: the trap runs after the function
  trap 'rm -rf "$root"' EXIT
  debootstrap --variant=minbase --include=ca-certificates "$suite" "$root" "$(mirror)"
  # What is of no use in a container, and what would be installed along with later packages.
  printf 'path-exclude /usr/share/%s/*\n' doc man info locale >"$root/etc/dpkg/dpkg.cfg.d/slim"
  printf '#!/bin/sh\nexit 101\n' >"$root/usr/sbin/policy-rc.d" # a package must not start its daemon here
  chmod +x "$root/usr/sbin/policy-rc.d"
  rm -rf "$root"/usr/share/{doc,man,info,locale}/* "$root"/var/lib/apt/lists/* "$root"/var/cache/apt/* \
    "$root"/var/cache/debconf/*-old "$root"/var/log/* "$root"/etc/machine-id
  # Not mktemp's mode: every user has to be able to enter the root.
  chmod 755 "$root"
  tar -C "$root" --numeric-owner -cf "$archive.new" .
  mv "$archive.new" "$archive"
}

make_image() {
  docker import "$archive" "$image"
  find "$CRAWL_CACHE" -maxdepth 1 -name 'base-*.tar' ! -path "$archive" -delete
  keep_only "$image"
}

if ! docker image inspect "$image" >/dev/null 2>&1; then
  if [ ! -s "$archive" ] && { [ "$(id -u)" -ne 0 ] || ! command -v apt-get >/dev/null; }; then
    give_up 'Images cannot be pulled here, and to build them takes root on Debian.' \
      'Make docker pull work, or say CRAWL_IMAGES=official to see why it does not.'
  fi
  command -v debootstrap >/dev/null || step 'installing debootstrap' install_debootstrap
  [ -s "$archive" ] || step "making a Debian $suite base (about half a minute)" make_archive
  step "importing the Debian $suite base" make_image
fi
printf '%s\n' "$image"
