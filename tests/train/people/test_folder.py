"""Reading a folder of edits."""

import json
from pathlib import Path

import numpy as np
import pytest

from autohdr.develop import Picture
from autohdr.errors import FileError, SettingsError
from autohdr.mode import Mode
from autohdr.pictures.avif import avif
from autohdr_train.people.folder import people, picture, read
from tests.people import COUNT, RULES


def test_a_folder_is_read_with_what_is_missing(edits_folder: Path) -> None:
    found = people(read(edits_folder))
    assert {name: len(edits) for name, edits in found.items()} == dict.fromkeys(sorted(RULES), COUNT)
    first, second = found["gambler"][:2]
    assert np.isnan(first.values).tolist() == [False] * 6 + [True] * 2  # black and white
    assert first.settings.vibrance == 0
    assert (first.shot.exposure_time, second.shot.exposure_time is None) == (None, False)
    assert (first.day, first.masks, second.masks) == ("2026:05:01", True, False)


def test_an_edit_may_say_nothing_but_its_sliders(tmp_path: Path) -> None:
    (tmp_path / "edits.jsonl").write_text(
        '{"file": "a.jpg", "person": "P", "sliders": {"Exposure2012": 1}}\n\n'
        '{"file": "b.jpg", "person": "P", "sliders": null}\n'
        '{"file": "c.jpg", "person": "P", "sliders": {"Exposure2012": 1}, "hdr": true}\n'
    )
    (edit,) = read(tmp_path)
    assert np.array_equal(edit.values, [1, *[np.nan] * 7], equal_nan=True)
    assert (edit.day, edit.mode.hdr) == ("", False)


@pytest.mark.parametrize("primaries", ["bt2020", "display-p3"])
def test_an_hdr_picture_keeps_its_light(tmp_path: Path, primaries: str) -> None:
    light = np.full((16, 16, 3), 0.5, np.float32)
    light[4:12, 4:12] = 3.0
    data = avif(Picture(light, "bt2020", 4.0), 100)
    if primaries == "display-p3":  # the numbers mean other colours then
        at = data.index(b"nclx") + 4
        data = data[:at] + (12).to_bytes(2, "big") + data[at + 2 :]
    (tmp_path / "a.avif").write_bytes(data)
    line = {"file": "a.avif", "person": "P", "sliders": {"Exposure2012": 0}, "hdr": True, "hdr_max": "+2.30"}
    (tmp_path / "edits.jsonl").write_text(json.dumps(line))
    (edit,) = read(tmp_path)
    shown, _ = picture(edit)
    assert edit.mode == Mode(headroom=2.3)
    assert (shown.primaries, shown.headroom) == (primaries, 2.3)
    assert np.abs(shown.light / light - 1).max() < 0.03


def test_a_folder_without_a_list_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"edits\.jsonl does not exist; name a folder"):
        read(tmp_path)


@pytest.mark.parametrize("line", ["nonsense", "[1]", '{"file": "a.jpg"}', '{"file": 1, "person": 1, "sliders": "x"}'])
def test_a_line_that_is_no_edit_is_named(tmp_path: Path, line: str) -> None:
    (tmp_path / "edits.jsonl").write_text(line)
    with pytest.raises(SettingsError, match="line 1, is no edit"):
        read(tmp_path)


@pytest.mark.parametrize("data", [None, b"no picture"])
def test_a_picture_that_cannot_be_read_is_named(tmp_path: Path, data: bytes | None) -> None:
    (tmp_path / "edits.jsonl").write_text('{"file": "a.jpg", "person": "P", "sliders": {"Exposure2012": 1}}')
    if data is not None:
        (tmp_path / "a.jpg").write_bytes(data)
    (edit,) = read(tmp_path)
    with pytest.raises(FileError, match=r"a\.jpg"):
        picture(edit)
