#!/usr/bin/env bash
# Builds the user interface into ui/dist, which crawl-api holds when it is compiled. What is up to date is left alone, and then
# no Node.js is needed.
#
# usage: build.sh
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=../tests/kind/cache.sh
. "$here/../tests/kind/cache.sh"
# shellcheck source=../tests/kind/progress.sh
. "$here/../tests/kind/progress.sh"

cd "$here"
# Says what dist was made of. Beside it and not in it, as all that is in there is served.
made_of=node_modules/.made-of
packages_of=node_modules/.packages-of

# Names and contents of all that is not made here.
sources() {
  find . \( -name node_modules -o -name dist -o -name .test \) -prune -o -type f -print | LC_ALL=C sort |
    while read -r file; do printf '%s %s\n' "$(git hash-object "$file")" "$file"; done | recipe
}

is() { [ "$(cat "$1" 2>/dev/null)" = "$2" ]; }

node_is_good() {
  command -v npm >/dev/null && node -e '
    const [major, minor] = process.versions.node.split(".").map(Number);
    process.exit(major > 22 || (major === 22 && minor >= 12) || (major === 20 && minor >= 19) ? 0 : 1)' 2>/dev/null
}

# No package runs anything while it is installed.
install_packages() {
  npm ci --ignore-scripts --no-audit --no-fund
  echo "$1" >"$packages_of"
}

build() {
  npm test
  npm run build
  echo "$1" >"$made_of"
}

wanted=$(sources)
if is "$made_of" "$wanted" && [ -e dist/index.html ]; then exit; fi
node_is_good || give_up 'Node.js 20.19, 22.12 or newer, with npm, is not installed; the user interface is built with it.' \
  'Install it (Debian 13: apt-get install nodejs npm; others: https://nodejs.org), then try again.'
packages=$(recipe package.json package-lock.json .npmrc </dev/null)
is "$packages_of" "$packages" || step 'installing the npm packages of the user interface' install_packages "$packages"
rm -f "$made_of"
step 'building the user interface' build "$wanted"
