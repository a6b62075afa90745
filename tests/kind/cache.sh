# shellcheck shell=bash
# Where the cluster scripts keep what they made: programs, base file systems, kubeconfigs, logs. Sourced, never run.
# Everything in there can be deleted at any time; the next run makes it again.

CRAWL_CACHE="${CRAWL_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/crawl-operator}"
mkdir -p "$CRAWL_CACHE/bin" "$CRAWL_CACHE/logs"
# Ours first: a program is put there only when the machine has none that is good enough.
PATH="$CRAWL_CACHE/bin:$PATH"
# Never the user's own clusters.
unset KUBECONFIG
export CRAWL_CACHE PATH

# keep_only IMAGE: forgets what older recipes made of the same name, but not what a container still uses.
keep_only() {
  docker image ls --filter "reference=${1%:*}" --format '{{.Repository}}:{{.Tag}}' |
    grep -vxe "$1" -e "${1%:*}:kind" -e "${1%:*}:built" |
    while read -r image; do docker rmi "$image" >/dev/null 2>&1 || true; done || true
}

# recipe FILE...: twelve hex digits that change when a file's content, or a word on standard input, changes.
recipe() {
  { cat; for file in "$@"; do printf '%s\n' "${file##*/}"; cat "$file"; done; } | git hash-object --stdin | cut -c1-12
}
