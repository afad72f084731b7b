"""`python -m evals.benchmarks.model_path`.

In a module of its own: reading processes import the main module again, unless it is called this.
"""

from evals.benchmarks.model_path import main

if __name__ == "__main__":
    main()
