#!/usr/bin/env bash
# Prints the path of a Python that has the packages of requirements.txt; made in the cache where it is not there yet.
#
# usage: python.sh
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=kind/cache.sh
. "$here/kind/cache.sh"
# shellcheck source=kind/progress.sh
. "$here/kind/progress.sh"

home=$CRAWL_CACHE/python-$(recipe "$here/requirements.txt" </dev/null)

make_it() {
  rm -rf "$home"
  python3 -m venv "$home"
  "$home/bin/python" -m pip install --quiet --requirement "$here/requirements.txt"
  touch "$home/complete"
}

command -v python3 >/dev/null || give_up 'python3 is not installed.' 'Install Python 3.9 or newer, with its venv module.'
[ -e "$home/complete" ] || step 'installing the Python packages that checks use' make_it
echo "$home/bin/python"
