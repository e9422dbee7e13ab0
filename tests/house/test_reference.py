"""The reference of commands and JSON lines is as the code says."""

import runpy
from pathlib import Path

SCRIPT = Path(__file__).resolve().parents[2] / "scripts" / "reference_cli.py"


def test_the_pages_are_as_the_code_says() -> None:
    made = runpy.run_path(str(SCRIPT))
    stale = [
        name for name, text in made["pages"]().items() if (made["FOLDER"] / name).read_text(encoding="utf-8") != text
    ]
    assert stale == [], "run: python scripts/reference_cli.py"
