"""The sample shoot."""

from pathlib import Path

import numpy as np
import pytest
import rawpy

from autohdr.errors import SettingsError
from autohdr.raw.decode import decode
from autohdr.sidecar.settings.labels import read_labels
from autohdr_scenes import samples
from autohdr_scenes.camera import PHASES
from autohdr_scenes.samples import SAMPLES, write_samples

ROOT = Path(__file__).resolve().parents[2]


def test_samples_cover_every_phase_planes_both_compressions_and_an_upright_photo() -> None:
    assert {sample.camera.phase for sample in SAMPLES} == {*PHASES, "linear"}
    assert {sample.compression for sample in SAMPLES} == {"none", "ljpeg"}
    assert any(sample.upright for sample in SAMPLES)


@pytest.fixture(scope="module")
def made(hdris: Path, tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    return write_samples(hdris, tmp_path_factory.mktemp("samples") / "shoot")


def test_samples_are_six_files_that_libraw_reads(made: list[Path]) -> None:
    assert len(made) == 6
    for path in made:
        with rawpy.imread(str(path)) as raw:
            assert raw.raw_image is not None


def test_samples_are_made_again(made: list[Path]) -> None:
    """To the last sample on the processor that made them; another may round one in a million to the next level."""
    committed = {path.name: path for path in (ROOT / "samples" / "shoot").iterdir()}
    assert {path.name for path in made} == committed.keys()
    for path in made:
        again, before = (decode(one).data.astype(np.int32) for one in (path, committed[path.name]))
        apart = np.abs(again - before)
        assert apart.max() <= 1
        assert np.count_nonzero(apart) <= 1e-5 * apart.size


def test_a_photographer_edits_the_same_files(hdris: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(samples, "SAMPLES", SAMPLES[:1])
    (path,) = write_samples(hdris, tmp_path / "shoot", "minimalist")
    committed = (ROOT / "samples" / "shoot" / path.name).read_bytes()
    assert np.array_equal(decode(path).data, decode(path, data=committed).data)
    assert read_labels(path.with_suffix(".xmp")).values.keys() == {"Exposure2012", "Highlights2012", "Shadows2012"}


def test_an_unknown_photographer_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="no photographer 'nobody'"):
        write_samples(tmp_path, tmp_path / "shoot", "nobody")


@pytest.mark.parametrize("name", ["file", "file/below"])
def test_a_folder_that_cannot_be_made_is_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / "file").write_bytes(b"")
    for sample in SAMPLES:
        (tmp_path / f"{sample.image}.exr").touch()
    with pytest.raises(SettingsError):
        write_samples(tmp_path, tmp_path / name)


def test_missing_images_are_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"lacks astc_hdr-rgb-canarywharf\.exr"):
        write_samples(tmp_path, tmp_path / "shoot")
    assert not (tmp_path / "shoot").exists()
