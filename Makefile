# Everything a fresh machine needs: `make demo` and `make test` set themselves up in .venv.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
USABLE := $(VENV)/.usable
READY := $(VENV)/.ready

.PHONY: demo demo-llm test check bench chaos clean

INSTALL := $(BIN)/pip install --quiet --disable-pip-version-check -c constraints.txt

$(USABLE): pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(INSTALL) -e .
	touch $@

$(READY): $(USABLE)
	$(INSTALL) -e ".[dev]"
	touch $@

demo: $(USABLE)
	$(BIN)/gouji extract evals/fixtures/*/disclosure.* --out out/demo

# the model path end to end, against a simulated server on this machine
demo-llm: $(READY)
	$(BIN)/python -m evals.simulation.demo evals/fixtures/*/disclosure.* --out=out/demo-llm

check: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

test: $(READY)
	.ci/packages
	$(BIN)/python -m pytest -n auto

bench: $(READY)
	$(BIN)/python -m evals.benchmarks

# kills, database crashes and restarts during a job; its results held against those of a run without (some minutes)
chaos: $(READY)
	$(BIN)/python -m evals.benchmarks.chaos --database postgresql
	$(BIN)/python -m evals.benchmarks.chaos --database sqlite

clean:
	rm -rf $(VENV) out .pytest_cache .mypy_cache .ruff_cache .hypothesis
