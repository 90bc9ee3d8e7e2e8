# Everything starts here: `make demo` and `make test` work on a fresh clone.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
DEMO_ARGS ?=
SERVE_ARGS ?=
BENCH_ARGS ?=
SOAK_ARGS ?=
NODE_STAMP := node_modules/.package-lock.json
PEERS_STAMP := bench/peers/node_modules/.package-lock.json

.PHONY: help setup prerequisites build native typescript test demo serve bench bench-rpc bench-kernels soak crash determinism docs soak-kernels lint format coverage clean

help: ## this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

prerequisites:
	@node scripts/check-prerequisites.mjs 2>/dev/null || { command -v node >/dev/null \
	  && node scripts/check-prerequisites.mjs \
	  || { echo 'missing: Node.js 20.19 or newer (https://nodejs.org)' >&2; exit 1; }; }

$(NODE_STAMP): package.json package-lock.json
	npm ci --ignore-scripts --no-audit --no-fund
	@touch $@

setup: prerequisites $(NODE_STAMP) ## install what package-lock.json pins, run no install scripts

native: setup
	@node scripts/build-native.mjs

typescript: setup
	npx tsc -b tsconfig.dev.json

build: native typescript ## compile Rust and TypeScript into dist/ and build/

test: build ## lint, Rust tests, TypeScript tests, examples
	@node scripts/test.mjs

demo: build ## start the service, run a strategy against it, show what it learned (DEMO_ARGS=...)
	@node dist/cli/main.js demo $(DEMO_ARGS)

serve: build ## run the service in the foreground (SERVE_ARGS=...)
	@node dist/ml-service/main.js $(SERVE_ARGS)

bench: build ## ratios against peers in the same run (BENCH_ARGS=--json)
	@node build/bench/rpc.js --only conclave,raw $(BENCH_ARGS)
	@node build/bench/committee.js $(BENCH_ARGS)
	@node build/bench/outcomes.js $(BENCH_ARGS)

crash: build ## 500 kills at system calls of the journal, 200 at random, 1,000 bits flipped (about 20 minutes)
	CONCLAVE_CRASH_POINTS=500 CONCLAVE_CRASH_KILLS=200 CONCLAVE_FLIPS=1000 npx mocha --no-config --timeout 3600000 build/test/ml-service/e2e/crash-points.test.js build/test/ml-service/e2e/crash.test.js build/test/ml-service/journal/damage.test.js

determinism: prerequisites ## fold a million events, live and restarted, for two sets of instructions; the states must agree
	@plain=$$(cargo run -q --release --locked --example decider_determinism -p fastcalc); echo "$$plain"; \
	if [ "$$(uname -m)" = x86_64 ] && grep -qs avx2 /proc/cpuinfo; then \
	  avx2=$$(RUSTFLAGS='-C target-cpu=haswell' cargo run -q --release --locked --target-dir target/haswell --example decider_determinism -p fastcalc); \
	  echo "$$avx2 (AVX2 and FMA)"; [ "$$plain" = "$$avx2" ]; \
	fi
$(PEERS_STAMP): bench/peers/package.json bench/peers/package-lock.json
	cd bench/peers && npm ci --ignore-scripts --no-audit --no-fund
	@touch $@

bench-rpc: build $(PEERS_STAMP) ## the framework against NestJS, Moleculer, gRPC-js, fastify, raw sockets (BENCH_ARGS=--json)
	@node build/bench/rpc.js $(BENCH_ARGS)

docs: build ## write docs/fastcalc.md from the docstrings
	@node scripts/fastcalc-docs.mjs

soak-kernels: build ## ten million calls of the kernels from Node; memory must stay flat (BENCH_ARGS='--calls N --json')
	@node build/bench/soak-kernels.js $(BENCH_ARGS)

soak: build ## what is promised under load, attack and failure, measured (under 5 minutes; SOAK_ARGS=--json)
	@node build/bench/soak.js $(SOAK_ARGS)

bench-kernels: build $(PEERS_STAMP) ## the kernels against TA-Lib in C, technicalindicators, tulind (BENCH_ARGS=--json)
	@node build/bench/kernels.js $(BENCH_ARGS)

lint: setup ## check format, lint, clippy
	npx biome check .
	cargo fmt --check
	cargo clippy --all-targets --locked -- -D warnings

format: setup ## format everything
	npx biome check --write .
	cargo fmt

coverage: build ## line coverage of the TypeScript tests
	npx c8 --src dist --include 'dist/**' --reporter text-summary npx mocha

clean: ## remove what was built
	rm -rf dist build target coverage
