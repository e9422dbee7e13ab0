"""What holds for every document that is labelled with a preset, whatever its form.

A long run by hand: AUTOHDR_EXAMPLES=20000 pytest FILE.
"""

import os
import tempfile
from pathlib import Path
from typing import get_args

import hypothesis
from hypothesis import given
from hypothesis import strategies as st

from autohdr.errors import SidecarError
from autohdr.mode import HDR, SDR, Mode
from autohdr.sidecar import Document, Edit, Existing, apply, plan, undo
from autohdr.sidecar.record import owner
from autohdr.sidecar.xmp.values import Value, says
from tests.runtime.sidecar.conftest import SETTINGS
from tests.runtime.sidecar.drafts import Draft, drafts
from tests.runtime.sidecar.structures import ALSO, curve
from tests.runtime.sidecar.undoing import contents

several = hypothesis.settings(max_examples=int(os.environ.get("AUTOHDR_EXAMPLES", "40")), deadline=None)
parts = st.lists(st.sampled_from(sorted(ALSO)), unique=True).map(lambda names: {name: ALSO[name] for name in names})
versions = st.sampled_from([{}, {"Version": "17.5", "ProcessVersion": "11.0"}, {"ProcessVersion": "15.4"}])
defaults = st.sampled_from(
    [
        *("", 'crs:Sharpness="40"', 'crs:Look=""', 'crs:CameraProfile="Adobe Standard" crs:GrainAmount="0"'),
        *('crs:WhiteBalance="As Shot" crs:Temperature="5000" crs:Tint="+5"', 'crs:SharpenRadius="+1.4"'),
    ]
)


def label(photo: Path, also: dict[str, Value], existing: Existing, mode: Mode) -> Edit | None:
    """Labels a photo; None where its document cannot be read or changed."""
    try:
        edit = plan(photo, SETTINGS, "m 1", existing, mode=mode, also=also)
    except SidecarError:
        return None
    apply(edit)
    return edit


def check(photo: Path, edit: Edit, also: dict[str, Value], existing: Existing, mode: Mode) -> None:
    """A label is ours and holds what it says, and a second run leaves it."""
    document = Document.parse(photo.with_suffix(".xmp").read_bytes())
    assert owner(document) == "autohdr"
    found = document.settings()
    assert all(says(found[name], value) for name, value in edit.also.items())
    again = label(photo, also, existing, mode)
    assert again is not None
    assert (again.action, again.also) == ("unchanged", edit.also)


@several
@given(drafts(), parts, parts, versions, st.sampled_from(get_args(Existing)), st.sampled_from([HDR, SDR]))
def test_labels_are_ours_and_come_off_to_the_byte(
    draft: Draft,
    first: dict[str, Value],
    then: dict[str, Value],
    needs: dict[str, Value],
    existing: Existing,
    mode: Mode,
) -> None:
    with tempfile.TemporaryDirectory() as name:
        photo = Path(name, "IMG_1.CR2")
        photo.with_suffix(".xmp").write_bytes(draft.encode(draft.text({})))
        before = contents(photo.parent)
        for also in ({**first, **needs}, {**then, "Sharpness": "70", "ToneCurvePV2012": curve("9, 9")}):
            last = contents(photo.parent)
            edit = label(photo, also, existing, mode)
            if edit is None or edit.action == "skip":
                assert contents(photo.parent) == last
                break
            check(photo, edit, also, existing, mode)
        undo(photo.parent)
        assert contents(photo.parent) == before


@several
@given(defaults, parts, versions, st.sampled_from(get_args(Existing)), st.sampled_from([HDR, SDR]))
def test_so_do_labels_over_defaults_and_edits(
    attributes: str, also: dict[str, Value], needs: dict[str, Value], existing: Existing, mode: Mode
) -> None:
    text = (
        '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
        '<rdf:Description rdf:about="" xmlns:crs="http://ns.adobe.com/camera-raw-settings/1.0/" '
        f'crs:Version="13.0" crs:ProcessVersion="11.0" {attributes}/></rdf:RDF></x:xmpmeta>'
    )
    with tempfile.TemporaryDirectory() as name:
        photo = Path(name, "IMG_1.CR2")
        photo.with_suffix(".xmp").write_text(text)
        edit = label(photo, {**also, **needs}, existing, mode)
        assert edit is not None
        if edit.action == "skip":
            return
        check(photo, edit, {**also, **needs}, existing, mode)
        undo(photo.parent)
        assert contents(photo.parent) == {"IMG_1.xmp": text.encode()}
