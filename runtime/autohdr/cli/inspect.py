"""`autohdr inspect`: what a file of autohdr's is. Thin: all that it does is `autohdr.inspect`."""

from pathlib import Path

import click

from autohdr.cli import lines, options
from autohdr.cli.commands import Command


@click.command("inspect", cls=Command, short_help="Say what a style or a model file is.")
@click.argument("file", metavar="FILE", type=options.FILE)
@options.as_json
def command(file: Path, as_json: bool) -> None:
    """Say what FILE is: a style, a model of sliders or of quality (an .onnx, or its folder), or a TensorRT plan.

    \b
    Example: autohdr inspect wedding.style

    Exit code 0: said; 4: there is no such file, or it is none of autohdr's, or damaged.
    """
    from autohdr import inspect
    from autohdr.model.inspection import text

    found = inspect(file)
    if as_json:
        kinds = {"for": "plan", "sets": "style", "architecture": "quality_model"}
        lines.show(next((kind for key, kind in kinds.items() if key in found), "model"), found)
    else:
        click.echo(text(found))
