# The one door for commands. CI calls these targets and no others.

SHELL := /bin/bash
.DEFAULT_GOAL := help
CARGO_FLAGS ?= --locked

.PHONY: help
help: ## Show this list
	@grep -hE '^[a-z0-9-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-12s %s\n", $$1, $$2}'

.PHONY: demo
demo: ## Crawl a real site on a real cluster, from nothing (the second run takes about a minute)
	@demo/run.sh

.PHONY: down
down: ## Remove the demonstration's cluster
	@tests/kind/cluster.sh down crawl-demo

.PHONY: test
test: ## Everything that CI runs, with the time of each part
	@tests/all.sh

.PHONY: quick
quick: fmt clippy unit ## What needs neither a cluster nor a broker

.PHONY: fmt
fmt: ## Check the formatting
	cargo fmt --all --check

.PHONY: clippy
clippy: ## Check with clippy; a warning fails
	cargo clippy $(CARGO_FLAGS) --workspace --all-targets --quiet -- -D warnings

.PHONY: deny
deny: ## Check licences, advisories, duplicates and which crate may use which
	@tests/deny.sh

.PHONY: unit
unit: ## Unit tests, golden files and 400 seeds of the simulation
	cargo test $(CARGO_FLAGS) --workspace --exclude e2e --quiet

.PHONY: simulation
simulation: ## The frontier under 5,000 seeds of crashes, duplicates and two leaders
	SIM_SEEDS=5000 cargo test $(CARGO_FLAGS) --release --quiet --package crawl-frontier --test simulation

.PHONY: fuzz
fuzz: ## Bytes that nobody thought of, for extraction, encodings, headers and messages (FUZZ_SECONDS=60 each; needs a nightly Rust)
	@fuzz/run.sh

.PHONY: bench
bench: ## What a page costs: the worker and other crawlers on one site; then what the fold costs, and to read its results (WHOLE=1: all of a million pages)
	@bench/run.sh compare
	cargo bench $(CARGO_FLAGS) --quiet --package crawl-frontier --bench fold
	cargo bench $(CARGO_FLAGS) --quiet --package crawl-results --bench results

.PHONY: bench-tls
bench-tls: ## How often 1 to 8 workers find a connection open, on many HTTPS hosts
	@bench/run.sh reuse

.PHONY: bench-links
bench-links: ## Broken links: this program and other link checkers, where they are installed, on one site
	@bench/links.sh

.PHONY: bench-http
bench-http: ## How soon the pages of results come over HTTP, from the log of a large crawl (WHOLE=1: a million pages)
	@bench/http.sh

.PHONY: chaos
chaos: ## Everything fails while crawls run, 1,000 times; the counts must be those of a plain walk
	@tests/chaos.sh

.PHONY: broker
broker: ## Tests of the broker client, the worker and the api against a real RabbitMQ
	@tests/broker.sh

.PHONY: chart
chart: ## Check the chart, its renderings and manifests/install.yaml
	@charts/check.sh

.PHONY: e2e
e2e: ## End-to-end tests on a kind cluster of their own (KEEP=1 leaves it)
	@tests/e2e.sh

.PHONY: ui
ui: ## Test and build the user interface, which crawl-api holds
	@ui/build.sh

.PHONY: browser
browser: ## The REST service and its page in a real browser, on the cluster of e2e, which stays
	@tests/browser.sh

.PHONY: images
images: ## Build the static binaries, with the user interface in one of them, and the images
	@images/build.sh

.PHONY: generate
generate: ## Write the CRDs, the chart's copies of them and manifests/install.yaml
	cargo run --quiet --package crawl-crds -- crds/generated
	charts/check.sh --generate
	manifests/render.sh
