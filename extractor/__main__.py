"""`python -m extractor` is the command line without the installed script."""

if __name__ == "__main__":  # processes that read files import this module again, and need none of it
    from extractor.cli import main

    main()
