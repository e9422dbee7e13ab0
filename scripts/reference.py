"""Writes what the reference pages say of the code: `python scripts/reference.py`, in an environment that has autohdr.

docs/reference/python.md gets the public names of `autohdr`, with their arguments and docstrings; `reference_cli` makes
commands.md and json.md. A test compares the pages with the code.
"""

import ast
import inspect
import re
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path

import autohdr
import reference_cli

FOLDER = Path(__file__).resolve().parents[1] / "docs" / "reference"
PAGE = FOLDER / "python.md"
MARK = re.compile(r"(<!-- names -->\n).*?(<!-- /names -->)", re.DOTALL)
PART = re.compile(r"^(Args|Returns|Raises|Yields):$")
HEADS = {"Args": "Arguments", "Returns": "Returns", "Raises": "Raises", "Yields": "Yields"}
KINDS = ("Functions", "Results and settings", "Errors", "Constants")


def pages() -> dict[Path, str]:
    """The text of each page, by its path."""
    made = {FOLDER / name: text for name, text in reference_cli.pages().items()}
    return {PAGE: filled(PAGE.read_text(encoding="utf-8")), **made}


def filled(text: str) -> str:
    """The page with its part about names made anew."""
    return MARK.sub(lambda match: f"{match[1]}\n{names()}\n{match[2]}", text)


def names() -> str:
    """All public names in Markdown, by kind."""
    by_kind: dict[str, list[str]] = {kind: [] for kind in KINDS}
    for name in autohdr.__all__:
        value = getattr(autohdr, name)
        by_kind[_kind(value)].append(_described(name, value))
    return "\n\n".join("\n\n".join([f"### {kind}", *found]) for kind, found in by_kind.items() if found) + "\n"


def _kind(value: object) -> str:
    if inspect.isfunction(value):
        return "Functions"
    if not inspect.isclass(value):
        return "Constants"
    return "Errors" if issubclass(value, BaseException) else "Results and settings"


def _described(name: str, value: object) -> str:
    if not callable(value):
        held = ", ".join(item.name for item in value) if isinstance(value, tuple) else f'"{value}"'
        return f"#### `{name}`\n\n{held}"
    documented = inspect.getdoc(value) or ""
    return "\n\n".join([f"#### `{name}`", *_signature(name, value), *_parts(documented), *_fields(value)])


def _signature(name: str, value: object) -> Iterator[str]:
    """A function's arguments as its source spells them, a line each."""
    if not inspect.isfunction(value):
        return
    (node,) = ast.parse(textwrap.dedent(inspect.getsource(value))).body
    assert isinstance(node, ast.FunctionDef)
    spelled = ast.unparse(node.args)
    returned = f" -> {ast.unparse(node.returns)}" if node.returns else ""
    short = f"autohdr.{name}({spelled}){returned}"
    if len(short) > 100:
        arguments = "".join(f"    {argument},\n" for argument in _split(spelled))
        short = f"autohdr.{name}(\n{arguments}){returned}"
    yield f"```python\n{short}\n```"


def _split(arguments: str) -> list[str]:
    """Arguments, apart at the commas that stand in no bracket."""
    found, depth = [""], 0
    for letter in arguments:
        depth += (letter in "[({") - (letter in "])}")
        if letter == "," and not depth:
            found.append("")
        else:
            found[-1] += letter
    return [argument.strip() for argument in found]


def _fields(value: object) -> Iterator[str]:
    """The fields of a data class, with what is written under each."""
    if not inspect.isclass(value) or issubclass(value, BaseException):
        return
    (node,) = ast.parse(textwrap.dedent(inspect.getsource(value))).body
    assert isinstance(node, ast.ClassDef)
    lines = []
    for item, after in zip(node.body, [*node.body[1:], None], strict=True):
        if isinstance(item, ast.AnnAssign) and not ast.unparse(item.target).startswith("_"):
            told = after.value.value if _is_text(after) else ""  # type: ignore[union-attr]
            lines.append(f"- `{ast.unparse(item.target)}: {ast.unparse(item.annotation)}` {_one_line(told)}".rstrip())
    if lines:
        yield "\n".join(lines)


def _is_text(node: ast.stmt | None) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)


def _parts(documented: str) -> Iterator[str]:
    """A docstring in Markdown: paragraphs as they are, arguments and errors as lists."""
    for paragraph in documented.split("\n\n"):
        head, *rest = paragraph.splitlines()
        part = PART.match(head)
        if part is None:
            yield paragraph
            continue
        yield f"**{HEADS[part[1]]}**"
        told = textwrap.dedent("\n".join(rest))
        if part[1] == "Returns":
            yield _one_line(told)
            continue
        entries = re.split(r"\n(?=\S)", told)
        pairs = [re.match(r"(.+?): (.*)", entry, re.DOTALL) for entry in entries]
        yield "\n".join(f"- `{pair[1]}`: {_one_line(pair[2])}" for pair in pairs if pair)


def _one_line(text: str) -> str:
    return " ".join(text.split())


if __name__ == "__main__":
    for page, text in pages().items():
        fresh = page.exists() and page.read_text(encoding="utf-8") == text
        page.write_text(text, encoding="utf-8", newline="\n")
        sys.stdout.write(f"{page} {'is as the code says' if fresh else 'is made anew'}\n")
