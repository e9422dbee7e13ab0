"""A document is parsed once for what is there, and once to see that what is written says what it should."""

from pathlib import Path

import pytest

from autohdr.errors import SidecarError
from autohdr.sidecar import Document, apply, look, merge, plan
from autohdr.sidecar.xmp.properties import CRS
from tests.runtime.sidecar.conftest import SETTINGS


def test_a_document_is_parsed_once_and_the_new_one_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With --existing replace it was parsed eight times."""
    photo, sidecar = tmp_path / "IMG_1.CR2", tmp_path / "IMG_1.xmp"
    photo.touch()
    sidecar.write_bytes(merge(None, {f"{{{CRS}}}Exposure2012": "+1.00", f"{{{CRS}}}Version": "16.3"}))
    held, parsed, parse = sidecar.read_bytes(), list[bytes](), Document.parse

    def counted(data: bytes, source: str = "the sidecar") -> Document:
        parsed.append(data)
        return parse(data, source)

    monkeypatch.setattr(Document, "parse", counted)
    known = look(photo, "replace")
    edit = plan(photo, SETTINGS, "a model", "replace", known=known)
    apply(edit)
    assert edit.differences["Exposure2012"] == (1.0, 0.5)
    assert edit.values["Contrast2012"] == -7.0
    assert edit.hdr
    assert [data == held for data in parsed] == [True, False]
    monkeypatch.undo()
    written = Document.read(sidecar)
    assert written is not None
    assert (written.values(), written.hdr) == (dict(edit.values), edit.hdr)


def test_a_document_that_has_changed_meanwhile_is_parsed_again(tmp_path: Path) -> None:
    photo, sidecar = tmp_path / "IMG_1.CR2", tmp_path / "IMG_1.xmp"
    photo.touch()
    sidecar.write_bytes(merge(None, {f"{{{CRS}}}Exposure2012": "0.00"}))
    known = look(photo)
    sidecar.write_bytes(merge(None, {f"{{{CRS}}}Exposure2012": "+2.00"}))
    assert plan(photo, SETTINGS, "a model", known=known).action == "skip"


@pytest.mark.parametrize("before", [None, "0.00"])
def test_a_plan_by_an_earlier_look_never_writes_over_what_came_meanwhile(tmp_path: Path, before: str | None) -> None:
    photo, sidecar = tmp_path / "IMG_1.CR2", tmp_path / "IMG_1.xmp"
    photo.touch()
    if before is not None:
        sidecar.write_bytes(merge(None, {f"{{{CRS}}}Exposure2012": before}))
    known = look(photo, "replace")
    newer = merge(None, {f"{{{CRS}}}Exposure2012": "+2.00"})
    sidecar.write_bytes(newer)
    edit = plan(photo, SETTINGS, "a model", "replace", known=known, again=False)
    with pytest.raises(SidecarError, match="in the meantime"):
        apply(edit)
    assert sidecar.read_bytes() == newer
