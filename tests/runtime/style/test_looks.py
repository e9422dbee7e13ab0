"""Two looks in one shoot, as a user meets them: files in, files out."""

from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

import autohdr
from autohdr.cli.learn import command
from autohdr.model.info import DEFAULT_MODEL
from autohdr.model.onnx_file import read_model
from autohdr.raw.decode import read_shot
from autohdr.sliders import SLIDERS
from autohdr.style.description import describe
from tests.edited import few
from tests.runtime.sidecar.labelling import change

BRIGHT = dict(zip((slider.key for slider in SLIDERS), (0.0, 0.0, -30.0, 20.0, 0.0, 0.0, 10.0, 0.0), strict=True))
DARK = dict(zip((slider.key for slider in SLIDERS), (0.7, 25.0, -80.0, 60.0, 20.0, -25.0, 0.0, -8.0), strict=True))


def in_black_and_white(photo: Path) -> None:
    sidecar = photo.with_suffix(".xmp")
    told = sidecar.read_text()
    assert "<crs:Contrast2012>" in told or "crs:Contrast2012=" in told
    new = told.replace("<rdf:Description ", '<rdf:Description crs:ConvertToGrayscale="True" ', 1)
    sidecar.write_text(new)


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("prepared")


def test_of_a_shoot_with_both_the_smaller_look_is_left_out_and_named(shoot: Path, kept: Path, tmp_path: Path) -> None:
    folder = few(shoot, tmp_path / "both", 12)
    for photo in sorted(folder.glob("*.dng"))[::3]:
        in_black_and_white(photo)
    words = [str(folder), "--style", str(tmp_path / "a.style"), "--engine", "cpu", "--cache", str(kept)]
    done = CliRunner().invoke(command, words)
    assert done.exit_code == 0, done.output
    assert "Learning from 8 edited photos; 4 others are left out:" in done.stdout
    assert "4 edited in black and white, such as" in done.stdout
    assert "Note: to learn from them all the same: --keep black-and-white for the 4 edited in" in done.stdout
    done = CliRunner().invoke(command, [*words, "--keep", "black-and-white"])
    assert "Note: 4 of 12 photos were edited in black and white, and learnt as if the same look" in done.stdout


def test_a_shoot_in_black_and_white_is_learnt_and_labelled(shoot: Path, kept: Path, tmp_path: Path) -> None:
    folder = few(shoot, tmp_path / "grey", 12)
    for photo in folder.glob("*.dng"):
        in_black_and_white(photo)
    learnt = autohdr.learn(folder, tmp_path / "a.style", engine="cpu", cache=kept)
    assert (learnt.used, learnt.left_out) == (12, ())
    assert [row.learnt for row in learnt.scores[6:]] == [False, False]
    rest = few(shoot, tmp_path / "rest", 2)
    for sidecar in rest.glob("*.xmp"):
        sidecar.unlink()
    report = autohdr.label(rest, style=learnt.path, engine="cpu", embed=False)
    for result in report.results:
        assert result.sliders is not None
        assert (result.sliders["Vibrance"], result.sliders["Saturation"]) == (0.0, 0.0)


def test_dark_and_bright_photos_that_are_set_in_two_ways_are_labelled_in_two_ways(
    shoot: Path, kept: Path, tmp_path: Path
) -> None:
    folder = few(shoot, tmp_path / "looks", 16)
    photos, spec = sorted(folder.glob("*.dng")), read_model(DEFAULT_MODEL).info.spec
    levels = np.array([describe(autohdr.prepare(photo, spec), spec, read_shot(photo))[3] for photo in photos])
    for photo, dark in zip(photos, levels < np.median(levels), strict=True):
        values = DARK if dark else BRIGHT
        change(photo, **{slider.key: slider.spell(values[slider.key]) for slider in SLIDERS})
    words = [str(folder), "--style", str(tmp_path / "a.style"), "--engine", "cpu", "--cache", str(kept)]
    done = CliRunner().invoke(command, words)
    assert (
        "Note: your edits have two looks, and so have labels: darker photos (8 edits) get Exposure +0.70" in done.stdout
    )
    assert "and brighter photos (8 edits) get Exposure 0.00, Contrast 0, Highlights -30," in done.stdout
    for photo in photos:
        photo.with_suffix(".xmp").unlink()
    report = autohdr.label(folder, style=tmp_path / "a.style", engine="cpu", embed=False)
    sliders = {result.path: result.sliders for result in report.results}
    for photo, dark in zip(photos, levels < np.median(levels), strict=True):
        assert sliders[photo] == pytest.approx(DARK if dark else BRIGHT, abs=1.0)
