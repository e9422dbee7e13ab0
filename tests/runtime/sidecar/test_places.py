"""A DNG's settings stand inside or beside, and an edit in either place is an edit."""

from collections.abc import Callable
from pathlib import Path
from typing import get_args

import pytest

from autohdr import SidecarError
from autohdr.sidecar import Document, apply, merge, plan
from autohdr.sidecar.dng.embedded import restore_embedded
from autohdr.sidecar.places import EMPTY_PACKET, Beside, Inside, edited_elsewhere, places
from autohdr.sidecar.xmp.properties import CRS, PHOTOSHOP
from autohdr.words import Existing
from tests.runtime.sidecar.dngs import packet, tiff

EDITED = packet("+0.50")
UNEDITED = merge(EMPTY_PACKET, {f"{{{CRS}}}Exposure2012": "0.00"})
POLICIES: tuple[Existing, ...] = get_args(Existing)


@pytest.fixture
def dng(tmp_path: Path) -> Callable[[bytes | None], Path]:
    def put(xmp: bytes | None) -> Path:
        (tmp_path / "IMG_1.dng").write_bytes(tiff(xmp=xmp))
        return tmp_path / "IMG_1.dng"

    return put


def test_only_a_dng_has_two_places(tmp_path: Path) -> None:
    raw, dng, beside = tmp_path / "IMG_1.CR2", tmp_path / "IMG_1.DNG", Beside(tmp_path / "IMG_1.xmp")
    assert places(raw) == places(raw, embed=True) == (beside, None)
    assert places(dng) == (beside, Inside(dng))
    assert places(dng, embed=True) == (Inside(dng), beside)
    assert places(dng, "darktable") == (Beside(tmp_path / "IMG_1.DNG.xmp"), Inside(dng))


@pytest.mark.parametrize("embed", [False, True])
def test_each_place_gives_back_what_was_written(dng: Callable[[bytes | None], Path], embed: bool) -> None:
    photo = dng(None)
    before = photo.read_bytes()
    place, _ = places(photo, embed=embed)
    assert place.read() is None
    data = merge(place.blank, {f"{{{CRS}}}Exposure2012": "+0.50"})
    kept = place.write(data, place.read())
    assert place.read() == data
    assert Document.parse(data).values() == {"Exposure2012": 0.5}
    assert place.keeps == (kept is not None) == restore_embedded(photo)
    assert photo.read_bytes() == before


def test_a_new_packet_has_its_wrapper_and_room_to_grow() -> None:
    """XMP specification part 1, 7.3; the wrapper stays when properties are added."""
    data = merge(EMPTY_PACKET, {f"{{{CRS}}}Exposure2012": "+0.50"})
    assert data.startswith(b'<?xpacket begin="\xef\xbb\xbf" id="W5M0MpCehiHzreSzNTczkc9d"?>')
    packet, end, rest = data.partition(b'<?xpacket end="w"?>')
    assert end
    assert not rest
    assert 2000 <= len(packet) - len(packet.rstrip()) <= 4000


@pytest.mark.parametrize("existing", POLICIES)
@pytest.mark.parametrize("xmp", [EDITED, UNEDITED, None])
def test_a_photographers_edit_inside_a_dng_is_an_edit(
    dng: Callable[[bytes | None], Path], xmp: bytes | None, existing: Existing
) -> None:
    photo = dng(xmp)
    refused = edited_elsewhere(photo, places(photo)[1], existing)
    assert (refused is not None) == (xmp == EDITED and existing != "replace")
    assert refused is None or refused.sentence.startswith("IMG_1.dng has edits that are not autohdr's")


def test_our_own_label_inside_or_beside_is_none(dng: Callable[[bytes | None], Path]) -> None:
    photo = dng(None)
    apply(plan(photo, {"Exposure2012": 1.0}, "m 1"))
    beside, inside = places(photo)
    assert inside is not None
    ours = beside.read()
    assert ours is not None
    assert edited_elsewhere(photo, beside, "skip") is None
    inside.write(ours, inside.read())
    assert edited_elsewhere(photo, inside, "skip") is None
    inside.write(merge(ours, {f"{{{CRS}}}Exposure2012": "+0.25"}), inside.read())
    assert edited_elsewhere(photo, inside, "skip") is not None


def test_a_sidecar_beside_a_dng_that_is_another_files_does_not_count(dng: Callable[[bytes | None], Path]) -> None:
    photo = dng(None)
    beside = places(photo)[0]
    beside.write(EDITED, beside.read())
    assert edited_elsewhere(photo, beside, "skip") is not None
    beside.write(merge(EDITED, {f"{{{PHOTOSHOP}}}SidecarForExtension": "CR2"}), beside.read())
    assert edited_elsewhere(photo, beside, "skip") is None


def test_xmp_inside_that_cannot_be_understood_is_not_taken_for_none(dng: Callable[[bytes | None], Path]) -> None:
    photo = dng(b"no XMP")
    with pytest.raises(SidecarError, match=r"IMG_1\.dng"):
        edited_elsewhere(photo, places(photo)[1], "skip")
