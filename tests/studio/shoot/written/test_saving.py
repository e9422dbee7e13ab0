"""An edit that the studio saves is the photographer's for every command, and comes back to the byte."""

import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import autohdr
from autohdr.edits.photos import EditedPhotos
from autohdr.errors import SidecarError
from autohdr.mode import HDR, SDR
from autohdr.run.undo import undo
from autohdr.sidecar import Document, apply, plan
from autohdr.sidecar.dng.embedded import read_embedded
from autohdr.sidecar.record import owner
from autohdr.sliders import SLIDERS
from autohdr_studio.shoot.written.journal import Journal
from autohdr_studio.shoot.written.saving import Saving

VALUES = {slider.key: float(number + 1) / (1 if number else 10) for number, slider in enumerate(SLIDERS)}
OTHERS = {slider.key: -float(number + 1) / (1 if number else 10) for number, slider in enumerate(SLIDERS)}
FOREIGN = b"""<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:crs="http://ns.adobe.com/camera-raw-settings/1.0/" crs:ProcessVersion="11.0"
 xmlns:xmp='http://ns.adobe.com/xap/1.0/' xmp:Rating='3' crs:Exposure2012="+0.50" crs:Clarity2012="+7"/></rdf:RDF>
</x:xmpmeta>"""


Savings = Callable[[Path, str], Saving]
"""Opens a journal anew, as another studio would: of a photo's folder, in a state folder of this name."""


@pytest.fixture
def savings(tmp_path: Path) -> Iterator[Savings]:
    """Journals, which are closed in the end."""
    with contextlib.ExitStack() as held:

        def opened(photo: Path, state: str = "state") -> Saving:
            journal = Journal([photo.parent], tmp_path / state)
            return Saving(held.enter_context(contextlib.closing(journal)))

        yield opened


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def stands(photo: Path) -> Document:
    data = read_embedded(photo) if photo.suffix == ".dng" else photo.with_suffix(".xmp").read_bytes()
    assert data is not None
    return Document.parse(data, "it")


@pytest.mark.parametrize("kind", ["dng", "nef"])
def test_it_is_the_photographers_for_every_command(
    request: pytest.FixtureRequest, kind: str, savings: Savings, small_model: Path
) -> None:
    photo: Path = request.getfixturevalue(kind)
    assert savings(photo, "state").save(photo, VALUES, HDR)
    document = stands(photo)
    assert owner(document) == "photographer"
    assert document.values() == VALUES
    assert document.hdr
    (found,) = EditedPhotos.find([photo]).photos
    assert not found.corrected
    before = contents(photo.parent)
    assert not undo([photo.parent])
    if kind == "dng":  # the other is a DNG by another name, which nobody can decode
        (result,) = autohdr.label([photo], model=small_model, engine="cpu").results
        assert result.status == "skipped"
    assert contents(photo.parent) == before


@pytest.mark.parametrize("kind", ["dng", "nef"])
def test_edits_come_back_to_the_byte(request: pytest.FixtureRequest, kind: str, savings: Savings) -> None:
    photo: Path = request.getfixturevalue(kind)
    held, states = savings(photo, "state"), [contents(photo.parent)]
    for values in (VALUES, OTHERS, VALUES):
        held.save(photo, values, SDR)
        states.append(contents(photo.parent))
        assert len(states[-1]) == (1 if kind == "dng" else 2)
    for expected in reversed(states[:-1]):
        held = savings(photo, "state")  # as another studio, later
        assert held.can_restore(photo)
        held.restore(photo)
        found = contents(photo.parent)
        assert found.keys() == expected.keys()
        if photo.suffix != ".dng" or expected is states[0]:
            assert found == expected
    assert not held.can_restore(photo)
    with pytest.raises(SidecarError, match="no edit"):
        held.restore(photo)


def test_a_sidecar_keeps_all_else(nef: Path, savings: Savings) -> None:
    sidecar, held = nef.with_suffix(".xmp"), savings(nef, "state")
    sidecar.write_bytes(FOREIGN)
    held.save(nef, VALUES, HDR)
    document = stands(nef)
    assert document.values() == VALUES
    assert document.get("Clarity2012") == "+7"
    assert not document.hdr, "the photographer's mode stays"
    assert document.process_version == "11.0"
    assert contents(nef.parent).keys() == {nef.name, sidecar.name}
    held.restore(nef)
    assert sidecar.read_bytes() == FOREIGN


