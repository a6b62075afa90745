# shellcheck shell=bash
# A RabbitMQ of our own in a container on loopback, for as long as a run takes. Sourced, never run.

container=

start_broker() {
  tests/kind/engine.sh up
  tests/kind/images.sh
  container=$(docker run --detach --rm --name "crawl-bench-$$" --publish 127.0.0.1::5672 crawl-operator/rabbitmq:kind)
  step 'waiting for RabbitMQ' wait_for_broker
  step 'adding a user' add_user
  keep_off_the_clients_core
  BENCH_AMQP_PORT=$(docker port "$container" 5672/tcp | head -n 1 | sed 's/.*://')
  printf bench >"$BENCH_WORK/password"
  export BENCH_AMQP_PORT BENCH_AMQP_USERNAME=bench BENCH_AMQP_PASSWORD_FILE=$BENCH_WORK/password
  export BENCH_AMQP_URL=amqp://bench:bench@127.0.0.1:$BENCH_AMQP_PORT//
}

stop_broker() { [ -z "$container" ] || docker rm --force "$container" >/dev/null; }

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
  docker exec "$container" rabbitmqctl add_user bench bench
  docker exec "$container" rabbitmqctl set_permissions bench '.*' '.*' '.*'
}

# From outside, since not every engine may set up cpusets. The second core is for all that is not measured.
keep_off_the_clients_core() {
  local pid rest
  rest=$(python3 -c 'import os; print(sorted(os.sched_getaffinity(0))[1])')
  for pid in $(docker top "$container" -eo pid | tail -n +2); do
    taskset --all-tasks --cpu-list --pid "$rest" "$pid" >/dev/null
  done
}
