"""What no XMP can be put into, and what goes wrong on the way: one sentence, and the file is as it was."""

import errno
import os
import random
import stat
import struct
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from types import SimpleNamespace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from autohdr import AutohdrError, FileError, SidecarError
from autohdr.files.changing.inplace import OpenFile
from autohdr.sidecar.dng.embedded import read_embedded, restore_embedded, write_embedded
from tests.runtime.raw.forge import mutated
from tests.runtime.sidecar.dngs import HEAD, SAMPLES, packet, tiff

FIRST = HEAD + 2 * SAMPLES.size
"""Where the directory stands in `tiff()`, whose entries follow its count."""


def forged(tag: int, *, kind: int | None = None, length: int | None = None, field: int | None = None) -> bytes:
    """`tiff()` with one of a tag's fields overwritten."""
    data = bytearray(tiff(xmp=packet()))
    (count,) = struct.unpack_from("<H", data, FIRST)
    place = next(
        place
        for place in range(FIRST + 2, FIRST + 2 + 12 * count, 12)
        if struct.unpack_from("<H", data, place) == (tag,)
    )
    for offset, form, value in ((2, "<H", kind), (4, "<I", length), (8, "<I", field)):
        if value is not None:
            struct.pack_into(form, data, place + offset, value)
    return bytes(data)


def head(order: str, magic: bytes, offset: int) -> bytes:
    return magic + struct.pack(f"{order}I", offset) + tiff()[8:]


def loop() -> bytes:
    data = bytearray(tiff())
    struct.pack_into("<I", data, FIRST + 2 + 12 * struct.unpack_from("<H", data, FIRST)[0], FIRST)
    return bytes(data)


def two_packets() -> bytes:
    data = bytearray(forged(700))
    place = data.index(struct.pack("<HH", 279, 3))
    data[place : place + 12] = data[(other := data.index(struct.pack("<HH", 700, 1))) : other + 12]
    return bytes(data)


HOSTILE = {
    "a directory behind the end": (head("<", b"II*\0", 1 << 30), "a directory is cut off"),
    "65535 entries": (tiff()[:FIRST] + b"\xff\xff" + tiff()[FIRST + 2 :], "a directory is cut off"),
    "5000 entries": (
        tiff()[:FIRST] + struct.pack("<H", 5000) + tiff()[FIRST + 2 :] + b"\0" * 60_000,
        "has 5000 entries",
    ),
    "a packet behind the end": (forged(700, field=1 << 30), "a tag's values would lie behind the end of the file"),
    "a packet of 4 GB": (forged(700, length=0xFFFFFFFF), "a tag's values would lie behind the end of the file"),
    "a packet of fractions": (forged(700, kind=5, length=10), "type 5, not of bytes"),
    "a value behind the end": (
        forged(256, length=100, field=0xFFFFFFFF),
        "a tag's values would lie behind the end of the file",
    ),
    "a strip behind the end": (forged(273, kind=4, field=1 << 20), "a picture would lie behind the end of the file"),
    "a directory that follows itself": (loop(), "lead back to the first"),
    "a directory in itself": (
        forged(262, kind=4).replace(struct.pack("<HHII", 262, 4, 1, 34892), struct.pack("<HHII", 330, 4, 1, FIRST)),
        "lead back to the first",
    ),
    "too many parts": (forged(279, length=0x7FFFFFFF), "a tag's values would lie behind the end of the file"),
    "two packets": (two_packets(), "XMP twice"),
    "a BigTIFF": (head("<", b"II+\0", 8), "is a BigTIFF file"),
    "no DNG": (tiff().replace(struct.pack("<H", 50706), struct.pack("<H", 50700)), "is no DNG file"),
    "no TIFF": (b"no TIFF", "is no DNG file"),
    "nothing": (b"", "is no DNG file"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_file_that_is_damaged_or_of_another_kind_is_refused(tmp_path: Path, name: str) -> None:
    data, reason = HOSTILE[name]
    path = tmp_path / "IMG_1.dng"
    path.write_bytes(data)
    with pytest.raises(SidecarError, match=rf"IMG_1\.dng .*{reason}.*[^.]$"):
        write_embedded(path, packet())
    assert path.read_bytes() == data
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (forged(700, field=1 << 30), "its XMP would lie behind the end of the file"),
        (forged(700, length=0xFFFFFFFF), "its XMP has 4294967295 bytes"),
        (forged(700, kind=5, length=10), "its XMP is of TIFF's type 5, not of bytes"),
        (head("<", b"II*\0", 1 << 30), "a directory is cut off"),
        (head("<", b"II+\0", 8), "is a BigTIFF file"),
    ],
)
def test_damaged_xmp_is_not_taken_for_none(tmp_path: Path, data: bytes, reason: str) -> None:
    path = tmp_path / "IMG_1.dng"
    path.write_bytes(data)
    with pytest.raises(SidecarError, match=rf"IMG_1\.dng .*{reason}"):
        read_embedded(path)


@settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 1 << 32), order=st.sampled_from("<>"), xmp=st.sampled_from([None, packet()]))
def test_a_mutated_file_is_refused_or_comes_back_to_the_byte(
    tmp_path: Path, seed: int, order: str, xmp: bytes | None
) -> None:
    path = tmp_path / "IMG_1.dng"
    path.write_bytes(data := mutated(tiff(order, xmp), random.Random(seed)))
    with suppress(AutohdrError):
        read_embedded(path)
    with suppress(AutohdrError):
        write_embedded(path, packet("+0.99"))
        assert read_embedded(path) == packet("+0.99")
        assert restore_embedded(path)
    assert path.read_bytes() == data
    assert list(tmp_path.iterdir()) == [path]


