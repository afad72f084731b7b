"""Reports drawn from the JSON of runs, comparisons and stress tests: Markdown, and one self-contained page."""
