#!/usr/bin/env bash
# Calls every operation of the OpenAPI document with what it allows and with what it does not, for a bounded time.
#
# usage: openapi.sh PYTHON    with CRAWL_URL, CRAWL_ARTEFACTS and KUBECONFIG set, as run.sh does it
#
# The token has rights in one namespace only: what is created, changed and deleted here is nobody else's.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
python=${1:?usage: openapi.sh PYTHON}
seed=${SCHEMA_SEED:-$(date +%Y%m%d)}
seconds=${SCHEMA_SECONDS:-120}

kubectl apply -f "$here/fuzzed.yaml"
kubectl -n browser-fuzz wait --for=condition=Complete crawl/fuzzed --timeout=60s
CRAWL_TOKEN=$(kubectl -n browser-fuzz create token fuzzer --duration 1h)
export CRAWL_TOKEN
# A run can be repeated by its seed.
echo "schemathesis: seed $seed, at most $seconds s; again with: SCHEMA_SEED=$seed SCHEMA_SECONDS=$seconds"
# It leaves what it found where it stands.
cd "$CRAWL_ARTEFACTS"
"$(dirname "$python")/schemathesis" --no-color --config-file "$here/schemathesis.toml" \
  run "$CRAWL_URL/api/v1/openapi.json" --url "$CRAWL_URL" \
  --checks all --seed "$seed" --max-time "$seconds" --workers 1 --rate-limit auto --continue-on-failure \
  --report junit --report-junit-path "$CRAWL_ARTEFACTS/schemathesis.xml"
