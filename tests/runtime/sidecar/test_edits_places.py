"""Edits under darktable's names, through links, where the system refuses, and inside DNGs."""

import errno
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from autohdr.errors import FileError
from autohdr.sidecar import Document, apply, merge, plan, refusal
from autohdr.sidecar.dng.embedded import read_embedded
from autohdr.sidecar.xmp.properties import OURS, PHOTOSHOP
from tests.runtime.sidecar.dngs import packet, tiff
from tests.runtime.sidecar.labelling import EDITED, Settings, document, label

Put = Callable[[bytes | str], Path]
Xmp = Callable[..., str]


def test_darktables_names_are_kept_apart(tmp_path: Path, sidecar: Put, xmp: Xmp, settings: Settings) -> None:
    photo = sidecar(xmp(EDITED))
    for raw in (photo, photo.with_suffix(".NEF")):
        assert refusal(raw, naming="darktable") is None
        edit = plan(raw, settings, "m", naming="darktable")
        assert edit.path == tmp_path / f"{raw.name}.xmp"
        apply(edit)
        assert plan(raw, settings, "m", naming="darktable").action == "unchanged"
    assert document(photo).data == xmp(EDITED).encode()
    # It may be Adobe's sidecar of IMG_1.CR2.jpg.
    (tmp_path / "IMG_1.CR2.xmp").write_text(xmp('photoshop:SidecarForExtension="JPG"'))
    assert "JPG" in (refusal(photo, naming="darktable") or "")


@pytest.mark.skipif(os.name == "nt", reason="making links needs a privilege on Windows")
def test_a_link_that_leads_nowhere_is_left_alone(tmp_path: Path, settings: Settings) -> None:
    link = tmp_path / "IMG_1.xmp"
    link.symlink_to(tmp_path / "disk" / "IMG_1.xmp")
    for attempt in (lambda: refusal(tmp_path / "IMG_1.CR2"), lambda: plan(tmp_path / "IMG_1.CR2", settings, "m")):
        with pytest.raises(FileError, match=r"IMG_1\.xmp is a link to a file that is not there; .*run again"):
            attempt()
    assert list(tmp_path.iterdir()) == [link]


@pytest.mark.skipif(os.name == "nt", reason="making links needs a privilege on Windows")
def test_a_folder_may_be_a_link(tmp_path: Path, settings: Settings) -> None:
    (tmp_path / "shoot").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "shoot")
    label(tmp_path / "link" / "IMG_1.CR2", settings)
    assert label(tmp_path / "shoot" / "IMG_1.CR2", settings).action == "unchanged"


@pytest.mark.skipif(os.name == "nt", reason="Windows has no permission bits")
def test_a_folder_that_is_read_only_is_an_error_and_untouched(
    sidecar: Put, xmp: Xmp, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    photo = sidecar(xmp(EDITED))
    genuine = Path.open

    # root may write into any folder, so the system's answer is played.
    def refuse(path: Path, mode: str = "r", *more: Any) -> Any:
        if "x" in mode:
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))
        return genuine(path, mode, *more)

    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(FileError, match=r"cannot be written \(Permission denied\); unlock the file and its folder"):
        apply(plan(photo, settings, "m", "replace"))
    assert list(photo.parent.iterdir()) == [photo.with_suffix(".xmp")]
    assert document(photo).data == xmp(EDITED).encode()


@pytest.mark.parametrize("xmp", [None, packet("+0.50")])
def test_a_dng_is_labelled_inside(tmp_path: Path, settings: Settings, xmp: bytes | None) -> None:
    photo = tmp_path / "IMG_1.dng"
    photo.write_bytes(tiff(xmp=xmp))
    assert (refusal(photo, embed=True) is None) == (xmp is None)
    edit = plan(photo, settings, "m", "replace", embed=True)
    assert (edit.path, edit.original, edit.values) == (photo, xmp, settings)
    assert apply(edit) == tmp_path / "IMG_1.dng_xmp_original"
    assert plan(photo, settings, "m", embed=True).action == "unchanged"
    assert plan(photo, {**settings, "Vibrance": 9.0}, "m", embed=True).differences == {"Vibrance": (4.0, 9.0)}
    found = Document.parse(read_embedded(photo) or b"")
    # A packet that somebody takes out as a sidecar is that person's.
    assert not found.has("Seal", OURS)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["IMG_1.dng", "IMG_1.dng_xmp_original"]


@pytest.mark.parametrize("embed", [False, True])
def test_an_edit_in_the_other_place_of_a_dng_is_an_edit(tmp_path: Path, settings: Settings, embed: bool) -> None:
    photo = tmp_path / "IMG_1.dng"
    photo.write_bytes(tiff(xmp=None if embed else packet("+0.50")))
    if embed:
        (tmp_path / "IMG_1.xmp").write_bytes(packet("+0.50"))
    edit = plan(photo, settings, "m", embed=embed)
    assert edit.reason == refusal(photo, embed=embed)
    assert (edit.action, edit.reason is not None) == ("skip", True)
    assert plan(photo, settings, "m", "replace", embed=embed).action == "write"


def test_an_edit_inside_a_dng_that_was_made_from_another_file_counts(tmp_path: Path) -> None:
    """Converters take the other file's sidecar along, with the name of the file that it belonged to."""
    photo = tmp_path / "IMG_1.dng"
    inside = merge(packet("+0.50"), {f"{{{PHOTOSHOP}}}SidecarForExtension": "CR2"})
    photo.write_bytes(tiff(xmp=inside))
    assert "IMG_1.dng has edits that are not autohdr's" in (refusal(photo) or "")
    assert "IMG_1.dng has edits that are not autohdr's" in (refusal(photo, embed=True) or "")
