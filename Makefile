# Everything runs in .venv, made on first use. `make PYTHON=python3.12 …` names the interpreter (3.11 or later).
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
# Published reports with annotations, no part of this project; left out where they are not there.
CORPUS ?= ../shared

.PHONY: help demo test check accuracy accuracy-baseline calibrate screenshots bench bench-batch format clean

help:
	@echo "make demo    convert the sample reports and show what comes out"
	@echo "make test    run the tests"
	@echo "make check   lint, types, layers and tests"
	@echo "make accuracy  every field scored, and the facts gained and lost since the baseline"
	@echo "make accuracy-baseline  make what comes out now the baseline"
	@echo "make calibrate  the confidence of each field anew"
	@echo "make bench   reports a second, beside spaCy's tokenizer"
	@echo "make screenshots  docs/report-*.png anew (needs Chromium)"
	@echo "make bench-batch  a large archive: two workers beside one, the driver, memory (some minutes)"
	@echo "make format  format the code"
	@echo "make clean   remove the environment and all caches"

$(READY): pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Python 3.11 or later is needed: make PYTHON=python3.12 $(MAKECMDGOALS)"; exit 1; }
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade "pip>=25.1"
	$(BIN)/python -m pip install --quiet --editable ".[all]" --group dev
	@touch $@

demo: $(READY)
	@$(BIN)/postmortem convert data/samples --output $(VENV)/demo.jsonl
	@$(BIN)/python -m postmortem.demo data/samples

test: $(READY)
	$(BIN)/python -m pytest

check: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache
	$(BIN)/python -m pytest

accuracy: $(READY)
	@$(BIN)/python -m postmortem.evaluation --corpus $(CORPUS)

accuracy-baseline: $(READY)
	@$(BIN)/python -m postmortem.evaluation --corpus $(CORPUS) --update

calibrate: $(READY)
	@$(BIN)/python -m postmortem.evaluation.calibrate --corpus $(CORPUS)

bench: $(READY)
	$(BIN)/python -m postmortem.bench

screenshots: $(READY)
	$(BIN)/python tests/screenshots.py docs

bench-batch: $(READY)
	$(BIN)/python -m postmortem.bench_batch

format: $(READY)
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

clean:
	rm -rf $(VENV) .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache dist build
	find pipeline tests -name __pycache__ -prune -exec rm -rf {} +
