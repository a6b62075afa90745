#!/usr/bin/env bash
# Makes a Docker engine answer: the one that runs, or else one that this script starts.
#
# usage: engine.sh up | stop
#
# It starts an engine only as root on a Linux machine where none answers and no init would start one. It must never
# touch an engine that it did not start: no other runtime, no firewall rule, no stop.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=cache.sh
. "$here/cache.sh"
# shellcheck source=progress.sh
. "$here/progress.sh"

state=$CRAWL_CACHE/engine
pid_file=$state/dockerd.pid

answers() { docker info >/dev/null 2>&1; }

# A pid outlives its process in a file, and may by then be another program's.
ours_runs() { [ -s "$pid_file" ] && grep -qs dockerd "/proc/$(cat "$pid_file")/comm"; }

lacks_sys_resource() {
  local bounding
  bounding=$(sed -n 's/^CapBnd:[[:space:]]*//p' /proc/self/status)
  (( (0x$bounding >> 24 & 1) == 0 ))
}

build_runtime() {
  cd "$here/engine/runtime"
  CGO_ENABLED=0 go build -trimpath -ldflags '-s -w' -o "$state/oci-runtime" .
}

start() {
  mkdir -p "$state"
  # What an engine that was killed leaves behind: it would take a stranger with the same pid for its own process.
  rm -f "$pid_file" /var/run/docker.pid /var/run/docker/containerd/containerd.pid
  local options=(--pidfile "$pid_file" --oom-score-adjust 0 --log-level warn)
  if lacks_sys_resource; then
    build_runtime
    options+=(--add-runtime "reduced=$state/oci-runtime" --default-runtime reduced)
  fi
  setsid dockerd "${options[@]}" </dev/null >>"$state/dockerd.log" 2>&1 &
  local waited=0
  until answers; do
    sleep 0.5
    waited=$((waited + 1))
    if [ "$waited" -gt 120 ]; then
      tail -n 30 "$state/dockerd.log"
      return 1
    fi
  done
}

# Pods may reach each other and this machine, and nothing beyond it: a test that leaves the machine is no test.
keep_traffic_here() {
  local link
  link=$(uplink)
  [ -z "$link" ] || iptables -I DOCKER-USER -o "$link" -j DROP
}

traffic_stays_here() {
  local link
  link=$(uplink)
  [ -z "$link" ] || iptables -C DOCKER-USER -o "$link" -j DROP 2>/dev/null
}

uplink() { ip -4 route show default | sed -n 's/.* dev \([^ ]*\).*/\1/p' | head -n 1; }

up() {
  answers || start_own
  # An interrupted start may have left the rule out.
  if ours_runs && ! traffic_stays_here; then
    step "keeping the containers' traffic on this machine" keep_traffic_here
  fi
}

start_own() {
  if [ "$(uname -s)" != Linux ] || [ "$(id -u)" -ne 0 ] || [ -d /run/systemd/system ]; then
    give_up 'No Docker engine answers.' 'Start Docker (Docker Desktop, or: sudo systemctl start docker), then try again.'
  fi
  step 'starting a Docker engine' start
}

stop() {
  ours_runs || { say 'no engine of ours runs'; return; }
  local pid
  pid=$(cat "$pid_file")
  kill "$pid"
  while kill -0 "$pid" 2>/dev/null; do sleep 0.2; done
}

case ${1:-} in
  up) up ;;
  stop) stop ;;
  *) give_up 'usage: engine.sh up | stop' 'up makes a Docker engine answer; stop ends the one that up started' ;;
esac
