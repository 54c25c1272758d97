"""Runs the command line: `python -m complaint_typing`."""

from .cli import main

if __name__ == "__main__":
    main()
