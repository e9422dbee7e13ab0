"""Developed DNGs beside the previews by Adobe in them."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from autohdr.errors import PhotoError
from autohdr_bench.develop.cli import develop
from autohdr_bench.develop.previews import compared, table


def test_an_unedited_photo_is_near_camera_raws_preview(shared_raws: Path) -> None:
    """An EOS 6D's, made by Camera Raw 11.3 with Adobe Standard; 2.2 L* were measured in November 2026."""
    found = compared(shared_raws / "canon_eos6d_lossy_linear.dng")
    assert found.median < 2.6
    assert max(abs(band) for band in found.bands if band is not None) < 4.0
    assert found.photo in table([found])


def test_a_preview_by_another_program_is_refused(shared_raws: Path) -> None:
    with pytest.raises(PhotoError, match="holds no preview by Camera Raw"):
        compared(shared_raws / "nikon_d5000_hdrmerge_sample2.dng")


def test_a_file_that_is_no_dng_is_refused_in_one_sentence(tmp_path: Path) -> None:
    path = tmp_path / "words.dng"
    path.write_text("no photo")
    done = CliRunner().invoke(develop, [str(path)])
    assert done.exit_code != 0
    assert str(path) in done.output
    assert "Traceback" not in done.output
