# OKR Board. `make run` serves it, `make test` proves it, `make check` is what CI asks of the code.

PYTHON ?= python3
OKR_HOST ?= 127.0.0.1
OKR_PORT ?= 8501
RUNS ?= 10000

VENV := .venv
PY := $(VENV)/bin/python
PIP := $(PY) -m pip --disable-pip-version-check --quiet install
RUN_READY := $(VENV)/.requirements-installed
DEV_READY := $(VENV)/.requirements-dev-installed

.DEFAULT_GOAL := help
.PHONY: help run test soak check format bench picture clean

help: ## say what there is
	@awk -F ':.*## ' '/^[a-z]+:.*## /{printf "make %-8s %s\n", $$1, $$2}' Makefile

run: $(RUN_READY) ## serve the board at http://localhost:8501 (OKR_HOST, OKR_PORT)
	@echo "OKR Board: http://$(if $(filter 127.0.0.1,$(OKR_HOST)),localhost,$(OKR_HOST)):$(OKR_PORT) (Ctrl+C ends it)"
	@exec $(PY) -m uvicorn app:app --host $(OKR_HOST) --port $(OKR_PORT) \
		--no-access-log --log-level warning --timeout-graceful-shutdown 3

# The tests start many a Python. Where the environment lets none keep what it compiles, each compiles
# all anew.
test: $(DEV_READY) ## run every test
	PYTHONDONTWRITEBYTECODE= $(PY) -m pytest -n 2 --dist loadfile --no-loadscope-reorder $(TESTS)

soak: $(DEV_READY) ## prove the write path at length (RUNS=10000 interleavings, about an hour)
	OKR_SOAK=1 $(PY) -m pytest tests/property tests/contract/test_bad_input.py
	$(PY) -m tests.property --runs $(RUNS)

check: $(DEV_READY) ## format, lint and types
	$(PY) -m ruff format --check .
	$(PY) -m ruff check .
	$(PY) -m mypy --strict okr app.py pages

format: $(DEV_READY) ## put the code into its form
	$(PY) -m ruff format .
	$(PY) -m ruff check --fix .

bench: $(DEV_READY) ## measure against the budgets
	$(PY) -m benchmarks

picture: $(DEV_READY) ## take the picture in the README anew (needs a Chromium)
	$(PY) -m docs.picture

clean: ## remove the environment and what tools left behind
	rm -rf $(VENV) .mypy_cache .pytest_cache .ruff_cache .hypothesis

$(PY):
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
		echo "OKR Board needs Python 3.11 or newer; “$(PYTHON)” here is: $$($(PYTHON) --version 2>&1)." >&2; \
		echo "Install a newer one, or name it: make run PYTHON=python3.12" >&2; exit 1; }
	@echo "Setting up $(VENV) …"
	@$(PYTHON) -m venv --clear $(VENV) || { \
		echo "Python's venv module is not complete. On Debian and Ubuntu: apt-get install python3-venv" >&2; \
		rm -rf $(VENV); exit 1; }

$(RUN_READY): requirements.txt | $(PY)
	@echo "Installing what the board runs on (once, about half a minute) …"
	@$(PIP) -r requirements.txt
	@touch $@

$(DEV_READY): requirements.txt requirements-dev.txt | $(PY)
	@echo "Installing what tests and checks need (once, about a minute) …"
	@$(PIP) -r requirements-dev.txt
	@touch $(RUN_READY) $@
