#!/usr/bin/env bash
# Runs the fuzz targets one after the other, building cargo-fuzz into the cache where the machine has none.
#
# usage: run.sh [TARGET...]    all of them, unless some are named: extract charset headers messages
#
# FUZZ_SECONDS     how long each runs; 60
# FUZZ_SANITIZER   address (unless it is set), or none, which is faster but sees no memory errors of dependencies
# CARGO_TARGET_DIR where to build; fuzz/target
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=../tests/kind/cache.sh
. "$here/../tests/kind/cache.sh"
# shellcheck source=../tests/kind/progress.sh
. "$here/../tests/kind/progress.sh"

version=0.13.2
seconds=${FUZZ_SECONDS:-60}
targets=("$@")
[ "$#" -gt 0 ] || targets=(extract charset headers messages)
options=(--sanitizer "${FUZZ_SANITIZER:-address}" --target-dir "${CARGO_TARGET_DIR:-$here/target}")

build_cargo_fuzz() { nice -n 5 cargo install --quiet --locked cargo-fuzz --version "$version" --root "$CRAWL_CACHE"; }
build_targets() { for target in "${targets[@]}"; do nice -n 5 cargo +nightly fuzz build "${options[@]}" "$target"; done; }

# The documents of html5lib-tests, one a file.
split_html5lib() {
  rm -rf "$html5lib"
  mkdir -p "$html5lib"
  local file
  for file in "$data"/*.dat; do
    awk -v to="$html5lib/$(basename "$file" .dat)" '
      /^#data$/ { name = to "-" ++count; next }
      /^#errors$/ { if (name) close(name); name = "" }
      name { print > name }' "$file"
  done
}

# seeds TARGET: the folders that it begins with.
seeds() {
  printf '%s\n' "$here/seeds/$1"
  case $1 in
    extract) [ ! -d "$html5lib" ] || printf '%s\n' "$html5lib" ;;
    messages) printf '%s\n' "$here/../protocol/golden" ;;
  esac
}

dictionary() {
  case $1 in
    extract | charset) echo html.dict ;;
    *) echo "$1.dict" ;;
  esac
}

# What a target's log says of a run, in one line.
tally() {
  local stat
  for stat in number_of_executed_units average_exec_per_sec new_units_added peak_rss_mb; do
    sed -n "s/^stat::$stat: *\([0-9]*\)$/\1/p" "$1" | tail -n 1
  done | paste -sd ' ' | {
    read -r runs speed new memory || true
    say "${runs:-no} executions, ${speed:-0} a second, ${new:-0} new inputs kept, ${memory:-?} MB"
  }
}

# fuzz TARGET
fuzz() {
  local target=$1 log=$CRAWL_CACHE/logs/fuzz-$1.log begins
  mapfile -t begins < <(seeds "$target")
  mkdir -p "$here/corpus/$target" "$here/artifacts/$target"
  printf '==> fuzzing %s for %s s\n' "$target" "$seconds" >&2
  # Not every page of 64 KB is read in time by scraper, whose tree has no bounds. A page is hostile within 4 KB as well.
  nice -n 10 cargo +nightly fuzz run "${options[@]}" "$target" "$here/corpus/$target" "${begins[@]}" -- \
    -dict="$here/dictionaries/$(dictionary "$target")" -max_total_time="$seconds" -max_len=4096 -timeout=20 \
    -print_final_stats=1 -verbosity=1 >"$log" 2>&1 </dev/null || {
    tail -n 40 "$log" | sed 's/^/    | /' >&2
    give_up "$target broke a promise; $log has all of it." "fuzz/README.md says how to repeat it and where it goes."
  }
  tally "$log"
}

if ! cargo +nightly --version >/dev/null 2>&1; then
  give_up 'The targets need a nightly Rust, which is not installed.' 'rustup toolchain install nightly --profile minimal'
fi
PATH="$PATH:$CRAWL_CACHE/bin"
command -v cargo-fuzz >/dev/null || step "building cargo-fuzz $version (minutes, the first time)" build_cargo_fuzz

data=${CRAWL_SHARED_DATA:-$here/../../shared/data}/html5lib-tests/tree-construction
html5lib=$here/corpus/html5lib
cd "$here"
case " ${targets[*]} " in
  *" extract "*)
    if [ -d "$data" ]; then
      step 'taking the documents of html5lib-tests for seeds' split_html5lib
    else
      say "SKIPPED: no $data, so extract begins without the documents of html5lib-tests;" \
        'set CRAWL_SHARED_DATA to the folder that holds html5lib-tests'
    fi
    ;;
esac
step "building ${targets[*]} (minutes, the first time)" build_targets
for target in "${targets[@]}"; do fuzz "$target"; done
