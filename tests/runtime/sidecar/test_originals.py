"""Where originals are kept, and what happens to them when the system refuses."""

import errno
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from autohdr.errors import FileError, SidecarError
from autohdr.files.changing.conditional import replace
from autohdr.sidecar import Document, merge
from autohdr.sidecar.originals import Original, place
from autohdr.sidecar.xmp.properties import OURS


def naming(text: str) -> Document:
    return Document.parse(merge(None, {f"{{{OURS}}}Original": text}))


@pytest.mark.parametrize("name", ["IMG_1.xmp_original", "ü  x.XMP_original12", "a\udcff\n%20&.xmp_original"])
def test_a_note_is_read_as_it_was_written(name: str) -> None:
    original = Original(name, "0123456789abcdef")
    assert Original.find(Document.parse(merge(None, original.properties()))) == original


@pytest.mark.parametrize(
    "text",
    ["", "IMG_1.xmp_original", "IMG_1.CR2 0123", "..%2Fa.xmp_original 0123", "%2Ftmp%2Fa.xmp_original 0123", " 0123"],
)
def test_a_note_of_anything_else_names_nothing(text: str) -> None:
    assert Original.find(naming(text)) is None


def test_an_original_gets_the_first_free_name_or_that_of_its_own_bytes(tmp_path: Path) -> None:
    sidecar = tmp_path / "IMG_1.xmp"
    assert place(sidecar, b"mine") == tmp_path / "IMG_1.xmp_original"
    (tmp_path / "IMG_1.xmp_original").write_bytes(b"exiftool's")
    (tmp_path / "IMG_1.xmp_original2").write_bytes(b"mine and more")
    assert place(sidecar, b"mine") == tmp_path / "IMG_1.xmp_original3"
    (tmp_path / "IMG_1.xmp_original3").write_bytes(b"mine")
    assert place(sidecar, b"mine") == tmp_path / "IMG_1.xmp_original3"


@pytest.mark.skipif(os.name == "nt", reason="making links needs a privilege on Windows")
def test_the_original_of_a_link_is_kept_beside_the_file_that_it_leads_to(tmp_path: Path) -> None:
    target = tmp_path / "elsewhere" / "real.xmp"
    target.parent.mkdir()
    target.write_bytes(b"old")
    link = tmp_path / "IMG_1.xmp"
    link.symlink_to(target)
    kept = place(link, b"old")
    assert kept == target.with_name("real.xmp_original")
    replace(link, b"new", b"old", kept)
    assert (link.is_symlink(), target.read_bytes(), kept.read_bytes()) == (True, b"new", b"old")
    assert sorted(tmp_path.iterdir()) == [link, target.parent]


@pytest.mark.skipif(os.name == "nt", reason="Windows has no permission bits")
def test_an_original_is_as_private_as_the_sidecar(tmp_path: Path) -> None:
    sidecar = tmp_path / "IMG_1.xmp"
    sidecar.write_bytes(b"old")
    sidecar.chmod(0o600)
    kept = place(sidecar, b"old")
    replace(sidecar, b"new", b"old", kept)
    assert [path.stat().st_mode & 0o777 for path in (sidecar, kept)] == [0o600, 0o600]


def test_a_name_that_was_taken_in_the_meantime_stops_us(tmp_path: Path) -> None:
    sidecar = tmp_path / "IMG_1.xmp"
    sidecar.write_bytes(b"old")
    kept = place(sidecar, b"old")
    kept.write_bytes(b"another program's")
    with pytest.raises(SidecarError, match="in the meantime"):
        replace(sidecar, b"new", b"old", kept)
    assert (sidecar.read_bytes(), kept.read_bytes()) == (b"old", b"another program's")


def test_a_read_only_sidecar_is_left_with_nothing_beside_it(tmp_path: Path) -> None:
    sidecar = tmp_path / "IMG_1.xmp"
    sidecar.write_bytes(b"old")
    sidecar.chmod(0o444)
    with pytest.raises(FileError, match=r"IMG_1\.xmp cannot be written \(it is marked read-only\)"):
        replace(sidecar, b"new", b"old", place(sidecar, b"old"))
    assert sidecar.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [sidecar]
    sidecar.chmod(0o644)


@pytest.mark.parametrize("refused", ["IMG_1.xmp_original", "IMG_1.xmp"])
@pytest.mark.parametrize("number", [errno.EACCES, errno.EEXIST, errno.ENOSPC, errno.EIO])
def test_where_files_cannot_be_replaced_nothing_is_lost_or_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, refused: str, number: int
) -> None:
    """Whether the system refuses the original or, after that, the sidecar."""
    sidecar = tmp_path / "IMG_1.xmp"
    sidecar.write_bytes(b"old")

    def but(call: str) -> Callable[[Path, Path], None]:
        genuine: Callable[[Path, Path], None] = getattr(os, call)

        def refuse(source: Path, target: Path) -> None:
            if target.name == refused:
                raise OSError(number, os.strerror(number))
            genuine(source, target)

        return refuse

    for call in ("replace", "link", "rename"):
        monkeypatch.setattr(os, call, but(call))
    with pytest.raises((FileError, SidecarError), match=r"IMG_1\.xmp.*; .*run again$|in the meantime"):
        replace(sidecar, b"new", b"old", place(sidecar, b"old"))
    assert sidecar.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [sidecar]


@pytest.mark.parametrize("call", ["replace", "link"])
def test_an_answer_that_is_lost_on_the_network_changes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: str
) -> None:
    """NFS asks again, and the second answer is that the file is there already, or gone."""
    sidecar = tmp_path / "IMG_1.xmp"
    sidecar.write_bytes(b"old")
    genuine = getattr(os, call)

    def twice(source: Path, target: Path) -> None:
        genuine(source, target)
        genuine(source, target)

    monkeypatch.setattr(os, call, twice)
    kept = place(sidecar, b"old")
    replace(sidecar, b"new", b"old", kept)
    assert (sidecar.read_bytes(), kept.read_bytes()) == (b"new", b"old")
    assert sorted(tmp_path.iterdir()) == [sidecar, kept]


def test_an_original_that_was_there_already_stays_when_the_sidecar_cannot_be_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sidecar, kept = tmp_path / "IMG_1.xmp", tmp_path / "IMG_1.xmp_original"
    for path in (sidecar, kept):
        path.write_bytes(b"old")

    def refuse(*_: object) -> None:
        raise OSError(errno.EEXIST, os.strerror(errno.EEXIST))

    monkeypatch.setattr(os, "replace", refuse)
    with pytest.raises(FileError):
        replace(sidecar, b"new", b"old", place(sidecar, b"old"))
    assert sorted(tmp_path.iterdir()) == [sidecar, kept]
