#!/usr/bin/env bash
# Checks the chart without a cluster: it lints, renders in each of its forms, and what it renders keeps the chart's promises.
#
# usage: check.sh               all checks
#        check.sh --generate    copies the generated CRDs into the chart
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
chart=$here/crawl-operator
generated=$here/../crds/generated
copy=$chart/files/crds
PATH="${CRAWL_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/crawl-operator}/bin:$PATH"

fail() {
  printf '%s\n    %s\n' "$1" "$2" >&2
  exit 1
}

if [ "${1:-}" = --generate ]; then
  cp "$generated"/*.yaml "$copy"
  exit
fi

command -v helm >/dev/null || fail 'helm is not installed.' 'Run tests/kind/tools.sh, which builds it, or install Helm 3.14 or newer.'
diff -qr "$generated" "$copy" >/dev/null || fail "The chart's CRDs are not the generated ones." 'Run charts/check.sh --generate and commit the result.'

helm lint --strict --quiet "$chart"
"$("$here/../tests/python.sh")" "$here/check.py" "$chart"
"$here/../manifests/render.sh" --check
