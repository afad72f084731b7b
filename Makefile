# Everything a fresh machine needs: `make demo` and `make test` set themselves up in .venv.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
USABLE := $(VENV)/.usable
READY := $(VENV)/.ready

.PHONY: demo demo-llm test check gate baseline eval bench chaos clean

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

test: $(READY) gate
	.ci/packages
	$(BIN)/python -m pytest -n auto

# the rules reader on the bundled disclosures, held against the baseline: 1 (a regression) fails, 3 (too few documents
# to tell) is printed and passes
gate: $(READY)
	$(BIN)/gouji eval run --baseline evals/baseline.json --out out/gate || test $$? -eq 3

# after a change for the better, or one that was looked at and is wanted: commit the new baseline with it
baseline: $(READY)
	$(BIN)/gouji eval run --write-baseline evals/baseline.json --out out/gate

# how good the rules reader is, and what of a model's errors gets through (some minutes)
eval: $(READY)
	$(BIN)/gouji eval run --out out/eval
	$(BIN)/gouji eval stress --together --rates 0.01,0.05,0.1,0.2 --out out/stress
	$(BIN)/gouji eval report out/eval --stress out/stress --out out/eval

bench: $(READY)
	$(BIN)/python -m evals.benchmarks

# kills, database crashes and restarts during a job; its results held against those of a run without (some minutes)
chaos: $(READY)
	$(BIN)/python -m evals.benchmarks.chaos --database postgresql
	$(BIN)/python -m evals.benchmarks.chaos --database sqlite

clean:
	rm -rf $(VENV) out .pytest_cache .mypy_cache .ruff_cache .hypothesis
