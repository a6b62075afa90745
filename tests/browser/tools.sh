#!/usr/bin/env bash
# Sees to it that what the browser tests call is there: Node.js, their npm packages and a Chromium. Prints Chromium's path.
#
# usage: tools.sh
#
# No browser is ever downloaded: it is the machine's, or Debian's. Packages go to the cache by what the lock file says.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=../kind/cache.sh
. "$here/../kind/cache.sh"
# shellcheck source=../kind/progress.sh
. "$here/../kind/progress.sh"

oldest_node=20
parts=("$here/package.json" "$here/package-lock.json" "$here/.npmrc")
home=$CRAWL_CACHE/browser-$(recipe "${parts[@]}" </dev/null)

can_apt() { command -v apt-get >/dev/null && [ "$(id -u)" -eq 0 ]; }

find_chromium() {
  [ -z "${CRAWL_CHROMIUM:-}" ] || { echo "$CRAWL_CHROMIUM"; return; }
  command -v chromium || command -v chromium-browser || command -v google-chrome
}

# A page without fonts has boxes for letters; Chromium's package only recommends some.
install_chromium() {
  apt-get update
  DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends chromium fonts-dejavu-core
}

node_is_good() {
  [ "$(node --version 2>/dev/null | sed -n 's/^v\([0-9]*\)\..*/\1/p')" -ge "$oldest_node" ] 2>/dev/null &&
    command -v npm >/dev/null
}

install_packages() {
  rm -rf "$CRAWL_CACHE"/browser-*
  mkdir -p "$home"
  cp "${parts[@]}" "$home"
  cd "$home"
  PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD=1 npm ci
  touch complete
}

node_is_good || give_up "Node.js $oldest_node or newer, with npm, is not installed." 'Install it (Debian 13: apt-get install nodejs npm), then try again.'
if ! find_chromium >/dev/null; then
  can_apt || give_up 'There is no Chromium.' 'Install chromium or Google Chrome, or say where it is: CRAWL_CHROMIUM=/path/to/it'
  step "installing Debian's chromium" install_chromium
fi
[ -e "$home/complete" ] || step 'installing the npm packages of the browser tests' install_packages
# Beside the tests, since that is where Node.js looks for what they import.
ln -sfn "$home/node_modules" "$here/node_modules"
find_chromium
