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

step 'building the tests' cargo test --quiet --package crawl-broker --package crawl-worker --no-run
"$here/kind/engine.sh" up
"$here/kind/images.sh"

container=$(docker run --detach --rm --publish 127.0.0.1::5672 crawl-operator/rabbitmq:kind)
trap 'docker rm --force "$container" >/dev/null' EXIT

wait_for_broker() {
  local tries
  for tries in $(seq 60); do
    docker exec "$container" rabbitmq-diagnostics -q check_running && return
    sleep 1
  done
  echo "no answer after $tries tries" && docker logs "$container" && return 1
}

# guest may only log in from within the container.
add_user() {
  docker exec "$container" rabbitmqctl add_user tests tests
  docker exec "$container" rabbitmqctl set_permissions tests '.*' '.*' '.*'
}

step 'waiting for RabbitMQ' wait_for_broker
step 'adding a user' add_user
CRAWL_TEST_AMQP="amqp://tests:tests@$(docker port "$container" 5672/tcp | head -n 1)/%2f"
export CRAWL_TEST_AMQP
cargo test --quiet --package crawl-broker --package crawl-worker --tests
