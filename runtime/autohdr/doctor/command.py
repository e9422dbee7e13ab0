"""What `autohdr-run --doctor` and `--plans` print."""

import json
from pathlib import Path

import click

from autohdr.doctor import plans, show
from autohdr.doctor.examine import examine
from autohdr.folders import cache_folder
from autohdr.progress import Progress


def doctor(model: Path | None, cache: Path | None, as_json: bool) -> bool:
    """Tries each engine; whether any can run here.

    Raises:
        ModelError: the model is missing, not ours, or from a newer version.
    """
    with Progress(disable=None, leave=False, bar_format="{desc}") as bar:
        found = examine(model, cache, lambda engine: bar.set_description_str(f"Trying {engine} ..."))
    click.echo(json.dumps(found.to_dict()) if as_json else show.text(found))
    return found.auto is not None


def manage(task: plans.Task, cache: Path | None, as_json: bool) -> None:
    """Lists or removes the plans in the cache folder.

    Raises:
        FileError: one cannot be read or removed.
    """
    folder = cache_folder() if cache is None else cache
    found = plans.manage(task, folder)
    for line in map(json.dumps, found) if as_json else [plans.text(task, folder, found)]:
        click.echo(line)
