"""The reference of commands and of JSON lines, which `python scripts/reference.py` writes.

The commands come from click, the JSON lines and the codes from their tables. A test compares the pages with what this
would write.
"""

import re
from collections.abc import Iterator

import click

from autohdr.cli.main import main
from autohdr.cli.schemas.parts import Line
from autohdr.cli.schemas.verbs import ERROR, VERBS
from autohdr.codes import Code


def pages() -> dict[str, str]:
    """The text of each page, by its file's name."""
    return {"commands.md": _commands(), "json.md": _json()}


def _commands() -> str:
    parts = [
        "# Commands",
        "All that autohdr does is a verb of one command. `autohdr-run`, `autohdr-train`, `autohdr-export` and "
        "`autohdr-bench` are other names of `autohdr label`, `train`, `export` and `bench`. This page is made from the "
        "help of the commands (`python scripts/reference.py`).",
        "\n".join(f"- [`autohdr {name}`](#autohdr-{name}): {about}" for name, about in _verbs()),
        "[Exit codes](exit-codes.md) mean the same in all of them, and [`--json`](json.md) has one form.",
    ]
    return "\n\n".join([*parts, *_described(main, "autohdr", None)]) + "\n"


def _verbs() -> Iterator[tuple[str, str]]:
    context = click.Context(main)
    for name in main.list_commands(context):
        command = main.get_command(context, name)
        assert command is not None
        yield name, command.get_short_help_str(200)


def _described(command: click.Command, name: str, parent: click.Context | None) -> Iterator[str]:
    """The command, if it can be run as it is, and those below it."""
    context = click.Context(command, parent, info_name=name.split()[-1])
    if parent is not None:
        yield f"{'#' * (len(name.split()))} autohdr {name.removeprefix('autohdr ')}"
        usage = " ".join(command.collect_usage_pieces(context))
        yield f"```\n{name} {usage}\n```"
        yield _help(command)
        rows = [row for one in command.params if (row := _row(one, context)) is not None]
        if rows:
            yield "\n".join(["| option | does |", "|---|---|", *rows])
    if isinstance(command, click.Group):
        for below in command.list_commands(context):
            found = command.get_command(context, below)
            assert found is not None
            yield from _described(found, f"{name} {below}", context)


def _help(command: click.Command) -> str:
    """The help as Markdown: a paragraph that is not to be filled is shown as it is."""
    text = re.sub(r"(?m)^ +", "", command.help or "").strip()
    paragraphs = []
    for paragraph in text.split("\n\n"):
        plain = paragraph.strip("\n")
        paragraphs.append(f"```\n{plain[1:].strip()}\n```" if plain.startswith("\b") else " ".join(plain.split("\n")))
    return "\n\n".join(paragraphs)


def _row(option: click.Parameter, context: click.Context) -> str | None:
    record = option.get_help_record(context)
    if record is None or not isinstance(option, click.Option) or option.name == "version":
        return None
    names, about = (" ".join(part.split()) for part in record)
    # A bar ends a cell, and an escaped one within code keeps its backslash.
    return f"| `{names.replace('|', ', ')}` | {about.replace('|', ' or ')} |"


def _json() -> str:
    parts = [
        "# JSON lines",
        "Every verb has `--json`: it prints one JSON object a line on standard output, each as soon as it is known. "
        'Each line has `"schema": 1`, raised whenever a field changes its meaning or goes, and a `type`. Where a '
        "sentence stands, a `code` stands beside it: sentences may be worded otherwise in another version, codes stay. "
        "New fields and new codes may come, so pass over those that you do not know. Names of files are exact: a byte "
        "that is no UTF-8 stands as `\\udcXX`, as Python spells it (surrogateescape). This page is made from the table "
        "in the code (`python scripts/reference.py`).",
        "## In all verbs",
        *_line(ERROR),
    ]
    for verb, lines in VERBS.items():
        parts += [f"## autohdr {verb}", *(part for line in lines for part in _line(line))]
    rows = [f"| `{code}` | {code.meaning} |" for code in Code]
    parts += ["## Codes", "\n".join(["| code | means |", "|---|---|", *rows])]
    return "\n\n".join(parts) + "\n"


def _line(line: Line) -> Iterator[str]:
    yield f"**`{line.type}`**, {line.about}:"
    rows = [f"| `{name}` | {kinds.replace('|', ' or ')} | {about} |" for name, (kinds, about) in line.fields.items()]
    yield "\n".join(["| field | is | holds |", "|---|---|---|", *rows])
