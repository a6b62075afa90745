#!/usr/bin/env bash
# Checks the chart without a cluster: it lints, renders in each of its forms, and what it renders keeps the chart's promises.
#
# usage: check.sh               all checks
#        check.sh --generate    copies the generated CRD into the chart
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
chart=$here/crawl-operator
generated=$here/../crds/generated/crawls.yaml
copy=$chart/files/crds/crawls.yaml
PATH="${CRAWL_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/crawl-operator}/bin:$PATH"

fail() {
  printf '%s\n    %s\n' "$1" "$2" >&2
  exit 1
}

if [ "${1:-}" = --generate ]; then
  cp "$generated" "$copy"
  exit
fi

command -v helm >/dev/null || fail 'helm is not installed.' 'Run tests/kind/tools.sh, which builds it, or install Helm 3.14 or newer.'
cmp -s "$generated" "$copy" || fail "The chart's CRD is not the generated one." 'Run charts/check.sh --generate and commit the result.'

helm lint --strict --quiet "$chart"
"$("$here/../tests/python.sh")" "$here/check.py" "$chart"
"$here/../manifests/render.sh" --check
