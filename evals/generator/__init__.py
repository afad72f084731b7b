"""Planted truth: invented disclosures whose every figure and relation is known, with one slip planted in each.

    accounts (a consistent graph of figures) → paper (text, places, perfect records) → slip → what the engine says

`python -m evals.generator --cases 1000` measures detection, localisation, suggestions and false alarms.
"""
