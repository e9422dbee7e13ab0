"""An undo that the system refuses, that meets links, or that is killed."""

import errno
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from autohdr.sidecar import undo
from autohdr.sidecar.originals import Original
from tests.runtime.sidecar.undoing import Settings, contents, label, only, undone

Put = Callable[[bytes | str], Path]
Xmp = Callable[..., str]
EDITED = 'crs:ProcessVersion="15.4" crs:Exposure2012="+1.00" xmp:Rating="3"'
UNDOING = """
import sys
from autohdr.sidecar import undo
undo(sys.argv[1], on_result=lambda result: print(result.status, flush=True))
"""


@pytest.mark.parametrize("call", ["replace", "unlink"])
def test_a_refusal_of_the_system_is_a_reason_and_nothing_is_lost(
    tmp_path: Path, sidecar: Put, xmp: Xmp, settings: Settings, monkeypatch: pytest.MonkeyPatch, call: str
) -> None:
    photo = sidecar(xmp(EDITED)) if call == "replace" else tmp_path / "IMG_1.CR2"
    path = label(photo, settings, "replace")
    before = contents(tmp_path)

    genuine = getattr(os, call)

    def refuse(source: Path, *more: object) -> None:
        if not source.name.startswith("IMG_1.xmp"):
            genuine(source, *more)
        else:
            raise OSError(errno.EIO, os.strerror(errno.EIO))

    with monkeypatch.context() as patch:
        patch.setattr(os, call, refuse)
        status, reason = only(undo(tmp_path))
    verb = "written" if call == "replace" else "removed"
    assert (status, f"{path} cannot be {verb} (Input/output error)" in reason) == ("left", True)
    assert contents(tmp_path) == before
    assert len(undone(tmp_path)) == 1


@pytest.mark.parametrize("created", [True, False])
def test_a_read_only_sidecar_is_left_alone(
    tmp_path: Path, sidecar: Put, xmp: Xmp, settings: Settings, created: bool
) -> None:
    path = label(tmp_path / "IMG_1.CR2" if created else sidecar(xmp(EDITED)), settings, "replace")
    path.chmod(0o444)
    before = contents(tmp_path)
    status, reason = only(undo(tmp_path))
    path.chmod(0o644)
    assert (status, "it is marked read-only" in reason) == ("left", True)
    assert contents(tmp_path) == before


def test_a_sidecar_that_changes_meanwhile_is_left_alone(
    sidecar: Put, xmp: Xmp, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = label(sidecar(xmp(EDITED)), settings, "replace")
    genuine = Original.is_there

    def slow(original: Original, sidecar: Path) -> bool:
        path.write_bytes(b"saved by Lightroom just now")
        return genuine(original, sidecar)

    monkeypatch.setattr(Original, "is_there", slow)
    status, reason = only(undo(path))
    assert (status, "in the meantime" in reason) == ("left", True)
    assert path.read_bytes() == b"saved by Lightroom just now"


@pytest.mark.skipif(os.name == "nt", reason="Windows has no permission bits")
def test_permission_bits_stay(sidecar: Put, xmp: Xmp, settings: Settings) -> None:
    path = label(sidecar(xmp(EDITED)), settings, "replace")
    path.chmod(0o640)
    os.utime(path.with_name("IMG_1.xmp_original"), ns=(1, 1))
    undo(path)
    assert path.stat().st_mode & 0o777 == 0o640
    assert path.stat().st_mtime_ns != 1  # programs look for changes there


@pytest.mark.skipif(os.name == "nt", reason="making links needs a privilege on Windows")
def test_a_link_stays_one(tmp_path: Path, xmp: Xmp, settings: Settings) -> None:
    target = tmp_path / "elsewhere" / "real.xmp"
    target.parent.mkdir()
    target.write_text(xmp(EDITED))
    link = tmp_path / "IMG_1.xmp"
    link.symlink_to(target)
    label(tmp_path / "IMG_1.CR2", settings, "replace")
    assert target.read_text() != xmp(EDITED)
    assert undone(link) == [("IMG_1.xmp", "restored")]
    assert link.is_symlink()
    assert list(target.parent.iterdir()) == [target]
    assert target.read_text() == xmp(EDITED)


@pytest.mark.skipif(os.name == "nt", reason="making links needs a privilege on Windows")
def test_of_what_we_created_the_file_itself_has_to_be_named(tmp_path: Path, settings: Settings) -> None:
    (tmp_path / "elsewhere").mkdir()
    target = label(tmp_path / "elsewhere" / "IMG_1.CR2", settings)
    link = tmp_path / "IMG_1.xmp"
    link.symlink_to(target)
    status, reason = only(undo(link))
    assert (status, f"undo {target} itself" in reason) == ("left", True)
    assert undone(target) == [("IMG_1.xmp", "removed")]


@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGKILL")
def test_a_killed_undo_leaves_whole_files_and_the_next_one_does_the_rest(
    tmp_path: Path, xmp: Xmp, settings: Settings
) -> None:
    for index in range(60):
        if index % 2:
            (tmp_path / f"IMG_{index}.xmp").write_text(xmp(f'xmp:Rating="{index}"'))
    originals = contents(tmp_path)
    for index in range(60):
        label(tmp_path / f"IMG_{index}.CR2", settings)
    labelled = contents(tmp_path)
    for lines in (0, 1, 7, 20):
        with subprocess.Popen(
            [sys.executable, "-c", UNDOING, str(tmp_path)], stdout=subprocess.PIPE, stderr=subprocess.PIPE
        ) as process:
            assert process.stdout is not None
            for _ in range(lines):
                process.stdout.readline()
            process.send_signal(signal.SIGKILL)
        for name, data in contents(tmp_path).items():
            assert data in (labelled.get(name), originals.get(name)) or name.endswith(".tmp"), name
    undo(tmp_path)
    assert contents(tmp_path) == originals
