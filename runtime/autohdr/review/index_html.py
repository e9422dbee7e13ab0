"""Puts what a page tells into its one HTML file, with style and program inside: it asks nobody for anything."""

import html
import json
import re
from collections.abc import Mapping
from importlib.resources import files
from typing import Any

TITLE = '<meta name="generator" content="autohdr'
"""What a page of ours is known by."""
DATA = '<script type="application/json" id="data">'
"""The text behind which a page holds its data."""
_STYLES = ("page.css", "grid.css", "large.css", "print.css")
_PLACE = re.compile(r"\{\{([A-Z]+)\}\}")
_PROGRAMS = ("words.js", "grid.js", "large.js", "page.js")


def index_html(data: Mapping[str, Any]) -> bytes:
    """Makes the whole file, UTF-8.

    Args:
        data: `title`, `version` and what the program reads besides.
    """
    folder = files("autohdr.review") / "template"

    def read(names: tuple[str, ...]) -> str:
        return "\n".join((folder / name).read_text(encoding="utf-8") for name in names)

    # "<" would end the script's element, and what is not ASCII is spelled in ASCII.
    told = json.dumps(data, separators=(",", ":")).replace("<", "\\u003c")
    text = (folder / "page.html").read_text(encoding="utf-8")
    values = {
        "TITLE": html.escape(_text(str(data["title"]))),
        "VERSION": html.escape(str(data["version"])),
        "STYLE": read(_STYLES),
        "PROGRAM": read(_PROGRAMS),
        "DATA": told,
    }
    return _PLACE.sub(lambda place: values[place[1]], text).encode()


def _text(name: str) -> str:
    """A name that may hold what is no text."""
    return name.encode(errors="backslashreplace").decode()
