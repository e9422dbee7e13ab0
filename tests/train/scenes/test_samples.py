"""The sample shoot."""

from pathlib import Path

import pytest
import rawpy

from autohdr.errors import SettingsError
from autohdr_train.scenes.camera import PHASES
from autohdr_train.scenes.samples import SAMPLES, write_samples


def test_samples_cover_every_phase_planes_both_compressions_and_an_upright_photo() -> None:
    assert {sample.camera.phase for sample in SAMPLES} == {*PHASES, "linear"}
    assert {sample.compression for sample in SAMPLES} == {"none", "ljpeg"}
    assert any(sample.upright for sample in SAMPLES)


def test_samples_are_six_small_files_that_libraw_reads(hdris: Path, tmp_path: Path) -> None:
    paths = write_samples(hdris, tmp_path / "shoot")
    assert len(paths) == 6
    assert sum(path.stat().st_size for path in paths) < 12e6
    for path in paths:
        with rawpy.imread(str(path)) as raw:
            assert raw.raw_image is not None


def test_missing_images_are_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"lacks astc_hdr-rgb-canarywharf\.exr"):
        write_samples(tmp_path, tmp_path / "shoot")
    assert not (tmp_path / "shoot").exists()
