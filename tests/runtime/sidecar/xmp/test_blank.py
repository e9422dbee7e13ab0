"""A sidecar that holds nothing, as after a power cut, is nobody's edit, and comes back to the byte all the same."""

import os
from pathlib import Path

import pytest

from autohdr.sidecar import apply, plan, refusal, undo
from autohdr.sidecar.xmp.document import Document
from tests.runtime.sidecar.conftest import SETTINGS
from tests.runtime.sidecar.dngs import tiff

BLANK = {"empty": b"", "blanks": b" \r\n\n", "a byte order mark": b"\xef\xbb\xbf", "NULs": bytes(5000)}


@pytest.mark.parametrize("held", BLANK.values(), ids=BLANK)
def test_a_blank_sidecar_counts_as_none_and_is_kept(tmp_path: Path, held: bytes) -> None:
    """It was refused as malformed XML, with the advice to mend it."""
    photo, sidecar = tmp_path / "IMG_1.CR2", tmp_path / "IMG_1.xmp"
    photo.touch()
    sidecar.write_bytes(held)
    assert Document.read(sidecar) is None
    edit = plan(photo, SETTINGS, "a model")
    assert edit.action == "write"
    assert edit.note == "IMG_1.xmp was empty"
    assert edit.differences["Exposure2012"] == (None, 0.5)
    assert apply(edit) == tmp_path / "IMG_1.xmp_original"
    assert (tmp_path / "IMG_1.xmp_original").read_bytes() == held
    assert plan(photo, SETTINGS, "a model").action == "unchanged"
    assert [result.status for result in undo(tmp_path)] == ["restored"]
    assert sidecar.read_bytes() == held
    assert sorted(path.name for path in tmp_path.iterdir()) == ["IMG_1.CR2", "IMG_1.xmp"]


def test_a_blank_sidecar_beside_a_dng_is_no_edit(tmp_path: Path) -> None:
    """The DNG failed, and its owner was told to mend an empty file."""
    photo = tmp_path / "IMG_1.dng"
    photo.write_bytes(tiff())
    (tmp_path / "IMG_1.xmp").touch()
    assert refusal(photo, embed=True) is None
    assert plan(photo, SETTINGS, "a model", embed=True).action == "write"


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root gives files to others")
def test_owner_and_group_are_kept_on_a_sidecar_and_on_its_original(tmp_path: Path) -> None:
    """Both became root's: a shared folder's group lost its right to write."""
    photo, sidecar = tmp_path / "IMG_1.CR2", tmp_path / "IMG_1.xmp"
    photo.touch()
    rdf = '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"/>'
    sidecar.write_text(f'<x:xmpmeta xmlns:x="adobe:ns:meta/">{rdf}</x:xmpmeta>')
    os.chown(sidecar, 1234, 2345)
    sidecar.chmod(0o664)
    kept = apply(plan(photo, SETTINGS, "a model"))
    assert kept is not None
    for path in (sidecar, kept):
        status = path.stat()
        assert (status.st_uid, status.st_gid, status.st_mode & 0o777) == (1234, 2345, 0o664)
