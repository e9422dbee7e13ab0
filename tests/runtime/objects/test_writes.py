"""One write of an object whose requests fail: what is there afterwards is what the writer is told."""

import pytest

from autohdr.errors import FileError, SidecarError
from autohdr.files.changing.conditional import replace
from autohdr.files.whole import create, read_bytes
from autohdr.objects.path import named
from tests.s3.faults import Fault, Kind
from tests.s3.store import S3

LOST: list[Kind] = ["reset", "error", "busy", "conflict"]


@pytest.mark.parametrize("kind", LOST)
@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize(("original", "data"), [(b"short", b"longer than it"), (b"longer than that", b"short")])
def test_a_request_that_is_lost_is_made_again(s3: S3, kind: Kind, after: bool, original: bytes, data: bytes) -> None:
    path = named(s3.url("a.xmp"))
    create(path, b"what servers are asked first")
    for number in range(1, 4):
        s3.put("a.xmp", original)
        s3.plan(Fault(kind, "PUT", first=number, after=after))
        replace(path, data, original)
        assert s3.get("a.xmp") == data
        s3.delete("a.xmp")
        s3.plan(Fault(kind, "PUT", first=number, after=after))
        create(path, data)
        assert s3.get("a.xmp") == data


@pytest.mark.parametrize("kind", LOST)
@pytest.mark.parametrize("after", [False, True])
def test_what_another_has_written_meanwhile_stays(s3: S3, kind: Kind, after: bool) -> None:
    path = named(s3.url("a.xmp"))
    s3.put("a.xmp", b"before")
    s3.plan(
        Fault(kind, "PUT", after=after, count=0), Fault("meanwhile", "PUT", after=after, value={"a.xmp": b"theirs"})
    )
    with pytest.raises(SidecarError, match="in the meantime"):
        replace(path, b"ours", b"before")
    assert s3.get("a.xmp") == b"theirs"
    s3.delete("a.xmp")
    s3.plan(
        Fault(kind, "PUT", after=after, count=0), Fault("meanwhile", "PUT", after=after, value={"a.xmp": b"theirs"})
    )
    with pytest.raises(FileError) as raised:
        create(path, b"ours")
    assert isinstance(raised.value.__cause__, FileExistsError)
    assert read_bytes(path) == s3.get("a.xmp") == b"theirs"
