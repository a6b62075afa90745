#!/usr/bin/env bash
# Renders the chart, with its own values, into install.yaml for those who do not use Helm.
#
# usage: render.sh            writes install.yaml
#        render.sh --check    fails when install.yaml is not what the chart renders
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
PATH="${CRAWL_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/crawl-operator}/bin:$PATH"

command -v helm >/dev/null || {
  printf 'helm is not installed.\n    Run tests/kind/tools.sh, which builds it, or install Helm 3.14 or newer.\n' >&2
  exit 1
}

render() {
  cat <<'YAML'
# Made from charts/crawl-operator by manifests/render.sh; change the chart and not this file.
#
#   kubectl apply --server-side --filename install.yaml
---
apiVersion: v1
kind: Namespace
metadata:
  name: crawl-system
  labels:
    pod-security.kubernetes.io/enforce: restricted
    pod-security.kubernetes.io/warn: restricted
YAML
  # Helm's own lines are left out: nothing here is managed by Helm, and versions of it differ in blank lines.
  helm template crawl-operator "$here/../charts/crawl-operator" --namespace crawl-system --set crds.keep=false \
    --kube-version 1.35.0 |
    sed -e '/^# Source: /d' -e '/^ *app\.kubernetes\.io\/managed-by: Helm$/d' -e '/^ *helm\.sh\/chart: /d' -e '/^ *$/d'
}

case ${1:-} in
  '') render >"$here/install.yaml.new" && mv "$here/install.yaml.new" "$here/install.yaml" ;;
  --check)
    render | diff -u "$here/install.yaml" - || {
      printf 'manifests/install.yaml is not what the chart renders.\n    Run manifests/render.sh and commit the result.\n' >&2
      exit 1
    }
    ;;
  *)
    printf 'usage: render.sh [--check]\n' >&2
    exit 2
    ;;
esac
