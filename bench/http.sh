#!/usr/bin/env bash
# How soon the pages of the REST service come, from the log of a large crawl in a RabbitMQ of its own: api/benches/http.rs.
#
# usage: http.sh    WHOLE=1: a million pages; else PAGES, or 100,000
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=../tests/kind/cache.sh
. "$here/../tests/kind/cache.sh"
# shellcheck source=../tests/kind/progress.sh
. "$here/../tests/kind/progress.sh"
# shellcheck source=../tests/kind/broker.sh
. "$here/../tests/kind/broker.sh"

step 'building' cargo bench --locked --quiet --package crawl-api --bench http --no-run
password=$(mktemp)
trap 'stop_rabbitmq; rm -f "$password"' EXIT
start_rabbitmq http
printf http >"$password"
AMQP_PORT=$amqp_port AMQP_USERNAME=http AMQP_PASSWORD_FILE=$password \
  cargo bench --locked --quiet --package crawl-api --bench http
