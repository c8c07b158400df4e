# `make demo` and `make test` need nothing but make and a Python with venv: they install into .venv.

PY := .venv/bin/python
WORKERS ?= auto
DEMO ?= demo
export IGNY8_PYTHON

.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help demo test check format lint types imports fmt drill bench docs lock wheel core dev

help: ## List these targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

demo: core ## Install, then run the whole line offline into ./demo
	@$(PY) -m igny8 demo $(DEMO)

test: dev ## Install, then run the tests
	@$(PY) -m pytest -n $(WORKERS) --maxprocesses 8

check: format lint types imports test ## All that CI runs

format: dev ## Is everything formatted?
	@$(PY) -m ruff format --check

lint: dev ## Ruff
	@$(PY) -m ruff check

types: dev ## Mypy, strict
	@$(PY) -m mypy

imports: dev ## Import contracts
	@.venv/bin/lint-imports

fmt: dev ## Format, and mend what can be mended
	@$(PY) -m ruff check --fix --exit-zero --quiet
	@$(PY) -m ruff format

drill: dev ## The long lane: kill, fuzz, race
	@$(PY) -m pytest -m drill

bench: dev ## Benchmarks, with figures
	@set -e; for file in benchmarks/bench_*.py; do $(PY) $$file; done

docs: dev ## Regenerate the pages that are made from the code
	@$(PY) docs/generate.py

wheel: dev ## Build the wheel into dist/
	@$(PY) -m hatchling build -t wheel

# pip-tools lives in an environment of its own: it is not part of what it locks.
lock: ## Lock the newest versions that pyproject.toml allows
	@python3 -m venv build/lock && build/lock/bin/python -m pip install --quiet pip-tools
	@for set in core dev; do CUSTOM_COMPILE_COMMAND="make lock" build/lock/bin/pip-compile --quiet \
	  --upgrade --generate-hashes --strip-extras --no-annotate --build-deps-for editable \
	  --no-emit-index-url --no-emit-find-links --no-emit-trusted-host \
	  $$([ $$set = core ] || echo --extra $$set -c requirements/core.txt) \
	  --output-file requirements/$$set.txt pyproject.toml || exit 1; done

core:
	@requirements/install core

dev:
	@requirements/install dev
