# Bedring: everything a person needs to type. `make` alone lists it.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help

# Tools that `make tools` brought win over what the machine has; npm's wasm-opt is among them.
export PATH := $(CURDIR)/target/tools/bin:$(CURDIR)/e2e/node_modules/.bin:$(HOME)/.cargo/bin:$(PATH)

# Trunk reads NO_COLOR as a yes/no flag and stops on "1".
TRUNK := env -u NO_COLOR trunk

# The phone's program with a standard library built for size, whose panics stop without words: a tenth less to fetch (decision 0014).
# The compiler is pinned, so what it calls unstable does not move under us. Without reference types, because Safari 16.0 to 16.3 run
# programs with a table of them wrongly (decision 0015).
SMALLER := RUSTC_BOOTSTRAP=1 CARGO_UNSTABLE_BUILD_STD=std,panic_abort CARGO_UNSTABLE_BUILD_STD_FEATURES=optimize_for_size \
  RUSTFLAGS="--cfg erase_components -Zunstable-options -Cpanic=immediate-abort -Zlocation-detail=none -Zfmt-debug=none -Ctarget-feature=-reference-types"

# On the build server the lock file is law; at home it may still move.
LOCKED := $(if $(CI),--locked)
TRUNK_FLAGS := --release=true $(if $(CI),--locked=true)

.PHONY: help tools tools-engines app server run check test bench screens test-rust test-wasm test-e2e test-engines

help: ## Say what can be made
	@grep -hE '^[a-z0-9-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{ printf "  make %-13s %s\n", $$1, $$2 }'

tools: ## Bring the tools that are missing (quick when nothing is)
	@e2e/tools/install.sh

tools-engines: ## Bring the browsers that the journey is made in: old Chromium, Firefox, WebKit
	@e2e/tools/install.sh engines

app: tools ## Build both browser apps into target/app and check their size
	cargo fetch $(LOCKED)
	$(SMALLER) cargo fetch $(LOCKED) --target wasm32-unknown-unknown
	$(SMALLER) $(TRUNK) build app/index.html $(TRUNK_FLAGS) --dist target/app/respond --public-url /
	$(SMALLER) $(TRUNK) build app/staff.html $(TRUNK_FLAGS) --dist target/app/staff --public-url /staff/ --html-output index.html
	node e2e/tools/budget.mjs

server: app ## Build the release binary with the apps inside
	cargo build --release $(LOCKED) -p bedring-server

run: server ## Start Bedring on SQLite with demo data (folder ./data); prints a person's link and QR
	target/release/bedring serve --demo

check: ## Quick look while working: format, then clippy
	cargo fmt --all
	cargo clippy $(LOCKED) --workspace --all-targets -- -D warnings

# The order puts cheap failures first, and the apps before the server, which carries them inside.
test: tools tools-engines ## Everything the build server runs
	cargo fmt --all --check
	$(MAKE) app
	cargo clippy $(LOCKED) --workspace --all-targets -- -D warnings
	$(MAKE) test-rust test-wasm
	$(MAKE) test-e2e

test-rust: ## Rust tests, on SQLite and PostgreSQL
	cargo test $(LOCKED) --workspace

test-wasm: ## The rules once more, as the phone runs them
	cargo test $(LOCKED) -p bedring-domain --target wasm32-unknown-unknown

test-e2e: server tools-engines ## A real browser against the release binary, then the short journey and the main screens in each browser
	cd e2e && BEDRING_BIN=$(CURDIR)/target/release/bedring npx playwright test
	cd e2e && BEDRING_BIN=$(CURDIR)/target/release/bedring npx playwright test -c engines short

test-engines: server tools-engines ## The whole journey in old Chromium, Firefox and two WebKits, every screen in two
	cd e2e && BEDRING_BIN=$(CURDIR)/target/release/bedring npx playwright test -c engines whole

bench: server ## Measure journal and phone; one table and target/bench/report.json
	e2e/bench/run.sh

screens: server ## A picture of every screen, both languages and colour schemes, into target/screens
	BEDRING_BIN=$(CURDIR)/target/release/bedring e2e/tools/screens.sh
