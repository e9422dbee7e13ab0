"""The pages of docs/reference that are made from the code are as the code says."""

import runpy
import sys
from pathlib import Path

import pytest

SCRIPTS = Path(__file__).resolve().parents[2] / "scripts"


def test_the_pages_are_as_the_code_says(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "path", [str(SCRIPTS), *sys.path])
    pages = runpy.run_path(str(SCRIPTS / "reference.py"))["pages"]()
    stale = [page.name for page, text in pages.items() if page.read_text(encoding="utf-8") != text]
    assert stale == [], "run: python scripts/reference.py"
