"""The commands of `python -m autohdr_train.quality`."""

import click

from autohdr.cli.commands import Group
from autohdr_train.quality.made.command import command as make
from autohdr_train.quality.made.command import said
from autohdr_train.quality.training.command import study, train


@click.group(cls=Group)
def main() -> None:
    """Work with data sets and models of image quality."""


for command in (make, said, study, train):
    main.add_command(command)

if __name__ == "__main__":
    main()
