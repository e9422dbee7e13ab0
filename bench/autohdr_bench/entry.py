"""The door of `autohdr-bench`: behind it stands what may not be installed."""

from autohdr_train.entry import needs


def main() -> None:
    """`autohdr-bench`."""
    with needs("bench"):
        from autohdr_bench.cli import main as command

        command()
