"""What the guide to developing from Python shows runs, block after block."""

import re
from pathlib import Path

import pytest

import autohdr
from autohdr.develop import Renditions

ROOT = Path(__file__).resolve().parents[2]
GUIDE = ROOT / "docs" / "guides" / "develop.md"


def test_the_guide_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("imagecodecs")
    photo = tmp_path / "IMG_1.dng"
    photo.write_bytes((ROOT / "samples" / "shoot" / "wharf.dng").read_bytes())
    autohdr.label(photo, embed=False)
    monkeypatch.chdir(tmp_path)
    names: dict[str, object] = {}
    for block in re.findall(r"```python\n(.*?)```", GUIDE.read_text(encoding="utf-8"), re.DOTALL):
        exec(block.replace("IMG_1.CR2", photo.name), names)
        both = names["both"]
        assert isinstance(both, Renditions)
        names["picture"] = both.hdr
    assert (tmp_path / "IMG_1.jpg").stat().st_size > 10_000
    assert (tmp_path / "IMG_1.avif").stat().st_size > 10_000
    assert names["back"].known.any()  # type: ignore[attr-defined]
