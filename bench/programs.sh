# shellcheck shell=bash
# The programs that are measured and those that measure, and where they are. Sourced, never run.

bench=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

# build_programs "NAME...": what these clients need, and nothing for others.
build_programs() {
  step 'building the worker and the plugin as they are released' images/build.sh --binaries
  step 'building the site and the driver' \
    nice -n 5 cargo build --quiet --release --locked --package crawl-bench-site --package crawl-bench-driver
  local dist=dist/linux-amd64 target=${CARGO_TARGET_DIR:-target}/release name
  [ "$(uname -m)" = x86_64 ] || dist=dist/linux-arm64
  export BENCH_WORKER=$dist/crawl-worker BENCH_LOCAL=$dist/kubectl-crawl
  export BENCH_SITE=$target/crawl-bench-site BENCH_DRIVER=$target/crawl-bench-driver
  for name in $1; do
    case $name in
      fetch | limit | spider | spider-links) rust_peers ;;
      colly) colly ;;
      scrapy) BENCH_SCRAPY=$(python_of scrapy) && export BENCH_SCRAPY ;;
      celery) BENCH_CELERY=$(python_of celery) && export BENCH_CELERY ;;
    esac
  done
}

# Cargo knows by itself what has changed.
rust_peers() {
  [ -z "${BENCH_RUST_PEERS:-}" ] || return 0
  local target=$CRAWL_CACHE/bench/rust
  step 'building the peers in Rust (minutes, the first time)' \
    nice -n 5 cargo build --quiet --release --locked --manifest-path "$bench/peers/rust/Cargo.toml" --target-dir "$target"
  export BENCH_RUST_PEERS=$target/release
}

colly() {
  export BENCH_COLLY=$CRAWL_CACHE/bench/colly
  step 'building Colly' build_colly
}

build_colly() (
  command -v go >/dev/null || give_up 'Go is not installed.' 'Install Go 1.24 or newer, or leave colly out of PEERS.'
  cd "$bench/peers/colly" || exit
  nice -n 5 go build -trimpath -o "$BENCH_COLLY" .
)

# python_of PEER: prints the path of a Python that has the peer's packages; made in the cache where it is not there yet.
python_of() {
  local requirements=$bench/peers/$1/requirements.txt home
  home=$CRAWL_CACHE/bench/$1-$(recipe "$requirements" </dev/null)
  [ -e "$home/complete" ] || step "installing $1" install_packages "$home" "$requirements"
  echo "$home/bin/python"
}

install_packages() {
  rm -rf "$1"
  python3 -m venv "$1"
  "$1/bin/python" -m pip install --quiet --requirement "$2"
  touch "$1/complete"
}
