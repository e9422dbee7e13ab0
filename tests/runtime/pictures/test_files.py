from pathlib import Path

import pytest

from autohdr.develop.rendering import Renditions
from autohdr.errors import FileError, SettingsError
from autohdr.pictures import avif, gain_map_jpeg, jpeg, write


def test_the_name_says_the_form(tmp_path: Path, both: Renditions) -> None:
    assert both.hdr is not None
    write(tmp_path / "hdr.jpg", both)
    write(tmp_path / "hdr.AVIF", both)
    write(tmp_path / "sdr.jpeg", Renditions(both.sdr, None))
    assert (tmp_path / "hdr.jpg").read_bytes() == gain_map_jpeg(both.sdr, both.hdr)
    assert (tmp_path / "hdr.AVIF").read_bytes() == avif(both.hdr)
    assert (tmp_path / "sdr.jpeg").read_bytes() == jpeg(both.sdr)


def test_a_file_is_replaced_only_when_that_is_asked_for(tmp_path: Path, both: Renditions) -> None:
    path = tmp_path / "photo.jpg"
    path.write_bytes(b"somebody's")
    with pytest.raises(FileError, match=r"photo.jpg cannot be written"):
        write(path, both)
    assert path.read_bytes() == b"somebody's"
    write(path, both, replace=True)
    assert path.read_bytes()[:2] == b"\xff\xd8"
    assert [file.name for file in tmp_path.iterdir()] == ["photo.jpg"]


def test_another_ending_is_refused(tmp_path: Path, both: Renditions) -> None:
    with pytest.raises(SettingsError, match=r"photo.png is no kind .* let its name end in .jpg or .avif"):
        write(tmp_path / "photo.png", both)
    assert not list(tmp_path.iterdir())
