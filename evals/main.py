"""What the installed script `gouji` runs.

Nothing is imported before it is called: processes that read files import the main module again (0.4 s each).
"""


def main() -> None:
    """Run the command line."""
    from evals.gouji import main as run

    run()


if __name__ == "__main__":
    main()
