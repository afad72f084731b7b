"""The benchmarks that take a minute or less, one after the other."""

from evals.benchmarks import checking, documents, model_path

if __name__ == "__main__":
    checking.main([])
    documents.main([])
    model_path.main(["--documents", "40"])
