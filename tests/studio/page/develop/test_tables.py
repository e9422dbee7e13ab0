"""The numbers that the page develops with are those of the code."""

import importlib.util
from pathlib import Path


def test_the_tables_are_up_to_date() -> None:
    path = Path(__file__).resolve().parents[4] / "scripts" / "studio_tables.py"
    spec = importlib.util.spec_from_file_location("studio_tables", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    assert module.FILE.read_text(encoding="utf-8") == module.text(), "run: python scripts/studio_tables.py"
