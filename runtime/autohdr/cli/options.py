"""The options and arguments that several verbs have, each said once."""

from collections.abc import Callable
from functools import reduce
from pathlib import Path
from typing import Any, get_args

import click

from autohdr.files.look import is_elsewhere
from autohdr.objects.path import named
from autohdr.words import DecoderName, EngineName, Keep, ModeName


class _File(click.Path):
    """A file or folder of this machine's."""

    def convert(self, value: Any, parameter: click.Parameter | None, context: click.Context | None) -> Any:
        """See `click.Path.convert`."""
        if not isinstance(value, str) or "://" not in value:
            return super().convert(value, parameter, context)
        if is_elsewhere(path := named(value)):
            self.fail(f"{path} is in object storage; name a path of this machine.", parameter, context)
        return path


FILE = _File(path_type=Path)
"""A file or folder, which need not be there."""


class _Place(click.Path):
    """A file or folder, or the URL of an object or of what keys begin with."""

    def convert(self, value: Any, parameter: click.Parameter | None, context: click.Context | None) -> Any:
        """See `click.Path.convert`."""
        if isinstance(value, str) and "://" in value:
            return named(value)
        return super().convert(value, parameter, context)


PLACE = _Place(path_type=Path)


def _listed(context: click.Context, parameter: click.Parameter, paths: tuple[Path, ...]) -> tuple[Path, ...]:
    """The paths that are named, those in lists included: `@FILE` stands for the lines of a text file, as a command line
    is too short for the photos of a shoot. A file or folder whose name begins so is itself.
    """
    return tuple(path for one in paths for path in _lines(one))


def _lines(path: Path) -> list[Path]:
    if not str(path).startswith("@") or path.exists():
        return [path]
    try:
        text = Path(str(path)[1:]).read_text(encoding="utf-8-sig")
    except (OSError, ValueError) as error:
        raise click.BadParameter(f"{path} stands for a list of paths, which cannot be read: {error}") from error
    return [named(line) for line in text.splitlines() if line.strip()]


shoots = click.argument("shoots", metavar="SHOOT...", nargs=-1, required=True, type=PLACE, callback=_listed)
paths = click.argument("paths", metavar="PATHS...", nargs=-1, required=True, type=PLACE, callback=_listed)
model = click.option("--model", type=FILE, help="An .onnx of autohdr's, or the folder that holds one.")
engine = click.option(
    "--engine",
    type=click.Choice(["auto", *sorted(get_args(EngineName))]),
    default="auto",
    show_default=True,
    help="What runs the model; auto takes the best that can run here.",
)
decoder = click.option(
    "--decoder",
    type=click.Choice(get_args(DecoderName)),
    default="auto",
    show_default=True,
    help="What reads RAW files. auto: flashraw, which is fast, for the kinds of files on which it was compared with "
    "LibRaw; both for others.",
)
only = click.option(
    "--only",
    multiple=True,
    metavar="KIND=VALUE",
    help="Of a Lightroom catalog, these photos only: folder=2024/Paris, collection=Wedding, rating=3 (rating=3.. is "
    "three stars or more), flag=picked (or unflagged, rejected), date=2024-05 (or date=2024-05-17..2024-06). May be "
    "repeated: then all of them hold.",
)
root = click.option(
    "--root",
    multiple=True,
    metavar="OLD=NEW",
    help="Where a folder is now that a Lightroom catalog names elsewhere, such as D:/Photos=/Volumes/Photos. May be "
    "repeated.",
)
settings = click.option("--settings", type=FILE, help="Folder of the sidecars, where they are not beside the photos.")
keep = click.option(
    "--keep",
    type=click.Choice(get_args(Keep)),
    multiple=True,
    help="Learn from these photos, too: sdr, edited in the other mode (SDR or HDR) than most are; black-and-white, "
    "edited in black and white where more are in colour, or the other way round; unedited, whose settings were saved "
    "and never changed. May be repeated.",
)
mode = click.option(
    "--mode",
    type=click.Choice(get_args(ModeName)),
    help="Learn from the edits in this mode.  [default: the mode that more of them have]",
)
name_all = click.option("-v", "--verbose", is_flag=True, help="Name every photo that is left out, and why.")
threads = click.option("--threads", type=click.IntRange(1), help="Threads that decode.  [default: one a core]")
cache = click.option(
    "--cache",
    type=FILE,
    help="Folder that keeps what takes time to make: prepared photos, engines' plans and settings for this machine.  "
    "[default: the user's cache folder]",
)
dry_run = click.option("--dry-run", is_flag=True, help="Say what would be done, and do nothing.")
as_json = click.option("--json", "as_json", is_flag=True, help="Print JSON lines instead of text.")
quiet = click.option("-q", "--quiet", is_flag=True, help="Print the summary only, and what failed.")


def edited_photos(command: Callable[..., Any]) -> Callable[..., Any]:
    """What the verbs have in common that look at edited photos with a network."""
    common = (shoots, only, root, settings, mode, keep, model, engine, threads, cache, as_json, name_all)
    return reduce(lambda made, option: option(made), reversed(common), command)
