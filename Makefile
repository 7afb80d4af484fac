# Two commands on a fresh Debian machine that has Rust and Node: `make run` and `make test`.
.PHONY: run test check build web deps tools demo bench clean

ADDR ?= 127.0.0.1:8112

run: web ## Build all that is missing, open the demonstration town.
	cargo build --release
	./target/release/xiangtu import maps/demo
	./target/release/xiangtu serve maps/demo --listen $(ADDR) --open

test: web tools ## Every test, the browser's included.
	cargo build
	./target/debug/xiangtu import maps/demo
	cargo test
	cd web && npm test && npm run e2e

check: deps ## What CI checks beside the tests.
	cargo fmt --check
	cargo clippy --all-targets -- -D warnings

build: web
	cargo build --release

web: deps web/dist/index.html

web/node_modules/.package-lock.json: web/package-lock.json
	cd web && npm ci --no-audit --no-fund
	touch $@

web/dist/index.html: web/node_modules/.package-lock.json $(shell find web/src web/index.html web/public maps/text -type f 2>/dev/null)
	cd web && npm run build

deps: ## Debian's packages, where they are missing.
	@./.ci/deps

tools: .venv/bin/schemathesis ## What tests ask with that Debian does not have.

.venv/bin/schemathesis: tests/requirements.txt
	python3 -m venv .venv
	.venv/bin/pip install --quiet --disable-pip-version-check -r $<
	touch $@

demo: ## Make the demonstration town's sources anew; the same seed gives the same bytes.
	cargo run --release --example demo-town -- maps/demo/sources

bench: build ## The headline queries on a made province, beside the peers (bench/run.py's header says what to install).
	python3 bench/run.py

clean:
	cargo clean
	rm -rf .venv web/dist web/node_modules maps/demo/store.gpkg* maps/demo/flaws
