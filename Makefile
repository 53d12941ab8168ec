# Two commands are enough: `make run` and `make test`. The others are their parts.
# Every target works on a fresh machine with Rust and Node alone; what else the tests need
# (Debian's Chromium, packages) `make tools` installs.

TARGET := $(or $(CARGO_TARGET_DIR),target)
BINARY := $(abspath $(TARGET))/debug/dagsorden
SKIPPED := $(abspath $(TARGET))/skipped-tests
NPM_CI := npm ci --no-audit --no-fund --loglevel=error

.PHONY: run build web tools test check rust web-test interop browser bench fuzz api

## Build everything, start with a demonstration forum under ./data, print the address.
run: web
	cargo build --release --locked -p dagsorden
	$(abspath $(TARGET))/release/dagsorden serve --demo --data data

## The binary for tests and development, with the web client beside it.
build: web
	cargo build --locked --workspace --all-targets

web: web/dist/index.html

web/node_modules: web/package-lock.json
	cd web && $(NPM_CI)
	touch $@

web/dist/index.html: web/node_modules web/index.html web/vite.config.ts $(shell find web/src web/public web/scripts -type f 2>/dev/null)
	cd web && npm run build

## What the tests need beside Rust and Node.
tools:
	@scripts/install-test-tools
	@scripts/install-format-validators

## Everything that must hold. Prints what was skipped, and why.
test: tools check web-test build rust interop browser
	@echo "all tests passed; skipped: $$(wc -l < $(SKIPPED))"; cat $(SKIPPED)

## Format, lints, layout.
check:
	cargo fmt --all --check
	cargo clippy --locked --workspace --all-targets -- -D warnings

## Unit, property, conformance, layout and simulation tests; kill -9, power cuts and shutdown of
## the real binary under load.
rust: build
	: > $(SKIPPED)
	DAGSORDEN_BIN=$(BINARY) DAGSORDEN_SKIPPED=$(SKIPPED) cargo test --locked --workspace

web-test: web/node_modules
	cd web && npm run check && npm test

## The stock automerge-repo client, and HTTP, against the real binary.
interop: build
	cd tests/interop && $(NPM_CI) && DAGSORDEN_BIN=$(BINARY) npm test

browser: build
	cd tests/browser && $(NPM_CI) && npm run check && DAGSORDEN_BIN=$(BINARY) npm test

## Load scenarios against the real, durable server beside a bare broadcast server; then what a
## key costs in a real browser.
bench: web tools
	cargo build --release --locked -p dagsorden -p verifier -p bench
	DAGSORDEN_BIN=$(abspath $(TARGET))/release/dagsorden cargo run --release --locked -p bench
	cd tests/browser && $(NPM_CI) && DAGSORDEN_BIN=$(abspath $(TARGET))/release/dagsorden npx playwright test speed figures

## Longer random tests: the editor's binding and the simulation.
fuzz: web/node_modules
	cd web && npm run fuzz -- 1000
	SIM_RUNS=1000 cargo test --locked --release -p simulation

## The types of the HTTP interface for the web client, from the server's own description.
api: web/node_modules
	cargo run --locked -q -p dagsorden -- openapi > web/openapi.json
	cd web && npm run api
