import errno
import os
import shutil
import stat
import subprocess
import sys
import time
from pathlib import Path
from types import SimpleNamespace

import pytest

from autohdr.errors import FileError
from autohdr.files.whole import create, read_bytes, remove, write_atomically
from tests.runtime.crashes import CODE, CREATING, REMOVING, WRITING

ROOT = Path(__file__).resolve().parents[3]
WRITER = """
import sys
from pathlib import Path
from autohdr.files.whole import write_atomically
print("ready", flush=True)
while True:
    for letter in b"ab":
        for n in range(4):
            write_atomically(Path(sys.argv[1]) / f"IMG_{n}.xmp", bytes([letter]) * 200_000)
"""


def test_a_file_is_created_and_replaced_and_nothing_else_is_left(tmp_path: Path) -> None:
    path = tmp_path / "IMG_1.xmp"
    for data in (b"first", b"second"):
        write_atomically(path, data)
        assert path.read_bytes() == data
    assert list(tmp_path.iterdir()) == [path]


def test_a_killed_writer_leaves_only_whole_files(tmp_path: Path) -> None:
    for delay in (0.0, 0.003, 0.01, 0.03, 0.1):
        with subprocess.Popen([sys.executable, "-c", WRITER, str(tmp_path)], stdout=subprocess.PIPE) as writer:
            assert writer.stdout is not None
            assert writer.stdout.readline().strip() == b"ready"
            time.sleep(delay)
            wait_for_files(tmp_path)
            writer.kill()
        for path in tmp_path.glob("*.xmp"):
            assert path.read_bytes() in (b"a" * 200_000, b"b" * 200_000)
    assert all(path.name.startswith(".") and path.name.endswith(".tmp") for path in tmp_path.glob("[!I]*"))


DYING = """
import sys
from pathlib import Path
from autohdr.files import whole as files
from tests.runtime.crashes import die_at
die_at(sys.argv[1])
getattr(files, sys.argv[2])(Path(sys.argv[3]), *(word.encode() for word in sys.argv[4:]))
"""


def dies(point: str, call: str, path: Path, *words: str) -> None:
    """Calls a function of `files` in a process that dies at a point."""
    command = [sys.executable, "-c", DYING, point, call, str(path), *words]
    done = subprocess.run(command, cwd=ROOT, check=False, capture_output=True, text=True)
    assert done.returncode == CODE, done.stderr


@pytest.mark.parametrize("point", WRITING)
@pytest.mark.parametrize("old", [b"old", None])
def test_a_writer_that_dies_there_leaves_the_old_file_or_the_new_one(
    tmp_path: Path, point: str, old: bytes | None
) -> None:
    path = tmp_path / "IMG_1.xmp"
    if old is not None:
        path.write_bytes(old)
    dies(f"written: {point}", "write_atomically", path, "new")
    assert read_bytes(path) == (b"new" if point == "a file has its name" else old)
    write_atomically(path, b"newer")
    assert path.read_bytes() == b"newer"


@pytest.mark.parametrize("point", CREATING)
def test_a_new_file_is_there_whole_or_not_at_all(tmp_path: Path, point: str) -> None:
    path = tmp_path / "IMG_1.xmp"
    dies(f"created: {point}", "create", path, "new")
    assert read_bytes(path) == (b"new" if "has its name" in point else None)
    if not path.exists():
        create(path, b"new")
    assert path.read_bytes() == b"new"


@pytest.mark.parametrize("point", REMOVING)
def test_a_file_that_is_removed_is_there_whole_or_not_at_all(tmp_path: Path, point: str) -> None:
    path = tmp_path / "IMG_1.xmp"
    path.write_bytes(b"old")
    dies(point, "remove", path)
    assert read_bytes(path) == (b"old" if "to be" in point else None)


def wait_for_files(folder: Path) -> None:
    """However slow the disk is: a loaded machine once took 0.14 s for one fsync."""
    end = time.monotonic() + 120.0
    while not any(folder.glob("*.xmp")):
        assert time.monotonic() < end, "the writer has written nothing for two minutes"
        time.sleep(0.001)


@pytest.mark.parametrize("call", ["replace", "fsync"])
@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EACCES, errno.EIO])
def test_a_failure_leaves_the_old_file_and_no_temporary_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: str, number: int
) -> None:
    path = tmp_path / "IMG_1.xmp"
    path.write_bytes(b"old")

    def fail(*_: object) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, call, fail)
    with pytest.raises(FileError, match=r"IMG_1\.xmp cannot be written \(.*\); .*run again$") as caught:
        write_atomically(path, b"new")
    assert isinstance(caught.value.__cause__, OSError)
    assert caught.value.__cause__.errno == number
    assert list(tmp_path.iterdir()) == [path]
    assert path.read_bytes() == b"old"


@pytest.mark.skipif(os.name == "nt", reason="Windows has no permission bits")
@pytest.mark.parametrize("mode", [0o600, 0o640, 0o664])
def test_permission_bits_are_kept(tmp_path: Path, mode: int) -> None:
    path = tmp_path / "IMG_1.xmp"
    path.write_bytes(b"old")
    path.chmod(mode)
    write_atomically(path, b"new")
    assert path.stat().st_mode & 0o777 == mode


