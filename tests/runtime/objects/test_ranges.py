"""Parts of objects, read like a file."""

import io

import numpy as np
import pytest

from autohdr.files.changing.inplace import open_file
from autohdr.objects.path import ObjectPath, named
from autohdr.objects.ranges import BLOCK, ObjectFile
from autohdr.objects.store import ChangedError
from tests.s3.store import S3

DATA = np.random.default_rng(0).bytes(5 * BLOCK + 77)


@pytest.fixture
def path(s3: S3) -> ObjectPath:
    """An object that holds `DATA`."""
    s3.put("a.CR2", DATA)
    s3.plan()
    found = named(s3.url("a.CR2"))
    assert isinstance(found, ObjectPath)
    return found


@pytest.mark.parametrize(
    ("start", "size"),
    [
        (0, 16),
        (BLOCK - 3, 7),
        (3 * BLOCK, BLOCK),
        (10, 3 * BLOCK),
        (len(DATA) - 5, 100),
        (len(DATA) + 9, 4),
        (0, 1 << 40),
    ],
)
def test_a_part_is_what_it_is_in_a_file(path: ObjectPath, start: int, size: int) -> None:
    with open_file(path) as file:
        assert file.length == len(DATA)
        assert file.read(start, size) == DATA[start : start + size]


def test_what_is_read_again_is_not_asked_for_again(s3: S3, path: ObjectPath) -> None:
    file = ObjectFile(path)
    for place in (0, 8, 400, 8, BLOCK + 1, 0):
        file.seek(place)
        assert file.read(4) == DATA[place : place + 4]
    assert file.seek(0, io.SEEK_END) == len(DATA)
    assert [request.conditions["Range"] for request in s3.log()] == [
        f"bytes=0-{BLOCK - 1}",
        f"bytes={BLOCK}-{2 * BLOCK - 1}",
    ]


def test_an_object_that_changes_while_it_is_read_is_no_mixture(s3: S3, path: ObjectPath) -> None:
    file = ObjectFile(path)
    s3.put("a.CR2", DATA[::-1])
    file.seek(2 * BLOCK)
    with pytest.raises(ChangedError, match="changed while it was read"):
        file.read(4)


def test_an_empty_object_is_an_empty_file(s3: S3) -> None:
    s3.put("empty.CR2", b"")
    with open_file(named(s3.url("empty.CR2"))) as file:
        assert (file.length, file.read(0, 10)) == (0, b"")
