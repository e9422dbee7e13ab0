"""The commands of `python -m autohdr_train.quality`."""

import click

from autohdr.cli.commands import Group
from autohdr_train.quality.made.command import command as make


@click.group(cls=Group)
def main() -> None:
    """Work with data sets and models of image quality."""


main.add_command(make)

if __name__ == "__main__":
    main()
