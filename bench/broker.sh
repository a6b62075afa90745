# shellcheck shell=bash
# The broker of a run, kept off the core that is measured. Sourced, never run.

start_broker() {
  start_rabbitmq bench
  keep_off_the_clients_core
  printf bench >"$BENCH_WORK/password"
  export BENCH_AMQP_PORT=$amqp_port BENCH_AMQP_USERNAME=bench BENCH_AMQP_PASSWORD_FILE=$BENCH_WORK/password
  export BENCH_AMQP_URL=amqp://bench:bench@127.0.0.1:$amqp_port//
}

# From outside, since not every engine may set up cpusets. The second core is for all that is not measured.
keep_off_the_clients_core() {
  local pid rest
  rest=$(python3 -c 'import os; print(sorted(os.sched_getaffinity(0))[1])')
  for pid in $(docker top "$container" -eo pid | tail -n +2); do
    taskset --all-tasks --cpu-list --pid "$rest" "$pid" >/dev/null
  done
}
