# Every target makes the environment it needs: `make demo` and `make test` work alone,
# on a fresh clone, in any order and under `make -j`.
# The environment has two floors: what runs and builds, and the tools on top of it.

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-print-directory --no-builtin-rules

VENV := .venv
BIN := $(VENV)/bin
RUN := $(VENV)/.run
DEV := $(VENV)/.dev

PACKAGES := bot adapters storage
# Twice quiet: errors are said, and nothing about where packages were looked for.
PIP := $(BIN)/python -m pip -qq --disable-pip-version-check install
# A lock names everything, so there is nothing to resolve; older versions of pip would
# look for a newer release of what somebody asks for with an extra, and then refuse it.
LOCKED := $(PIP) --no-deps --require-hashes -r
COMPILE := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 \
	--generate-hashes --no-emit-index-url --no-emit-find-links --no-annotate \
	--custom-compile-command 'make lock' $(if $(UPGRADE),--upgrade) pyproject.toml

# Extra words for pytest: make test ARGS='-k slot -x'
ARGS ?=
# Tests run beside each other, one process for each core, four at the most: beyond that
# starting them costs more than they save. WORKERS=0 runs them one after the other.
WORKERS ?= auto
# What needs a builder of images or a judge of units is checked by deploy-check.
PYTEST := $(BIN)/python -m pytest --ignore tests/deploy --numprocesses $(WORKERS) --maxprocesses 4 \
	--dist worksteal

# The person's own settings must not reach what is run here.
unexport PYTHONPATH PYTHONHOME VIRTUAL_ENV PIP_REQUIRE_VIRTUALENV PIP_USER

.PHONY: help
help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

$(RUN): requirements.lock pyproject.toml
	@set -e; \
	for python in python3.11 python3 python3.14 python3.13 python3.12; do \
	  "$$python" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' \
	    2>/dev/null && break; python=; \
	done; \
	if [ -z "$$python" ]; then \
	  echo "Roundrobin needs Python 3.11 or newer, with its venv module." >&2; \
	  echo "On Debian or Ubuntu: apt-get install python3 python3-venv" >&2; exit 1; \
	fi; \
	echo "Setting up $(VENV): half a minute the first time ..." >&2; \
	[ -x $(BIN)/python ] || "$$python" -m venv --clear $(VENV); \
	$(LOCKED) requirements.lock; \
	$(PIP) --no-deps --no-build-isolation -e .; \
	touch $@

$(DEV): requirements-dev.lock $(RUN)
	@echo "Adding the tools to $(VENV): half a minute the first time ..." >&2
	@$(LOCKED) requirements-dev.lock
	@touch $@

.PHONY: install
install: $(RUN) ## set up .venv, with the command roundrobin in .venv/bin

.PHONY: demo
demo: $(RUN) ## a poll from beginning to end, nothing configured
	@if [ -t 0 ] && [ -t 1 ]; then $(BIN)/roundrobin demo; \
	else $(BIN)/roundrobin demo --no-input; fi

.PHONY: test
test: $(DEV) ## run the tests (ARGS='-k word' for some of them)
	@$(PYTEST) $(ARGS)

.PHONY: check
check: lint types imports coverage ## all that a change must pass

.PHONY: lint
lint: $(DEV) ## style, format and spelling
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/codespell

.PHONY: types
types: $(DEV) ## both type checkers
	@$(BIN)/mypy
	@$(BIN)/pyright

.PHONY: imports
imports: $(DEV) ## who may import whom
	@$(BIN)/lint-imports --no-logo

.PHONY: coverage
coverage: $(DEV) ## the tests, and how much of the code they reach
	@$(PYTEST) --cov --cov-report= $(ARGS)
	@$(BIN)/coverage report --fail-under=95
	@$(BIN)/coverage report --include='bot/core/*,bot/crypto/*,bot/views/*' --fail-under=100

.PHONY: deploy-check
deploy-check: $(DEV) ## units, compose file and image (Debian, as root)
	@$(BIN)/python -m pytest tests/deploy $(ARGS)

.PHONY: fmt
fmt: $(DEV) ## format, and mend what can be mended without a person
	@$(BIN)/ruff check --fix-only --quiet .
	@$(BIN)/ruff format .

.PHONY: docs
docs: $(RUN) ## write docs/reference.md from the code
	@$(BIN)/python docs/make_reference.py

.PHONY: lock
lock: $(DEV) ## compile both lock files (UPGRADE=1 for the newest versions)
	@$(COMPILE) --extra build --output-file requirements.lock
	@$(COMPILE) --extra build --extra dev --constraint requirements.lock \
	  --output-file requirements-dev.lock

.PHONY: bench
bench: $(RUN) ## the performance figures
	@$(BIN)/roundrobin bench

.PHONY: wheel
wheel: $(RUN) ## build the wheel into dist/
	@$(BIN)/hatchling build --target wheel

.PHONY: clean
clean: ## remove the environment and all that tools left behind
	@rm -rf $(VENV) build dist htmlcov .coverage .coverage.* .hypothesis
	@rm -rf .import_linter_cache .mypy_cache .pytest_cache .ruff_cache
	@find $(PACKAGES) tests -type d -name __pycache__ -prune -exec rm -rf {} +
