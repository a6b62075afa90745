# shellcheck shell=bash
# What the user sees while the cluster scripts work: a line when a step begins, a line when it is done. Sourced, never
# run. What the step's programs print goes to the log, of which a failure shows the end.

# The scripts call each other: all of one run write into one log.
CRAWL_LOG="${CRAWL_LOG:-$CRAWL_CACHE/logs/$(date +%Y%m%dT%H%M%S)-$(basename "$0" .sh).log}"
export CRAWL_LOG

# step MESSAGE COMMAND...: runs the command, which may be a function.
step() {
  local message=$1 begun=$SECONDS status=0
  shift
  printf '==> %s\n' "$message"
  printf '\n==> %s\n' "$message" >>"$CRAWL_LOG"
  # In the background and waited for, since a function called in a condition would run on after an error.
  ( set -euo pipefail; "$@" ) >>"$CRAWL_LOG" 2>&1 </dev/null &
  wait $! || status=$?
  if [ "$status" -ne 0 ]; then
    printf '    failed after %d s; the end of %s:\n' $((SECONDS - begun)) "$CRAWL_LOG"
    tail -n 30 "$CRAWL_LOG" | sed 's/^/    | /'
    exit 1
  fi
  printf '    done in %d s\n' $((SECONDS - begun))
} >&2

say() { printf '    %s\n' "$*" >&2; }

# give_up WHAT FIX
give_up() {
  printf '%s\n    %s\n' "$1" "$2" >&2
  exit 1
}
