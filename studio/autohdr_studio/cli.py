"""`autohdr studio`: see a shoot in the browser, correct it, and have all others follow."""

import sys
import webbrowser
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from autohdr.cli import lines, options
from autohdr.cli.commands import Command
from autohdr.codes import Code

if TYPE_CHECKING:
    from autohdr_studio.web.server import Server


@click.command("studio", cls=Command, extra="studio", short_help="See and correct a shoot in the browser, and learn.")
@options.shoots
@options.only
@options.root
@click.option("--style", type=options.FILE, help="A style to begin with, until enough is learnt from your edits.")
@click.option("--port", type=click.IntRange(0, 65535), default=0, help="Port of the page.  [default: one that is free]")
@click.option("--browser/--no-browser", default=True, help="Open the page in the browser.  [default: --browser]")
@click.option("--read-only", is_flag=True, help="Only look, also while another run works in the folder.")
@options.model
@options.engine
@options.threads
@options.cache
@options.as_json
def command(
    shoots: tuple[Path, ...],
    only: tuple[str, ...],
    root: tuple[str, ...],
    style: Path | None,
    port: int,
    browser: bool,
    read_only: bool,
    model: Path | None,
    engine: str,
    threads: int | None,
    cache: Path | None,
    as_json: bool,
) -> None:
    """Open the RAW files of SHOOT... (files, folders searched in depth, or Lightroom catalogs) as a page in the
    browser: see all photos as they would look, correct one, and watch all others follow. Nobody but this computer can
    open the page. A catalog is only read: its edits are your own, and Lightroom shows what is written here after
    Metadata > Read Metadata from Files.

    What you correct is written into the photo's sidecar, or into a DNG, as your own edit, and can be taken back.

    \b
    Example: autohdr studio ~/Pictures/wedding
    Or:      autohdr studio Lightroom.lrcat --only collection=Wedding

    Exit code 0: ended with Ctrl-C; 2: wrong usage, or another run works there; 3: a file could not be read or
    written, or none of a catalog is there; 4: no engine or no model.
    """
    from autohdr_studio.shoot.studio import open_studio
    from autohdr_studio.web.server import serve

    opened = open_studio(
        shoots,
        only=only,
        root=root,
        style=style,
        model=model,
        engine=engine,
        threads=threads,
        cache=cache,
        readonly=read_only,
    )
    with opened as studio:
        photos = len(studio.shoot.photos)

        def say(address: str, server: "Server") -> None:
            for note in studio.notes:
                lines.show("note", asdict(note)) if as_json else click.echo(note.sentence)
            if as_json:
                lines.show("open", {"address": address, "photos": photos, "readonly": read_only})
            else:
                click.echo(f"{photos} photos; the studio is open at {address}")
                click.echo("The address works once, in one browser. Ctrl-C ends the studio.")
            sys.stdout.flush()
            if browser:
                webbrowser.open(address)

        serve(studio, port, say)
    if as_json:
        lines.show("summary", {"code": Code.DONE, "photos": photos})
    else:
        click.echo("The studio is closed; what you saved stands in the sidecars.")
