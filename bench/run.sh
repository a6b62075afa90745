#!/usr/bin/env bash
# Measures what crawling costs, and prints tables in Markdown. README.md beside it says how to read them.
#
# usage: run.sh compare    this worker and other crawlers on the same site
#        run.sh reuse      connections of 1 to 8 workers on many HTTPS hosts
#
# Knobs, as variables: PAGES ROUNDS PEERS GZIP for compare; WORKERS DELAYS HOSTS PAGES IDLE H2 for reuse.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=../tests/kind/cache.sh
. "$here/../tests/kind/cache.sh"
# shellcheck source=../tests/kind/progress.sh
. "$here/../tests/kind/progress.sh"
# shellcheck source=../tests/kind/broker.sh
. "$here/../tests/kind/broker.sh"
# shellcheck source=programs.sh
. "$here/programs.sh"
# shellcheck source=broker.sh
. "$here/broker.sh"
cd "$here/.."

what=${1:-}
case $what in
  compare) peers=${PEERS:-fetch limit worker local spider spider-links colly scrapy celery} ;;
  reuse) peers=worker ;;
  *) give_up "usage: run.sh compare | reuse" "compare measures this worker and other crawlers; reuse measures connections" ;;
esac

command -v taskset >/dev/null || give_up 'taskset is not installed.' 'Use Linux, with util-linux.'
[ "$(nproc)" -ge 2 ] || give_up 'There is one core only.' 'One is for the client and one for the server: use a machine with two.'
command -v python3 >/dev/null || give_up 'python3 is not installed.' 'Install Python 3.9 or newer, with its venv module.'

BENCH_WORK=$(mktemp -d)
export BENCH_WORK PEERS="$peers"
trap 'stop_rabbitmq; rm -rf "$BENCH_WORK"' EXIT
build_programs "$peers"
start_broker
say "measuring; everything else that runs on this machine is in the way"
python3 "$here/measure/$what.py"
