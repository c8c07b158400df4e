"""`python -m igny8` and the `igny8` script."""

from igny8.cli.root import main

if __name__ == "__main__":
    main()
