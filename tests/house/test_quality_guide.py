"""What the guide to quality shows is what the command says."""

import re
from pathlib import Path

import pytest
from click.testing import CliRunner

import autohdr
from autohdr.cli.main import main
from autohdr.develop import Settings, renditions
from autohdr.mode import HDR
from autohdr.pictures import avif
from autohdr.raw.scene import read_scene
from tests.house.guides import steps

ROOT = Path(__file__).resolve().parents[2]
GUIDE = ROOT / "docs" / "guides" / "quality.md"
NUMBER = re.compile(r"\d+\.\d+")


def test_the_guide_says_what_the_command_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("imagecodecs")
    photo = tmp_path / "wharf.dng"
    photo.write_bytes((ROOT / "samples" / "shoot" / "wharf.dng").read_bytes())
    sliders = autohdr.label(photo, dry_run=True).results[0].sliders
    assert sliders is not None
    shown = renditions(read_scene(photo, 512), Settings.of_sliders(sliders, HDR)).hdr
    assert shown is not None
    monkeypatch.chdir(tmp_path)
    for name, quality in (("original.avif", 95), ("smaller.avif", 60)):
        Path(name).write_bytes(avif(shown, quality))
    command, told = steps(GUIDE)[0]
    done = CliRunner().invoke(main, command.split()[1:])
    assert done.exit_code == 0, done.output
    assert [NUMBER.sub("", line) for line in done.output.splitlines()] == [NUMBER.sub("", line) for line in told]
    for block in re.findall(r"```python\n(.*?)```", GUIDE.read_text(encoding="utf-8"), re.DOTALL):
        names: dict[str, object] = {}
        exec(block, names)
        assert 0 < names["found"].ssim < 1  # type: ignore[attr-defined]
