"""The door of `python -m autohdr_train.default`."""

from autohdr.cli.extras import needs

if __name__ == "__main__":
    with needs("train"):
        from autohdr_train.default.training import main

        main()
