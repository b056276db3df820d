# Two commands are enough: `make run` starts the platform, `make test` tests it.
# Needs Debian 12 or newer (or another Linux) with python3 >= 3.11, its venv module, and npm.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
UV := $(BIN)/uv
LOCK := $(UV) pip compile -q --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --no-emit-index-url
INSTALL = $(BIN)/pip install -q --disable-pip-version-check
POSTGRES15 := /usr/lib/postgresql/15/bin
# As root without sudo, as anybody else with it.
AS_ROOT := $(shell [ "$$(id -u)" = 0 ] || echo sudo)
# Each process tests on a PostgreSQL of its own; whoever is done first takes over from the other.
PARALLEL ?= -n auto --dist worksteal
CASES ?= 10000
INSTANCES ?= 100000
OPEN ?= 1000000
CLOCKS ?= 1000000
GUIDES ?=
MILLIONS ?= 1
REGIONS ?= 30

.DEFAULT_GOAL := help
.PHONY: help run test test-pg15 check bench bench-deadlines bench-rules bench-process bench-process-bulk bench-process-lists bench-catalogue bench-exchange docs lock clean browser postgres15

help: ## Say what can be made
	@grep -hE '^[a-z0-9-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-16s %s\n", $$1, $$2}'

run: $(VENV)/.run ## Start the platform with its own database and a demonstration city; Ctrl-C stops it
	@exec $(BIN)/tongban up

test: $(VENV)/.dev browser ## Run all tests, on a PostgreSQL of their own
	$(BIN)/python -m pytest $(PARALLEL)

test-pg15: $(VENV)/.dev browser postgres15 ## The same on Debian's PostgreSQL 15
	TONGBAN_POSTGRES_BIN=$(POSTGRES15) $(BIN)/python -m pytest $(PARALLEL)

check: $(VENV)/.dev ## Style, types, import contracts, architecture, migrations
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	PYTHONPATH=src $(BIN)/lint-imports
	$(BIN)/python -m pytest tests/test_architecture.py tests/test_migrations.py tests/test_docs.py

bench: $(VENV)/.dev ## Measure pages and acts, in a few minutes (longer: CASES=10000,1000000 GUIDES=file.jsonl)
	$(BIN)/python bench/pages.py --cases $(CASES) $(if $(GUIDES),--guides $(GUIDES))

bench-deadlines: $(VENV)/.dev ## Measure the recomputation of running clocks after changes of the calendar (CLOCKS=1000000)
	$(BIN)/python bench/deadlines.py --clocks $(CLOCKS)

bench-rules: $(VENV)/.bench ## Measure decision tables beside other engines
	$(BIN)/python bench/rules.py

bench-catalogue: $(VENV)/.dev ## Measure the search beside its peers (REGIONS=300: a million items; ITEMS=items.csv ASKED=asked.csv GUIDES=guides.jsonl)
	$(BIN)/python bench/catalogue.py --regions $(REGIONS) $(if $(ITEMS),--items $(ITEMS) --asked $(ASKED)) $(if $(GUIDES),--guides $(GUIDES))

bench-exchange: $(VENV)/.dev ## Measure what is due for the national exchange at a million services (MILLIONS=1)
	$(BIN)/python bench/exchange.py $(MILLIONS)

bench-process: $(VENV)/.bench ## Measure the process engine beside SpiffWorkflow
	$(BIN)/python bench/process.py

bench-process-bulk: $(VENV)/.dev ## Measure bulk work of processes: starting, timers, completing, migrating (INSTANCES=100000)
	$(BIN)/python bench/process_bulk.py --instances $(INSTANCES)

bench-process-lists: $(VENV)/.dev ## Measure worklists and lists of instances (OPEN=1000000)
	$(BIN)/python bench/process_lists.py --items $(OPEN)

docs: $(VENV)/.dev ## Write the reference pages anew from the code
	UPDATE=1 $(BIN)/python -m pytest tests/test_docs.py tests/test_migrations.py

lock: $(VENV)/.uv ## Choose the newest versions of all dependencies and write down their hashes
	$(LOCK) --upgrade pyproject.toml -o requirements.lock
	echo "setuptools>=77" | $(LOCK) --upgrade - -o requirements-build.lock
	$(LOCK) --upgrade --extra dev pyproject.toml -o requirements-dev.lock
	$(LOCK) --upgrade --extra bench pyproject.toml -o requirements-bench.lock
	$(LOCK) --upgrade --extra vectors pyproject.toml -o requirements-vectors.lock

clean: ## Remove everything that was made here, the data of `make run` too
	rm -rf $(VENV) var .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache build dist src/*.egg-info

# An environment that was begun with another Python, or not finished, is made anew.
$(VENV)/bin/pip:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed; name it: make PYTHON=python3.x"; exit 1; }
	$(PYTHON) -m venv --clear $(VENV) || { echo "On Debian: apt-get install python3-venv"; exit 1; }

$(VENV)/.run: requirements.lock requirements-build.lock pyproject.toml | $(VENV)/bin/pip
	$(INSTALL) --require-hashes -r requirements.lock -r requirements-build.lock
	$(INSTALL) --no-deps --no-build-isolation -e .
	@# Without the font everything runs but the papers; the command says what to do.
	-@$(BIN)/python -m tongban.documents.adapters.fetch_fonts
	@touch $@

$(VENV)/.dev: $(VENV)/.run requirements-dev.lock
	$(INSTALL) --require-hashes -r requirements-dev.lock
	@touch $@

$(VENV)/.bench: $(VENV)/.dev requirements-bench.lock
	$(INSTALL) --require-hashes -r requirements-bench.lock
	@touch $@

$(VENV)/.uv: | $(VENV)/bin/pip
	$(INSTALL) uv
	@touch $@

# The build without windows is quicker; where it cannot be had, the whole Chromium does as well.
browser:
	@command -v chromium-headless-shell >/dev/null || { $(AS_ROOT) apt-get update -q && $(AS_ROOT) apt-get install -q -y --no-install-recommends chromium-headless-shell; } \
	  || command -v chromium >/dev/null || $(AS_ROOT) apt-get install -q -y --no-install-recommends chromium

# Only the programs: the cluster that Debian's package would start is not wanted.
postgres15:
	@test -x $(POSTGRES15)/postgres || { $(AS_ROOT) mkdir -p /etc/postgresql-common && \
	  echo "create_main_cluster = false" | $(AS_ROOT) tee -a /etc/postgresql-common/createcluster.conf >/dev/null && \
	  $(AS_ROOT) apt-get update -q && $(AS_ROOT) env DEBIAN_FRONTEND=noninteractive \
	  apt-get install -q -y --no-install-recommends -o Dpkg::Options::=--force-confold postgresql-15; }
