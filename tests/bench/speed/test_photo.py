"""Whose times count: a decoder's data are compared with LibRaw's first."""

from dataclasses import replace
from pathlib import Path

import pytest

from autohdr.errors import RawError, SettingsError
from autohdr.raw.decoders import flashraw
from autohdr.raw.decoders.libraw import LibRawDecoder
from autohdr.raw.frame import RawFrame
from autohdr_bench.speed import photo
from autohdr_bench.speed.photo import open_photo, open_photos


class Altered(LibRawDecoder):
    """LibRaw, but for one sample, or for the orientation."""

    def __init__(self, field: str) -> None:
        self._field = field

    def decode(self, data: bytes, path: Path) -> RawFrame:
        frame = super().decode(data, path)
        if self._field == "refuses":
            raise RawError(f"{path}: not supported")
        if self._field == "flip":
            return replace(frame, flip=frame.flip ^ 3)
        other = frame.data.copy()
        other[-1, -1] ^= 1
        return replace(frame, data=other)


def use(monkeypatch: pytest.MonkeyPatch, field: str) -> None:
    monkeypatch.setattr(flashraw, "installed", lambda: True)
    monkeypatch.setitem(photo.DECODERS, "flashraw", lambda: Altered(field))


def test_a_decoder_with_one_other_sample_is_not_timed(shoot: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    use(monkeypatch, "data")
    opened = open_photo(shoot / "IMG_0.dng")
    assert list(opened.decoders) == ["libraw"]
    assert opened.fastest is opened.decoders["libraw"]
    assert opened.notes == ("flashraw's data are not LibRaw's: not timed",)


def test_a_decoder_that_refuses_is_not_timed(shoot: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    use(monkeypatch, "refuses")
    opened = open_photo(shoot / "IMG_0.dng")
    assert list(opened.decoders) == ["libraw"]
    assert opened.notes == ("flashraw refuses this file",)


def test_another_description_is_told_and_the_same_data_timed(shoot: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    use(monkeypatch, "flip")
    opened = open_photo(shoot / "IMG_0.dng")
    assert list(opened.decoders) == ["libraw", "flashraw"]
    assert opened.notes == ("flashraw and LibRaw differ in flip",)


def test_the_installed_decoders_agree_on_a_simulated_photo(shoot: Path) -> None:
    opened = open_photo(shoot / "IMG_0.dng")
    assert set(opened.decoders) == {"libraw"} | ({"flashraw"} if flashraw.installed() else set())
    assert opened.fastest.name == ("flashraw" if flashraw.installed() else "libraw")
    assert opened.notes == ()
    assert opened.mosaic_bytes == 2 * round(opened.megapixels * 1e6)


def test_a_file_that_cannot_be_read_is_left_out_with_its_reason(shoot: Path) -> None:
    (shoot / "bad.dng").write_text("not a photo")
    photos, left_out = open_photos([shoot])
    assert len(photos) == 5
    (reason,) = left_out
    assert str(shoot / "bad.dng") in reason


def test_nothing_to_measure_on_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="no RAW files found"):
        open_photos([tmp_path])
    (tmp_path / "bad.dng").write_text("not a photo")
    with pytest.raises(SettingsError, match=r"bad\.dng"):
        open_photos([tmp_path])
