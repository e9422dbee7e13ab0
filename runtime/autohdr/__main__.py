"""`python -m autohdr VERB`: the same as `autohdr VERB`."""

from autohdr.cli.main import main

if __name__ == "__main__":
    main(prog_name="autohdr")
