#!/usr/bin/env bash
# Everything that CI runs, cheapest first, and how long each part took.
#
# usage: all.sh
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

times=()
part() {
  local begun=$SECONDS
  printf '\n=== make %s\n' "$1"
  make --no-print-directory "$1"
  times+=("$(printf '%6d s  make %s' $((SECONDS - begun)) "$1")")
}

tests/kind/tools.sh
for target in fmt ui clippy deny unit simulation chart broker e2e; do part "$target"; done

printf '\n=== all parts passed\n'
printf '%s\n' "${times[@]}"
printf '%6d s  in all\n' "$SECONDS"
