"""`autohdr inspect`: what a file of autohdr's is. Thin: all that it does is `autohdr.inspect`."""

from pathlib import Path

import click

from autohdr.cli import lines, options
from autohdr.cli.commands import Command


@click.command("inspect", cls=Command, short_help="Say what a style or a model file is.")
@click.argument("file", metavar="FILE", type=options.FILE)
@options.as_json
def command(file: Path, as_json: bool) -> None:
    """Say what FILE is: a style, a model (an .onnx, or the folder that holds one), or a TensorRT plan of one.

    \b
    Example: autohdr inspect wedding.style

    Exit code 0: said; 4: there is no such file, or it is none of autohdr's, or damaged.
    """
    from autohdr import inspect
    from autohdr.model.inspection import text

    found = inspect(file)
    if as_json:
        lines.show("plan" if "for" in found else "style" if "sets" in found else "model", found)
    else:
        click.echo(text(found))
