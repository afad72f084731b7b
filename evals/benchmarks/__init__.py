"""Measurements: each module prints its figures, with ratios measured side by side in one run.

`python -m evals.benchmarks` runs the quick ones on the bundled disclosures; `python -m evals.benchmarks.NAME` runs
one, with its own arguments. Nothing here is asserted in tests: times depend on the machine.
"""
