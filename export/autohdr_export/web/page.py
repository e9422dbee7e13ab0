"""The parts of a web page: the whole, a section, a table. Text in, HTML out."""

from collections.abc import Iterable, Sequence
from html import escape
from itertools import chain, repeat
from pathlib import Path
from string import Template

from autohdr_export.web.chart import STYLE

HERE = Path(__file__).parent


def page(title: str, body: str, style: str = "") -> str:
    """A whole page.

    Args:
        title: of the window, plain text.
        body: HTML.
        style: CSS of this page alone; that of `page.css` and of charts is there already.
    """
    template, common = ((HERE / name).read_text(encoding="utf-8") for name in ("page.html", "page.css"))
    return Template(template).substitute(title=escape(title), style=STYLE + common + style, body=body)


def section(title: str, inside: str, note: str = "") -> str:
    """A section of HTML under a heading, with a note, both plain text."""
    return f"<section><h2>{escape(title)}</h2>{remark(note)}{inside}</section>"


def remark(text: str) -> str:
    """A small paragraph of plain text; nothing where it is empty."""
    return f'<p class="note">{escape(text)}</p>' if text else ""


def table(head: Sequence[str], rows: Iterable[Sequence[str]], kind: str = "", looks: Iterable[str] = ()) -> str:
    """A table of plain text, numbers to the right; nothing where there is no row.

    Args:
        head: of the columns.
        rows: of cells.
        kind: `words` where all columns hold words, `last-words` where the last one does.
        looks: a CSS class for each row, as far as given.
    """
    body = "".join(
        f'<tr class="{look}">{"".join(f"<td>{escape(cell)}</td>" for cell in row)}</tr>'
        for row, look in zip(rows, chain(looks, repeat("")), strict=False)
    )
    if not body:
        return ""
    top = "".join(f'<th scope="col">{escape(cell)}</th>' for cell in head)
    return f'<div class="wide"><table class="{kind}"><thead><tr>{top}</tr></thead><tbody>{body}</tbody></table></div>'
