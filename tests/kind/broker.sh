# shellcheck shell=bash
# A RabbitMQ of one's own in a container on loopback, until one removes it. Sourced, never run.

# start_rabbitmq NAME: sets $container and $amqp_port; user and password are both NAME.
start_rabbitmq() {
  local here
  here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
  "$here/engine.sh" up
  "$here/images.sh"
  container=$(docker run --detach --rm --name "crawl-$1-$$" --publish 127.0.0.1::5672 crawl-operator/rabbitmq:kind)
  step 'waiting for RabbitMQ' wait_for_rabbitmq
  step 'adding a user' add_rabbitmq_user "$1"
  amqp_port=$(docker port "$container" 5672/tcp | head -n 1 | sed 's/.*://')
}

wait_for_rabbitmq() {
  local tries
  for tries in $(seq 60); do
    docker exec "$container" rabbitmq-diagnostics -q check_running && return
    sleep 1
  done
  echo "no answer after $tries tries" && docker logs "$container" && return 1
}

# guest may only log in from within the container.
add_rabbitmq_user() {
  docker exec "$container" rabbitmqctl add_user "$1" "$1"
  docker exec "$container" rabbitmqctl set_permissions "$1" '.*' '.*' '.*'
}

stop_rabbitmq() { [ -z "${container:-}" ] || docker rm --force "$container" >/dev/null; }
