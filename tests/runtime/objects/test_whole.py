"""Whole objects: created where there is none, replaced where they are as they were, whatever becomes of the answers."""

import pytest

from autohdr.errors import FileError, SidecarError
from autohdr.files.changing.conditional import replace
from autohdr.files.whole import create, read_bytes, remove
from autohdr.objects import whole
from autohdr.objects.path import ObjectPath, named
from tests.s3.faults import Fault
from tests.s3.store import S3

LOST = ["busy", "error", "reset", "torn"]


@pytest.fixture
def sidecar(s3: S3) -> ObjectPath:
    """The path of an object that is not there."""
    path = named(s3.url("shoot/IMG 1.xmp"))
    assert isinstance(path, ObjectPath)
    return path


def test_an_object_is_created_once(s3: S3, sidecar: ObjectPath) -> None:
    assert read_bytes(sidecar) is None
    create(sidecar, b"ours")
    with pytest.raises(FileError, match="it is there already") as refused:
        create(sidecar, b"another")
    assert isinstance(refused.value.__cause__, FileExistsError)
    assert s3.contents() == {sidecar.key: b"ours"}


def test_no_more_is_read_than_is_asked_for(s3: S3, sidecar: ObjectPath) -> None:
    s3.put(sidecar.key, bytes(300_000))
    assert len(read_bytes(sidecar, 100_001) or b"") == 100_001
    assert len(read_bytes(sidecar) or b"") == 300_000
    s3.put(sidecar.key, b"")
    assert read_bytes(sidecar, 10) == b""


def test_an_object_is_replaced_as_long_as_it_is_what_it_was(s3: S3, sidecar: ObjectPath) -> None:
    s3.put(sidecar.key, b"old")
    replace(sidecar, b"new", b"old")
    with pytest.raises(SidecarError, match="was changed by another program in the meantime"):
        replace(sidecar, b"newer", b"old")
    remove(sidecar)
    with pytest.raises(SidecarError, match="in the meantime"):
        replace(sidecar, b"newer", b"new")
    assert s3.contents() == {}


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("kind", LOST)
def test_a_lost_answer_loses_nothing(s3: S3, sidecar: ObjectPath, kind: str, after: bool) -> None:
    s3.plan(Fault(kind, "PUT", after=after))  # type: ignore[arg-type]
    create(sidecar, b"old")
    s3.plan(Fault(kind, "PUT", after=after))  # type: ignore[arg-type]
    replace(sidecar, b"new", b"old")
    assert s3.contents() == {sidecar.key: b"new"}


def test_what_another_program_writes_in_between_stays(s3: S3, sidecar: ObjectPath) -> None:
    s3.plan(Fault("meanwhile", "PUT", value={sidecar.key: b"theirs"}))
    with pytest.raises(FileError, match="it is there already"):
        create(sidecar, b"ours")
    assert s3.get(sidecar.key) == b"theirs"
    s3.put(sidecar.key, b"old")
    s3.plan(Fault("meanwhile", "PUT", value={sidecar.key: b"theirs"}))
    with pytest.raises(SidecarError, match="in the meantime"):
        replace(sidecar, b"ours", b"old")
    assert s3.get(sidecar.key) == b"theirs"


def test_a_conflict_is_looked_at_again(s3: S3, sidecar: ObjectPath) -> None:
    s3.plan(Fault("conflict", "PUT", count=2))
    create(sidecar, b"old")
    s3.plan(Fault("conflict", "PUT", count=2))
    replace(sidecar, b"new", b"old")
    assert s3.contents() == {sidecar.key: b"new"}


def test_a_server_that_heeds_no_conditions_is_told_from_others(
    s3: S3, sidecar: ObjectPath, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Such a server writes whatever is asked of it: what puts on a condition here, puts on none."""
    monkeypatch.setattr(whole, "_HEEDED", set())
    genuine = whole._put
    monkeypatch.setattr(whole, "_put", lambda path, data, mode: genuine(path, data, "overwrite"))
    with pytest.raises(FileError, match="does not heed conditions"):
        create(sidecar, b"ours")
    s3.put(sidecar.key, b"old")
    with pytest.raises(FileError, match="does not heed conditions"):
        replace(sidecar, b"new", b"old")
    assert s3.get(sidecar.key) == b"old"


def test_whether_conditions_count_is_asked_once(s3: S3, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(whole, "_HEEDED", set())
    s3.plan()
    for number in range(3):
        create(named(s3.url(f"{number}.xmp")), b"ours")
    assert [request.status for request in s3.log()] == [200, 412, 200, 200]
