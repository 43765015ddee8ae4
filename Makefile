# Everything that a newcomer needs. All of it stays in this folder, but for one cache folder:
# $XDG_CACHE_HOME/streaming-ml-workshop (by default ~/.cache/streaming-ml-workshop).

PYTHON ?= python3
CACHE  := $(or $(WORKSHOP_CACHE),$(or $(XDG_CACHE_HOME),$(HOME)/.cache)/streaming-ml-workshop)
BIN    := .venv/bin
DEMO   ?=
TESTS  ?= tests
# Two at a time: tests mostly wait for Kafka, and each process has a broker of its own (about 1 GB in all).
WORKERS ?= 2

# Packages are looked up with the certificates that the system trusts, and kept for the next clone.
export UV_CACHE_DIR  := $(CACHE)/uv
export PIP_CACHE_DIR := $(CACHE)/pip
export UV_SYSTEM_CERTS := 1
export UV_LINK_MODE := copy
export PIP_DISABLE_PIP_VERSION_CHECK := 1
export TESTCONTAINERS_RYUK_DISABLED := true

.DEFAULT_GOAL := help
.PHONY: help setup demo exercises test book book-serve lint format lock clean

help: ## Show what can be done here
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: .venv/ready ## Make .venv with every package at its locked version

demo: .venv/ready ## Run the whole pipeline once: payments in, fraud alerts and a report out
	@$(BIN)/workshop demo $(DEMO)

exercises: .venv/ready ## Make the notebooks for learners from solutions/
	@$(BIN)/workshop build-exercises

test: .venv/ready ## Run all tests (container tests only where there is Docker)
	@$(BIN)/python -m pytest -n $(WORKERS) --no-loadscope-reorder $(TESTS)

book: .venv/ready ## Run the chapters of the book and build its site (build/book)
	@$(BIN)/python -m workshop.book.build book build/book

book-serve: book ## Show the built book on http://127.0.0.1:8000
	@$(BIN)/python -m http.server 8000 --bind 127.0.0.1 --directory build/book/_build/html

lint: .venv/ready ## Check style, types and import rules
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: .venv/ready ## Put the code into its one format
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

lock: .venv/ready ## Write requirements.lock anew from pyproject.toml
	$(BIN)/uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	    --extra dev pyproject.toml --custom-compile-command 'make lock' --output-file requirements.lock

clean: ## Stop the stack and remove what was made here (the cache stays)
	@if [ -x $(BIN)/workshop ]; then $(BIN)/workshop down --quiet; fi
	rm -rf .venv .workshop report build reference_impl/*.egg-info .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	find reference_impl tests -name __pycache__ -type d -prune -exec rm -rf {} +

.venv/ready: requirements.lock requirements-uv.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(0 if (3, 11) <= sys.version_info < (3, 14) else \
	    "Python 3.11, 3.12 or 3.13 is needed (TensorFlow has no package for others); this is %d.%d.\n" % sys.version_info[:2] + \
	    "Name another one: make $(MAKECMDGOALS) PYTHON=python3.13")'
	@echo "Setting up .venv (the first time this fetches about 700 MB of packages) …"
	@$(PYTHON) -m venv .venv || { echo "Python's venv module is missing. On Debian and Ubuntu: sudo apt install python3-venv" >&2; exit 1; }
	@$(BIN)/python -m pip install --quiet --require-hashes --requirement requirements-uv.lock
	@$(BIN)/uv pip sync --require-hashes requirements.lock
	@$(BIN)/uv pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $@