@given(data=st.binary(max_size=100))
def test_bytes_of_any_kind_are_no_dng_or_refused(data: bytes, tmp_path_factory: pytest.TempPathFactory) -> None:
    path = tmp_path_factory.getbasetemp() / "any.dng"
    for magic in (b"", b"II*\0", b"MM\0*"):
        path.write_bytes(magic + data)
        with pytest.raises(SidecarError):
            write_embedded(path, packet())
        assert path.read_bytes() == magic + data


@pytest.mark.parametrize("data", [b"", b"<x/>", b"no XML", b"\0" * 10])
def test_what_is_no_xmp_is_not_written(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "IMG_1.dng"
    path.write_bytes(tiff())
    with pytest.raises(SidecarError, match=r"the XMP for .*IMG_1\.dng"):
        write_embedded(path, data)
    assert path.read_bytes() == tiff()


def test_a_file_of_4_gib_is_refused_before_it_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "IMG_1.dng"
    path.write_bytes(tiff())
    with path.open("r+b") as file:
        try:
            file.truncate((1 << 32) - 100)
        except OSError as error:
            pytest.skip(f"the file system of {tmp_path} has no room for 4 GiB of nothing: {error}")
    monkeypatch.setattr(OpenFile, "digest", None)
    with pytest.raises(SidecarError, match="ends at 4 GiB; write a sidecar with --no-embed"):
        write_embedded(path, packet())
    assert path.stat().st_size == (1 << 32) - 100
    path.unlink()


def test_a_file_marked_read_only_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "IMG_1.dng"
    path.write_bytes(tiff())
    path.chmod(0o444)
    with pytest.raises(FileError, match=r"IMG_1\.dng cannot be .*; .*run again$"):
        write_embedded(path, packet())
    assert path.read_bytes() == tiff()
    assert list(tmp_path.iterdir()) == [path]
    path.chmod(0o644)


def test_a_file_that_finder_has_locked_is_left_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "IMG_1.dng"
    path.write_bytes(tiff())
    locked = SimpleNamespace(st_mode=0o100644, st_flags=stat.UF_IMMUTABLE)
    monkeypatch.setattr(Path, "stat", lambda *_, **__: locked)
    with pytest.raises(FileError, match="it is locked"):
        write_embedded(path, packet())
    assert path.read_bytes() == tiff()


def test_a_file_of_two_names_is_left_alone_since_both_would_change(tmp_path: Path) -> None:
    path = tmp_path / "IMG_1.dng"
    path.write_bytes(tiff())
    try:
        os.link(path, tmp_path / "other.dng")
    except OSError as error:
        pytest.skip(f"the file system of {tmp_path} has no hard links: {error}")
    with pytest.raises(FileError, match=r"it is a hard link.*write a sidecar with --no-embed"):
        write_embedded(path, packet())
    assert path.read_bytes() == tiff()


@pytest.mark.skipif(os.name == "nt", reason="making links needs a privilege on Windows")
def test_a_symbolic_link_stays_one_and_what_undoes_it_stands_beside_the_file(tmp_path: Path) -> None:
    target = tmp_path / "elsewhere" / "real.dng"
    target.parent.mkdir()
    target.write_bytes(tiff())
    link = tmp_path / "IMG_1.dng"
    link.symlink_to(target)
    assert write_embedded(link, packet()) == target.with_name("real.dng_xmp_original")
    assert link.is_symlink()
    assert read_embedded(target) == packet()
    assert restore_embedded(link)
    assert target.read_bytes() == tiff()


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EIO])
@pytest.mark.parametrize("earlier", [0, 1, 2])
@pytest.mark.parametrize("failing", [1, 2, 3, 4])
def test_a_failing_disk_leaves_the_file_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, earlier: int, failing: int
) -> None:
    """The calls of fsync: for the kept original's file and folder, for the packet, for the offset that leads to it."""
    path = tmp_path / "IMG_1.dng"
    path.write_bytes(tiff())
    for index in range(earlier):
        write_embedded(path, packet(f"+0.1{index}"))
    before, length, beside = read_embedded(path), path.stat().st_size, len(list(tmp_path.iterdir()))
    monkeypatch.setattr(os, "fsync", fails(number, failing))
    if failing == 2 and hasattr(os, "O_DIRECTORY"):  # of the folder: network file systems cannot do it
        write_embedded(path, packet("+0.99"))
        return
    with pytest.raises(FileError, match=r"cannot be (changed|written) \(.*\); check the disk.*run again$"):
        write_embedded(path, packet("+0.99"))
    assert (read_embedded(path), path.stat().st_size) == (before, length)
    assert len(list(tmp_path.iterdir())) == beside
    assert restore_embedded(path) == (earlier > 0)
    assert path.read_bytes() == tiff()


def fails(number: int, failing: int) -> Callable[[int], None]:
    """What fails once, at that call."""
    fsync, calls = os.fsync, iter(range(1, 1000))

    def fail(descriptor: int) -> None:
        if next(calls) == failing:
            raise OSError(number, os.strerror(number))
        fsync(descriptor)

    return fail
