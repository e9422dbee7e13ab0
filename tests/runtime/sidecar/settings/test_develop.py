"""Labels in a mode: what is written where, whatever mode the photo stands in."""

from collections.abc import Callable
from pathlib import Path

import pytest

from autohdr.mode import HDR, SDR, Mode
from autohdr.sidecar import Edit, Existing, apply, plan
from tests.runtime.sidecar.labelling import NOBODYS, Settings, document

Put = Callable[[bytes | str], Path]
Xmp = Callable[..., str]
IN_HDR = 'crs:ProcessVersion="15.4" crs:Exposure2012="+1.00" crs:HDREditMode="1" crs:HDRMaxValue="+2.30"'
IN_SDR = 'crs:ProcessVersion="15.4" crs:Exposure2012="+1.00"'


def label(photo: Path, settings: Settings, mode: Mode, existing: Existing = "skip") -> Edit:
    edit = plan(photo, settings, "m 1", existing, mode=mode)
    apply(edit)
    return edit


def mode_of(photo: Path) -> tuple[str | None, str | None]:
    found = document(photo)
    return found.get("HDREditMode"), found.get("HDRMaxValue")


def test_an_sdr_style_switches_hdr_off_and_says_nothing_of_headroom(tmp_path: Path, settings: Settings) -> None:
    photo = tmp_path / "IMG_1.CR2"
    label(photo, settings, SDR)
    assert mode_of(photo) == ("0", None)
    assert document(photo).values() == settings
    assert label(photo, settings, SDR).action == "unchanged"


def test_the_headroom_is_the_styles(tmp_path: Path, settings: Settings) -> None:
    label(tmp_path / "IMG_1.CR2", settings, Mode(headroom=2.3))
    assert mode_of(tmp_path / "IMG_1.CR2") == ("1", "+2.30")


def test_a_label_changes_its_mode_with_the_style(tmp_path: Path, settings: Settings) -> None:
    photo = tmp_path / "IMG_1.CR2"
    for mode in (HDR, SDR, Mode(headroom=2.0), SDR, HDR):
        label(photo, settings, mode)
        assert document(photo).hdr == mode.hdr
        assert label(photo, settings, mode).action == "unchanged"
    assert mode_of(photo) == ("1", "+4.00")


def test_an_sdr_style_leaves_an_old_process_version_as_it_is(sidecar: Put, xmp: Xmp, settings: Settings) -> None:
    photo = sidecar(xmp(NOBODYS))
    assert label(photo, settings, SDR).note is None
    assert (document(photo).process_version, document(photo).hdr) == ("11.0", False)
    label(photo, settings, HDR)
    assert (document(photo).process_version, document(photo).hdr) == ("15.4", True)


@pytest.mark.parametrize(("stands", "mode", "left"), [(IN_HDR, SDR, "on"), (IN_SDR, HDR, "off")])
def test_what_is_filled_in_leaves_the_photographers_mode_and_says_so(
    sidecar: Put, xmp: Xmp, settings: Settings, stands: str, mode: Mode, left: str
) -> None:
    photo = sidecar(xmp(stands))
    before = mode_of(photo)
    edit = label(photo, settings, mode, "fill")
    assert edit.note is not None
    assert f"HDR mode left {left}" in edit.note
    assert mode_of(photo) == before
    assert document(photo).values()["Exposure2012"] == 1.0


@pytest.mark.parametrize(("stands", "mode"), [(IN_HDR, HDR), (IN_SDR, SDR)])
def test_where_the_mode_is_the_styles_there_is_nothing_to_say(
    sidecar: Put, xmp: Xmp, settings: Settings, stands: str, mode: Mode
) -> None:
    assert label(sidecar(xmp(stands)), settings, mode, "fill").note is None


@pytest.mark.parametrize(("stands", "mode"), [(IN_HDR, SDR), (IN_SDR, HDR)])
def test_what_is_replaced_has_the_styles_mode(
    sidecar: Put, xmp: Xmp, settings: Settings, stands: str, mode: Mode
) -> None:
    photo = sidecar(xmp(stands))
    assert label(photo, settings, mode, "replace").note is None
    assert document(photo).hdr == mode.hdr
    assert document(photo).values() == settings
