"""The benchmarks that take a minute or less, one after the other."""

from evals.benchmarks import documents

if __name__ == "__main__":
    documents.main([])
