# Needs Python 3.11 or later and make; everything else is installed into .venv beside this file.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# Where a proxy is set, the tests' own servers on this machine are still reached directly.
export NO_PROXY := 127.0.0.1,localhost,::1
export no_proxy := $(NO_PROXY)

.PHONY: help demo test stress lint format clean

help:
	@echo "make demo    the whole tour with no account: a local gateway, setup, three faults found"
	@echo "make test    all tests, the real OpenClaw and the real Portkey gateway included"
	@echo "make stress  the tests that take long: a kill at every step, hundreds of concurrent writes"
	@echo "make lint    ruff, mypy, import-linter"
	@echo "make format  ruff format"
	@echo "make clean   remove what the others made"

demo: $(VENV)/demo.stamp
	$(BIN)/portkey-claw demo

test: $(VENV)/test.stamp
	@echo "Installing the real OpenClaw and Portkey gateway into .lab, unless they are there"
	$(BIN)/python tests/real/lab/install.py
	$(BIN)/pytest -n 2 --dist loadgroup

# The tests that CI runs a sample of.
stress: export PORTKEY_CLAW_STRESS := 1
stress: $(VENV)/test.stamp
	$(BIN)/python tests/real/lab/install.py
	$(BIN)/pytest -n 2 --dist loadgroup tests/unit/change/test_interruptions.py tests/real/test_concurrent_writers.py

lint: $(VENV)/test.stamp
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: $(VENV)/test.stamp
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

clean:
	rm -rf $(VENV) .lab .mypy_cache .ruff_cache .pytest_cache .hypothesis

$(VENV)/pip.stamp:
	@echo "Making $(VENV) with $(PYTHON)"
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or later is needed; name one: make PYTHON=python3.11"; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --upgrade "pip>=25.1"
	@touch $@

$(VENV)/demo.stamp: $(VENV)/pip.stamp pyproject.toml
	@echo "Installing portkey-claw into $(VENV)"
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable .
	@touch $@

$(VENV)/test.stamp: $(VENV)/demo.stamp
	@echo "Installing what the tests and linters need into $(VENV)"
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --group lint --group test --group real
	@touch $@
