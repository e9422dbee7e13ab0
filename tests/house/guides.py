"""The commands that a guide shows, and what it shows of their output."""

import os
import re
from collections.abc import Iterator
from pathlib import Path

from click.testing import CliRunner, Result

from autohdr.cli.main import main


def steps(page: Path) -> list[tuple[str, list[str]]]:
    """The commands of a page in order, each with the lines that the page shows for it."""
    found: list[tuple[str, list[str]]] = []
    for kind, block in re.findall(r"^ *```(sh|text)\n(.*?)```", page.read_text("utf-8"), re.DOTALL | re.MULTILINE):
        if kind == "sh":
            found += [(line, []) for line in block.splitlines() if line.startswith("autohdr ")]
        else:
            found[-1][1].extend(line for line in block.splitlines() if line.strip() != "...")
    return found


def played(page: Path) -> Iterator[tuple[str, list[str], Result]]:
    """Each command of a page, what the page shows for it, and what came of it in the working folder."""
    for command, shown in steps(page):
        yield command, shown, CliRunner().invoke(main, command.split()[1:])


def shapes(text: str) -> list[str]:
    """Lines without what differs from shoot to shoot: figures, names of photos, and which sliders were learnt."""
    lines = []
    for line in text.splitlines():
        plain = re.sub(r"^(\w+ .*?)  (adapted|constant|not learnt)\b.*", r"\1", line)
        plain = re.sub(r"^(Adapted to each photo: ).*|^(skipped: [^ ]+).*", r"\1\2", plain)
        lines.append(re.sub(r"[+-]?\d+(\.\d+)?", "#", re.sub(r"\s+", " ", plain)).strip())
    return lines


def enter(name: str) -> Path:
    """Makes a folder, in which this process works from now on; it keeps its caches and states in there."""
    folder = Path(name).resolve()
    folder.mkdir(parents=True)
    os.environ |= {"XDG_CACHE_HOME": str(folder / "cache"), "AUTOHDR_STATE": str(folder / "state")}
    os.chdir(folder)
    return folder
