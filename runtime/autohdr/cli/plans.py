"""`autohdr plans`: the TensorRT plans in the cache folder. Thin: all that it does is `autohdr.plans`."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from autohdr.cli import lines, options
from autohdr.cli.commands import Group
from autohdr.codes import Code
from autohdr.words import PlanTask

if TYPE_CHECKING:
    from autohdr.engines.plans import CachedPlan


@click.group("plans", cls=Group, short_help="List or remove the TensorRT plans in the cache folder.")
def command() -> None:
    """List or remove the TensorRT plans in the cache folder.

    \b
    Example: autohdr plans list
    """


@command.command("list")
@options.cache
@options.as_json
def list_command(cache: Path | None, as_json: bool) -> None:
    """List them, with their engine, model and GPU.

    \b
    Example: autohdr plans list
    """
    _manage("list", cache, as_json)


@command.command("clear")
@options.cache
@options.as_json
def clear_command(cache: Path | None, as_json: bool) -> None:
    """Remove them. They are built again when they are needed, which takes seconds to minutes.

    \b
    Example: autohdr plans clear
    """
    _manage("clear", cache, as_json)


def _manage(task: PlanTask, cache: Path | None, as_json: bool) -> None:
    from autohdr import plans
    from autohdr.files.folders import cache_folder

    folder = cache_folder() if cache is None else cache
    found = plans(task, cache=folder)
    if not as_json:
        click.echo(_text(task, folder, found))
        return
    for plan in found:
        lines.show("plan", {"code": Code.REMOVED if task == "clear" else Code.KEPT, **plan.to_dict()})
    size = sum(plan.size for plan in found)
    lines.show("summary", {"code": Code.DONE, "folder": str(folder), "plans": len(found), "size": size})


def _text(task: PlanTask, cache: Path, found: "list[CachedPlan]") -> str:
    """A line a plan, and the sums."""
    lines = [f"{plan.path}  {plan.size / 1e6:.1f} MB{_what(plan)}" for plan in found]
    size = sum(plan.size for plan in found) / 1e6
    done = "removed from" if task == "clear" else "in"
    return "\n".join([*lines, f"{len(found)} plans of {size:.1f} MB {done} {cache}"])


def _what(plan: "CachedPlan") -> str:
    parts = [plan.engine, plan.model, plan.key.get("gpu") or plan.key.get("arch")]
    damaged = ", damaged" if plan.whole is False else ""
    return f"  ({', '.join(str(part) for part in parts if part)}{damaged})"