@pytest.mark.skipif(not hasattr(os, "setxattr"), reason="Python sets extended attributes on Linux alone")
def test_extended_attributes_are_kept_and_times_are_not(tmp_path: Path) -> None:
    path = tmp_path / "IMG_1.xmp"
    path.write_bytes(b"old")
    try:
        os.setxattr(path, "user.tag", b"Red")
    except OSError as error:
        pytest.skip(f"the file system of {tmp_path} has no extended attributes: {error}")
    os.utime(path, ns=(1, 1))
    write_atomically(path, b"new")
    assert os.getxattr(path, "user.tag") == b"Red"
    assert path.stat().st_mtime > time.time() - 3600


def test_a_file_system_that_cannot_keep_attributes_is_no_failure(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "IMG_1.xmp"
    path.write_bytes(b"old")

    def fail(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(shutil, "copystat", fail)
    write_atomically(path, b"new")
    assert path.read_bytes() == b"new"


@pytest.mark.skipif(os.name == "nt", reason="Windows has no permission bits")
def test_a_new_file_is_as_open_as_any_other(tmp_path: Path) -> None:
    (tmp_path / "other").write_bytes(b"")
    write_atomically(tmp_path / "IMG_1.xmp", b"new")
    assert (tmp_path / "IMG_1.xmp").stat().st_mode == (tmp_path / "other").stat().st_mode


def test_a_file_marked_read_only_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "IMG_1.xmp"
    path.write_bytes(b"old")
    path.chmod(0o444)
    with pytest.raises(FileError, match=r"marked read-only.*unlock"):
        write_atomically(path, b"new")
    assert path.read_bytes() == b"old"
    path.chmod(0o644)


def test_a_file_that_finder_has_locked_is_left_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "IMG_1.xmp"
    path.write_bytes(b"old")
    locked = SimpleNamespace(st_mode=0o100644, st_flags=stat.UF_IMMUTABLE)
    monkeypatch.setattr(Path, "stat", lambda *_, **__: locked)
    with pytest.raises(FileError, match=r"it is locked.*unlock"):
        write_atomically(path, b"new")
    assert path.read_bytes() == b"old"


@pytest.mark.skipif(os.name == "nt", reason="making links needs a privilege on Windows")
def test_a_symbolic_link_stays_one(tmp_path: Path) -> None:
    target = tmp_path / "elsewhere" / "real.xmp"
    target.parent.mkdir()
    target.write_bytes(b"old")
    link = tmp_path / "IMG_1.xmp"
    link.symlink_to(target)
    write_atomically(link, b"new")
    assert link.is_symlink()
    assert target.read_bytes() == b"new"
    assert list(target.parent.iterdir()) == [target]


@pytest.mark.skipif(os.name == "nt", reason="making links needs a privilege on Windows")
def test_a_link_that_leads_to_itself_is_an_error(tmp_path: Path) -> None:
    link = tmp_path / "IMG_1.xmp"
    link.symlink_to(link)
    with pytest.raises(FileError, match="cannot be written"):
        write_atomically(link, b"new")
    assert link.is_symlink()


@pytest.mark.skipif(os.name == "nt", reason="Windows limits whole paths, to 260 characters")
def test_a_name_as_long_as_can_be_is_written(tmp_path: Path) -> None:
    path = tmp_path / ("x" * 251 + ".xmp")
    write_atomically(path, b"new")
    assert path.read_bytes() == b"new"


def test_a_folder_in_the_place_of_a_sidecar_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "IMG_1.xmp").mkdir()
    with pytest.raises(FileError, match="cannot be read"):
        read_bytes(tmp_path / "IMG_1.xmp")
    with pytest.raises(FileError, match="cannot be written"):
        write_atomically(tmp_path / "IMG_1.xmp", b"new")
    assert list(tmp_path.iterdir()) == [tmp_path / "IMG_1.xmp"]


@pytest.mark.skipif(os.name == "nt", reason="making links needs a privilege on Windows")
def test_a_link_that_leads_nowhere_is_an_error_to_read(tmp_path: Path) -> None:
    link = tmp_path / "IMG_1.xmp"
    link.symlink_to(tmp_path / "gone.xmp")
    with pytest.raises(FileError, match=r"IMG_1\.xmp is a link to a file that is not there; connect its disk"):
        read_bytes(link)
    assert read_bytes(tmp_path / "gone.xmp") is None


def test_a_file_is_removed_unless_it_is_read_only(tmp_path: Path) -> None:
    path = tmp_path / "IMG_1.xmp"
    path.write_bytes(b"old")
    path.chmod(0o444)
    with pytest.raises(FileError, match=r"IMG_1\.xmp cannot be removed \(it is marked read-only\)"):
        remove(path)
    assert path.read_bytes() == b"old"
    path.chmod(0o644)
    remove(path)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("links", [True, False])
def test_a_new_file_does_not_replace_one_that_came_meanwhile(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, links: bool
) -> None:
    """Whether the file system knows hard links or not."""
    path, fsync = tmp_path / "IMG_1.xmp", os.fsync

    def refuse(*_: object, **__: object) -> None:
        raise OSError(errno.EPERM, os.strerror(errno.EPERM))

    def save(descriptor: int) -> None:
        path.write_bytes(b"another program's")
        fsync(descriptor)

    if not links:
        monkeypatch.setattr(os, "link", refuse)
    create(path, b"new")
    assert (path.read_bytes(), list(tmp_path.iterdir())) == (b"new", [path])
    path.unlink()
    monkeypatch.setattr(os, "fsync", save)
    with pytest.raises(FileError, match=r"cannot be written \(.*\); name another file, or move that one") as caught:
        create(path, b"new")
    assert isinstance(caught.value.__cause__, FileExistsError)
    assert (path.read_bytes(), list(tmp_path.iterdir())) == (b"another program's", [path])
