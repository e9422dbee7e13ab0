"""Claims: one writer of a file at a time, whichever machine it is on, and what becomes of those that are left behind.

Processes with state folders of their own take themselves for different machines.
"""

import errno
import json
import os
import subprocess
import sys
import time
from io import FileIO
from pathlib import Path

import pytest

from autohdr.errors import FileError
from autohdr.files.changing import claims
from autohdr.files.changing.claims import claim_of, claimed
from autohdr.files.changing.leftovers import remove_leftovers

HOLDING = """
import sys
from pathlib import Path
from autohdr.files.changing.claims import claimed
with claimed(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


def hold(path: Path, state: Path | None = None) -> "subprocess.Popen[bytes]":
    """A process that holds the claim of a file until it is killed, on this machine or on another one."""
    settings = os.environ if state is None else {**os.environ, "AUTOHDR_STATE": str(state)}
    command = [sys.executable, "-c", HOLDING, str(path)]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=settings)
    assert process.stdout is not None
    assert process.stdout.readline().strip() == b"held"
    return process


def kill(process: "subprocess.Popen[bytes]") -> None:
    with process:
        process.kill()


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(claims, "_PATIENCE", 0.0)


def test_a_claim_is_a_file_for_as_long_as_the_block_runs(tmp_path: Path) -> None:
    path = tmp_path / "IMG_1.xmp"
    with claimed(path) as claim:
        assert list(tmp_path.iterdir()) == [claim_of(path)]
        assert json.loads(claim_of(path).read_bytes())["pid"] == os.getpid()
        claim.refuse_lost()
    assert list(tmp_path.iterdir()) == []


def test_all_spellings_of_a_name_have_one_claim_and_no_name_is_too_long(tmp_path: Path) -> None:
    assert claim_of(tmp_path / "Ü 1.xmp") == claim_of(tmp_path / "u\u0308 1.XMP")
    assert claim_of(tmp_path / "a.xmp") != claim_of(tmp_path / "b.xmp")
    assert len(claim_of(tmp_path / ("x" * 251 + ".xmp")).name) < 64
    claim_of(tmp_path / "a\udcff.xmp")


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize("elsewhere", [True, False])
def test_who_holds_a_claim_is_told_to_whoever_meets_it(tmp_path: Path, elsewhere: bool) -> None:
    path = tmp_path / "IMG_1.xmp"
    process = hold(path, tmp_path / "other" if elsewhere else None)
    sentence = rf"IMG_1\.xmp is being changed by another run of autohdr \(process {process.pid} on .*; run again$"
    with pytest.raises(FileError, match=sentence), claimed(path):
        pass
    kill(process)


def test_a_claim_that_is_released_meanwhile_was_worth_waiting_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "IMG_1.xmp"
    first = claimed(path)
    first.__enter__()
    monkeypatch.setattr(time, "sleep", lambda _: first.__exit__(None, None, None))
    with claimed(path):
        pass


@pytest.mark.usefixtures("impatient")
def test_the_claim_of_a_killed_process_is_void_at_once_on_its_machine(tmp_path: Path) -> None:
    path = tmp_path / "IMG_1.xmp"
    kill(hold(path))
    with claimed(path):
        pass
    kill(hold(path))
    remove_leftovers(tmp_path)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.usefixtures("impatient")
def test_on_another_machine_it_is_void_once_it_is_old(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """By the clock of the disk's server, whatever ours says."""
    path = tmp_path / "IMG_1.xmp"
    monkeypatch.setattr(time, "time", lambda: 1e10)
    kill(hold(path, tmp_path / "other"))
    for _ in range(2):
        with pytest.raises(FileError, match="being changed by another run"), claimed(path):
            pass
        remove_leftovers(tmp_path)
    old = claim_of(path).stat().st_mtime - 601
    os.utime(claim_of(path), (old, old))
    with claimed(path):
        pass
    assert list(tmp_path.glob(".*")) == []


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize("said", [b"", b"not ours", b'{"process": "../../lock"}', b"[]", b'{"process": 1}'])
def test_a_claim_that_says_nothing_is_void_if_it_is_empty(tmp_path: Path, said: bytes) -> None:
    """The process that made it was killed before it could write into it."""
    path = tmp_path / "IMG_1.xmp"
    claim_of(path).write_bytes(said)
    if said:
        with pytest.raises(FileError, match="being changed by another run of autohdr and is left"), claimed(path):
            pass
        assert claim_of(path).read_bytes() == said
    else:
        with claimed(path):
            pass


def test_a_claim_that_others_gave_up_is_lost_and_theirs_stays(tmp_path: Path) -> None:
    path = tmp_path / "IMG_1.xmp"
    with claimed(path) as claim:
        claim_of(path).write_bytes(b"theirs")
        with pytest.raises(FileError, match=r"may have been changed by another machine in the meantime; run again$"):
            claim.refuse_lost()
    assert claim_of(path).read_bytes() == b"theirs"


def test_a_full_disk_keeps_nobody_from_claiming(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(made: FileIO, said: bytes) -> None:
        made.close()
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(claims, "_write", full)
    with claimed(tmp_path / "IMG_1.xmp") as claim:
        claim.refuse_lost()
    assert list(tmp_path.iterdir()) == []


def test_without_a_state_folder_files_are_claimed_all_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_bytes(b"")
    monkeypatch.setenv("AUTOHDR_STATE", str(tmp_path / "file"))
    with claimed(tmp_path / "IMG_1.xmp") as claim:
        claim.refuse_lost()


def test_locks_of_processes_that_were_killed_long_ago_go(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    state = tmp_path / "state" / "claims"
    kill(hold(tmp_path / "IMG_1.xmp", state.parent))
    (lock,) = state.iterdir()
    monkeypatch.setenv("AUTOHDR_STATE", str(state.parent))
    os.utime(lock, ns=(1, 1))
    with claimed(tmp_path / "IMG_2.xmp"):
        pass
    assert [path.name for path in state.iterdir() if path == lock] == []
