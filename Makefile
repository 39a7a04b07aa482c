# Everything a newcomer needs. `make demo` shows the main job, `make test` passes the tests.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.PHONY: help setup demo serve sandbox test test-long coverage lint audit soak bench bench-long system system-test system-bench clean

BIN := .venv/bin
# bytecode is written whatever the shell says: a service without it takes 0.3 s of CPU more to start, and tests start many
export PYTHONDONTWRITEBYTECODE :=
SUDO := $(shell [ "$$(id -u)" = 0 ] || echo sudo)
PYTHON ?= $(shell for it in python3 python3.13 python3.12 python3.11; do \
	$$it -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$it && break; done)
# workers that test side by side, one more than there are cores, since many tests wait for a browser or a deadline;
# tests that share a service stay on one of them (tests/side_by_side.py)
WORKERS ?= $(shell expr $$(nproc 2>/dev/null || sysctl -n hw.ncpu) + 1)
PYTEST := pytest --numprocesses $(WORKERS) --durations 10

help: ## show this
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

setup: system .venv/ready .venv/warm ## install Chromium and make .venv with .venv/bin/lens-rx

demo: setup ## identify and price a sample photo on the sandbox, fact by fact
	@$(BIN)/lens-rx demo

serve: setup ## serve the live web (set OPENAI_API_KEY for the model)
	@exec $(BIN)/lens-rx serve

sandbox: setup ## serve the sandbox
	@exec $(BIN)/lens-rx serve --sandbox

test: setup system-test ## pass the tests
	@$(if $(COVERAGE),$(BIN)/coverage erase)
	@$(BIN)/$(if $(COVERAGE),coverage run,python) -m $(PYTEST)
	@$(if $(COVERAGE),$(BIN)/coverage combine --quiet && $(BIN)/coverage report)

test-long: setup system-test ## pass the long schedules of kills, with new seeds each time (TEST_SEED=… repeats them)
	@$(BIN)/python -m $(PYTEST) -m long

# MINUTES for one node and for three together; SEED repeats the choices of an earlier soak
MINUTES ?= 10
soak: setup system-test ## load and break one node, then three, for MINUTES=10, and fail where something is lost or grows
	@PYTHONPATH=tests $(BIN)/python -m soak --minutes $(MINUTES) $(if $(SEED),--seed $(SEED))

coverage: ## pass the tests and print the line coverage of lens_rx without the sandbox
	@$(MAKE) --no-print-directory test COVERAGE=1

lint: .venv/ready ## check form, types, dead code and dependencies
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check
	@$(BIN)/mypy
	@$(BIN)/vulture
	@$(BIN)/deptry . --no-ansi

audit: .venv/ready ## look for known vulnerabilities in the packages; needs the advisories' data, so CI leaves it out
	@$(BIN)/python .ci/audit

# SCRIPTS="replays.py storage.py" runs these and leaves the figures of the others as they are
bench: setup system-test system-bench .venv/bench ## measure all figures beside their peers in a quarter of an hour; writes benchmarks/RESULTS.md and the README's table
	@PYTHONPATH=benchmarks $(BIN)/python -m tools.run_all $(if $(SCRIPTS),--only $(SCRIPTS))

bench-long: setup system-test system-bench .venv/bench ## measure what takes about four hours: a million stored runs, a million duplicates
	@PYTHONPATH=benchmarks $(BIN)/python -m tools.run_all --long $(if $(SCRIPTS),--only $(SCRIPTS))

clean: ## remove what setup made
	@rm -rf .venv .venv-audit .soak

# $(call need,TEST,PACKAGE): Debian's package where the test fails, or words on what to do.
define need
	@( $(1) ) >/dev/null 2>&1 || { \
		command -v apt-get >/dev/null || { echo "Please install $(2) yourself, then run make again."; exit 1; }; \
		apt-cache policy $(2) 2>/dev/null | grep -qE 'Candidate: [0-9]' || $(SUDO) apt-get update -qq || true; \
		apt-cache policy $(2) | grep -E 'Candidate:' | grep -qvE 'none|snap' || { \
			echo "$(2) is no package here. On Ubuntu it is a snap: sudo snap install $(2)"; \
			echo "Elsewhere install it by hand, then run make again."; exit 1; }; \
		echo "Installing $(2) ..."; \
		$(SUDO) env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $(2) >/dev/null || { \
			echo "That did not work. Please run as root: apt-get install $(2)"; exit 1; }; }
endef

CHROMIUMS := $${LENS_RX_CHROMIUM:-chromium} chromium-browser google-chrome-stable google-chrome

system: ## install Chromium, where it is not there
	$(call need,for it in $(CHROMIUMS); do command -v $$it && exit; done; false,chromium)

system-test: ## install Redis for the tests, where it is not there
	$(call need,command -v redis-server,redis-server)

system-bench: ## install the driver that selenium needs, a peer in the benchmarks, where it is not there
	$(call need,command -v chromedriver,chromium-driver)

.venv/ready: pyproject.toml constraints.txt
	@[ -n "$(PYTHON)" ] || { \
		echo "Python 3.11 or later is needed. Please run as root: apt-get install python3 python3-venv"; exit 1; }
	$(call need,$(PYTHON) -c 'import ensurepip',python3-venv)
	@echo "Making .venv with what constraints.txt names; a minute or two the first time ..."
	@$(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --disable-pip-version-check --progress-bar off \
		-c constraints.txt -e '.[dev,sandbox,mcp,uvloop]' | grep --line-buffered -E '^(Collecting|Installing|Successfully)' | cut -c -100
	@touch $@

# the peers that the benchmarks compare with
.venv/bench: .venv/ready
	@$(BIN)/python -m pip install --disable-pip-version-check --quiet -c constraints.txt -e '.[dev,sandbox,mcp,uvloop,bench]'
	@touch $@

# the sandbox's pictures are drawn once, so that the first demo does not wait for them
.venv/warm: .venv/ready
	@echo "Drawing the sandbox's pictures, starting Chromium once, asking the sandbox's model; some seconds ..."
	@$(BIN)/lens-rx warmup --sandbox
	@touch $@
