# The main commands are `make demo` and `make test`; both set up .venv. `make soak` runs what takes longer: more random
# attacks, kills, damaged pages, and Ray if it is installed. `make lock` updates the requirements files.
# This file uses only what GNU make 3.81, a POSIX sh and BSD tools understand.

VENV = .venv
BIN := $(VENV)/$(if $(filter Windows_NT,$(OS)),Scripts,bin)
EXE := $(if $(filter Windows_NT,$(OS)),.exe)
PIP = $(BIN)/python -m pip --disable-pip-version-check --quiet
LOCK = uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate --no-header --quiet

# Python may write compiled modules, even if the environment forbids it: the tests start it many times.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: demo test soak check lock clean

demo: $(VENV)/ready-to-run
	$(BIN)/python seeds/demo.py articles.jsonl

test: $(VENV)/ready-to-test
	$(BIN)/python -m pytest -q $(PYTEST_ARGS)

soak: $(VENV)/ready-to-test
	COPYDESK_EXAMPLES=200 $(BIN)/python -m pytest -q -m "soak or hypothesis" $(PYTEST_ARGS)
	$(BIN)/python -m tests.hostile.kills --children 14 --main 1 --crawl 1 --store 1 --articles 60 --pages 60
	$(BIN)/python -m tests.hostile --cases 2000 --room 700 --workers 2
	$(BIN)/python -m tests.hostile --cases 200 --workers 2

check: $(VENV)/ready-to-test
	$(BIN)/ruff check .
	$(BIN)/mypy

$(BIN)/python$(EXE):
	@sh .ci/make-venv $(VENV)

$(VENV)/ready-to-run: requirements.txt pyproject.toml $(BIN)/python$(EXE)
	$(PIP) install --require-hashes -r requirements.txt
	$(PIP) install --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/ready-to-test: requirements-dev.txt $(VENV)/ready-to-run
	$(PIP) install --require-hashes -r requirements-dev.txt
	@touch $@

lock:
	$(LOCK) pyproject.toml --extra dev --extra train --output-file requirements-dev.txt
	echo 'setuptools>=77,<85' | $(LOCK) pyproject.toml - --constraints requirements-dev.txt --output-file requirements.txt

clean:
	rm -rf $(VENV) build dist *.egg-info articles.jsonl articles.jsonl.*
