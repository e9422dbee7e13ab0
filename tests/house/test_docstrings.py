"""What a docstring says can be understood by who sees it alone: in help, in the reference, beside a name elsewhere."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("runtime", "studio", "scenes", "train", "export", "bench", "scripts")
NEEDS_A_NAME = re.compile(
    r"(Of|As|Its?|By|Likewise|Also|This|Those|These|That|None|Both|With|Without|From|To|At|For|In|On|And|Or|But|So|Then"
    r"|The (same|other|others)|What it)\b(?! (least|most)\b)"
)
"""Begins a sentence that goes on from the name above it, such as "Of the photos." below `count: int`."""


def docstrings(tree: ast.AST) -> Iterator[ast.Constant]:
    """Docstrings of a module and all that is in it, those behind fields and constants among them."""
    for node in ast.walk(tree):
        body = getattr(node, "body", None)
        if not isinstance(body, list):
            continue
        named = isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        for before, one in zip([None, *body], body, strict=False):
            if isinstance(before, ast.Assign | ast.AnnAssign) or (before is None and named):
                match one:
                    case ast.Expr(ast.Constant(str()) as found):
                        yield found


@pytest.mark.parametrize("package", PACKAGES)
def test_no_docstring_goes_on_from_the_name_above_it(package: str) -> None:
    files = sorted((ROOT / package).rglob("*.py"))
    read = {path: list(docstrings(ast.parse(path.read_text(encoding="utf-8")))) for path in files}
    assert sum(map(len, read.values())) > len(files) > 0
    bad = [
        f"{path.relative_to(ROOT)}:{one.lineno}: {str(one.value).splitlines()[0]}"
        for path, found in read.items()
        for one in found
        if NEEDS_A_NAME.match(str(one.value).lstrip())
    ]
    assert bad == []


SOURCE = '''
"""A."""
X = 1
"""Of X."""
class C:
    """B."""
    y: int
    """As y."""
    def f(self):
        """The same."""
'''


def test_fields_constants_and_methods_are_looked_at() -> None:
    found = [str(one.value) for one in docstrings(ast.parse(SOURCE))]
    assert sorted(text for text in found if NEEDS_A_NAME.match(text)) == ["As y.", "Of X.", "The same."]
    assert len(found) == 5
