"""`autohdr doctor`: what can run on this machine. Thin: all that it does is `autohdr.doctor`."""

import sys
from pathlib import Path

import click

from autohdr.cli import lines, options
from autohdr.cli.commands import Command
from autohdr.codes import Code
from autohdr.exits import Exit


@click.command("doctor", cls=Command, short_help="Say which engines can run on this machine, and why not.")
@options.model
@options.cache
@options.as_json
def command(model: Path | None, cache: Path | None, as_json: bool) -> None:
    """Try each engine: can it run here, why not, what to install, and how fast it is.

    Each is compared with the engine `cpu`, in Lightroom's units. One that builds a plan takes minutes. Where the
    processor does the work, it is found out which engine and precision are the fastest here, and kept.

    \b
    Example: autohdr doctor

    Exit code 0: an engine can run here; 4: none can, or there is no model.
    """
    from autohdr import doctor
    from autohdr.cli.doctor import show
    from autohdr.system.progress import Progress

    with Progress(disable=None, leave=False, bar_format="{desc}") as bar:
        found = doctor(model, cache=cache, on_engine=lambda engine: bar.set_description_str(f"Trying {engine} ..."))
    if as_json:
        machine = found.to_dict()
        engines = machine.pop("engines")
        auto, best = machine.pop("auto"), machine.pop("best")
        lines.show("machine", machine)
        for engine in engines:
            lines.show("engine", engine)
        lines.show("summary", {"code": Code.DONE if auto else Code.ENGINE_REFUSED, "auto": auto, "best": best})
    else:
        click.echo(show.text(found))
    sys.exit(Exit.DONE if found.auto is not None else Exit.MISSING)