def test_an_empty_sidecar_comes_back_empty(nef: Path, savings: Savings) -> None:
    sidecar, held = nef.with_suffix(".xmp"), savings(nef, "state")
    sidecar.write_bytes(b"\0\0")
    held.save(nef, VALUES, HDR)
    assert stands(nef).values() == VALUES
    held.restore(nef)
    assert sidecar.read_bytes() == b"\0\0"


@pytest.mark.parametrize("kind", ["dng", "nef"])
def test_a_changed_label_is_a_correction(request: pytest.FixtureRequest, kind: str, savings: Savings) -> None:
    photo: Path = request.getfixturevalue(kind)
    clean = contents(photo.parent)
    apply(plan(photo, OTHERS, "model 1", embed=True))
    labelled, held = contents(photo.parent), savings(photo, "state")
    held.save(photo, VALUES, HDR)
    assert owner(stands(photo)) == "correction"
    assert EditedPhotos.find([photo]).photos[0].corrected
    now = contents(photo.parent)
    assert {one.status for one in undo([photo.parent])} == {"left"}
    assert contents(photo.parent) == now
    held.restore(photo)
    assert owner(stands(photo)) == "autohdr"
    assert stands(photo).values() == OTHERS
    assert contents(photo.parent).keys() == labelled.keys()
    undo([photo.parent])
    assert contents(photo.parent) == clean


@pytest.mark.parametrize("kind", ["dng", "nef"])
def test_a_label_that_is_saved_as_it_is_becomes_the_photographers(
    request: pytest.FixtureRequest, kind: str, savings: Savings
) -> None:
    photo: Path = request.getfixturevalue(kind)
    apply(plan(photo, VALUES, "model 1", embed=True))
    assert savings(photo, "state").save(photo, VALUES, HDR)
    assert owner(stands(photo)) == "photographer"
    assert len(EditedPhotos.find([photo]).photos) == 1
    assert {one.status for one in undo([photo.parent])} == {"left"}
    assert not savings(photo, "state").save(photo, VALUES, HDR), "it says so already"


@pytest.mark.parametrize("kind", ["dng", "nef"])
def test_what_another_program_changed_is_left(request: pytest.FixtureRequest, kind: str, savings: Savings) -> None:
    photo: Path = request.getfixturevalue(kind)
    held = savings(photo, "state")
    held.save(photo, VALUES, HDR)
    savings(photo, "others").save(photo, OTHERS, HDR)
    before = contents(photo.parent)
    assert not held.can_restore(photo)
    with pytest.raises(SidecarError, match="another program"):
        held.restore(photo)
    assert contents(photo.parent) == before


def test_what_must_not_be_changed_is_refused(nef: Path, savings: Savings) -> None:
    sidecar, held = nef.with_suffix(".xmp"), savings(nef, "state")
    old = FOREIGN.replace(b'ProcessVersion="11.0"', b'ProcessVersion="5.7"')
    theirs = FOREIGN.replace(
        b"xmp:Rating",
        b"xmlns:photoshop='http://ns.adobe.com/photoshop/1.0/' photoshop:SidecarForExtension='CR2' xmp:Rating",
    )
    for data in (old, theirs, b"<x", b"<a/>"):
        sidecar.write_bytes(data)
        with pytest.raises(SidecarError):
            held.save(nef, VALUES, HDR)
        assert sidecar.read_bytes() == data
    assert not held.journal.steps(nef)


@pytest.mark.parametrize("kind", ["dng", "nef"])
def test_what_was_seen_beside_the_sliders_is_saved_with_them(
    request: pytest.FixtureRequest, kind: str, savings: Savings
) -> None:
    """A label's white balance and preset would otherwise go from the picture when its sliders are corrected."""
    photo: Path = request.getfixturevalue(kind)
    also = {"WhiteBalance": "Custom", "Temperature": "4800", "Tint": "+7", "Texture": "+12"}
    held = savings(photo, "state")
    held.save(photo, VALUES, HDR, also)
    assert {name: stands(photo).get(name) for name in also} == also
    assert stands(photo).values() == VALUES
    held.save(photo, OTHERS, HDR, {"Texture": "+40"})
    assert stands(photo).get("Texture") == "+12", "the photographer's own stays"
    assert stands(photo).values() == OTHERS
