#!/usr/bin/env bash
# Runs the tests that need a real RabbitMQ, against one in a container on loopback.
#
# usage: broker.sh
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=kind/cache.sh
. "$here/kind/cache.sh"
# shellcheck source=kind/progress.sh
. "$here/kind/progress.sh"
# shellcheck source=kind/broker.sh
. "$here/kind/broker.sh"

step 'building the tests' cargo test --quiet --package crawl-broker --package crawl-worker --package crawl-api --no-run
trap stop_rabbitmq EXIT
start_rabbitmq tests
export CRAWL_TEST_AMQP=amqp://tests:tests@127.0.0.1:$amqp_port/%2f
cargo test --quiet --package crawl-broker --package crawl-worker --package crawl-api --tests
