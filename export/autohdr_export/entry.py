"""The door of `autohdr-export`: behind it stands what may not be installed."""

from autohdr_train.entry import needs


def main() -> None:
    """`autohdr-export`."""
    with needs("export"):
        from autohdr_export.cli import main as command

        command()
