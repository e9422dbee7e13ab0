"""The commands that a guide shows, and what it shows of their output."""

import re
from pathlib import Path


def steps(page: Path) -> list[tuple[str, list[str]]]:
    """The commands of a page in order, each with the lines that the page shows for it."""
    found: list[tuple[str, list[str]]] = []
    for kind, block in re.findall(r"^ *```(sh|text)\n(.*?)```", page.read_text("utf-8"), re.DOTALL | re.MULTILINE):
        if kind == "sh":
            found += [(line, []) for line in block.splitlines() if line.startswith("autohdr ")]
        else:
            found[-1][1].extend(line for line in block.splitlines() if line.strip() != "...")
    return found
