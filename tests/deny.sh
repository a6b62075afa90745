#!/usr/bin/env bash
# Runs cargo-deny, building it into the cache where the machine has none.
#
# usage: deny.sh
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=kind/cache.sh
. "$here/kind/cache.sh"
# shellcheck source=kind/progress.sh
. "$here/kind/progress.sh"

version=0.20.2
build() { nice -n 5 cargo install --quiet --locked cargo-deny --version "$version" --root "$CRAWL_CACHE"; }

command -v cargo-deny >/dev/null || step "building cargo-deny $version (minutes, the first time)" build
cd "$here/.."
cargo-deny --log-level error check bans licenses sources
