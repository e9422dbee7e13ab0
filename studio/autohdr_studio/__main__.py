"""`python -m autohdr_studio` is `autohdr studio`."""

from autohdr_studio.cli import command

command()
