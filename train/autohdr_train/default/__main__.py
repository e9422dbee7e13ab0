"""The door of `python -m autohdr_train.default`."""

from autohdr.cli.commands import one_sentence
from autohdr.cli.extras import needs

if __name__ == "__main__":
    with one_sentence(), needs("train"):
        from autohdr_train.default.training import main

        main()
