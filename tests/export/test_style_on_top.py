"""A style can be learnt on top of any exported network, in any precision, and belongs to that network alone."""

from pathlib import Path

import pytest

import autohdr
from autohdr.errors import ModelError
from autohdr.style.learn import Learnt
from autohdr_export.exporting import Exported, export_onnx
from autohdr_export.wanted import Wanted
from autohdr_scenes import write_shoot


@pytest.fixture(scope="module")
def edited(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Twelve edited photos."""
    folder = tmp_path_factory.mktemp("edited") / "shoot"
    write_shoot(folder, 12, seed=3, size=(64, 96))
    return folder


@pytest.fixture
def learnt(exported: Exported, edited: Path, tmp_path: Path) -> Learnt:
    """A style on a small network with a plain head."""
    return autohdr.learn(edited, tmp_path / "a.style", model=exported.path, engine="cpu", cache=tmp_path / "cache")


def test_a_style_is_learnt_on_a_trained_network_and_labels_with_it(
    exported: Exported, edited: Path, learnt: Learnt
) -> None:
    report = autohdr.label(
        edited, style=learnt.path, model=exported.path, engine="cpu", dry_run=True, existing="replace"
    )
    assert [result.status for result in report.results] == ["labelled"] * 12
    assert report.model["style"]["network"] == learnt.style.network
    with pytest.raises(ModelError, match="was learnt on network"):
        autohdr.label(edited, style=learnt.path, engine="cpu", dry_run=True)


def test_it_fits_the_same_network_in_half_precision(
    exported: Exported, edited: Path, learnt: Learnt, tmp_path: Path
) -> None:
    half = export_onnx(exported.path, tmp_path / "half.onnx", Wanted("float16"))
    whole, less = (
        autohdr.label(edited, style=learnt.path, model=path, engine="cpu", dry_run=True, existing="replace").results
        for path in (exported.path, half.path)
    )
    for one, other in zip(whole, less, strict=True):
        assert one.sliders is not None
        assert other.sliders is not None
        assert other.sliders["Exposure2012"] == pytest.approx(one.sliders["Exposure2012"], abs=0.05)
