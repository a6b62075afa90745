#!/usr/bin/env bash
# Compares `kubectl crawl local --check` with other link checkers on a site with known broken links, and prints a table in Markdown.
#
# usage: links.sh
#
# Knobs, as variables: PAGES (500) ROUNDS (3); LYCHEE MUFFET LINKCHECKER name programs that are not on the path; KEEP a folder for what
# they printed. What is not installed is left out: cargo install lychee; go install github.com/raviqqe/muffet/v2@latest; pip install LinkChecker.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
cd "$here/.."
command -v python3 >/dev/null || { echo 'python3 is not installed: install Python 3.9 or newer' >&2; exit 1; }
cargo build --locked --release --quiet --package kubectl-crawl
work=$(mktemp -d)
python3 "$here/links/site.py" "${PAGES:-500}" "$work/site.json" &
site=$!
trap 'kill "$site" 2>/dev/null || true; rm -rf "$work"' EXIT
until python3 -c 'import json, sys; json.load(open(sys.argv[1]))' "$work/site.json" 2>/dev/null; do
  kill -0 "$site" 2>/dev/null || { echo 'the site did not start' >&2; exit 1; }
  sleep 0.1
done
CRAWL=${CARGO_TARGET_DIR:-target}/release/kubectl-crawl python3 "$here/links/compare.py" "$work/site.json"
