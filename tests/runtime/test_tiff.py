import struct
from math import isnan
from pathlib import Path

import pytest
import tifffile

from autohdr.tiff import Entry, Tiff


def opened(data: bytes) -> Tiff:
    tiff = Tiff.open(lambda start, size: data[start : start + size])
    assert tiff is not None
    return tiff


def made(order: str, *entries: tuple[int, int, int, bytes], behind: bytes = b"") -> bytes:
    """A file of one directory; `behind` stands right behind it."""
    rows = b"".join(struct.pack(f"{order}HHI4s", *entry) for entry in entries)
    mark = b"II*\0" if order == "<" else b"MM\0*"
    return mark + struct.pack(f"{order}IH", 8, len(entries)) + rows + b"\0\0\0\0" + behind


@pytest.mark.parametrize("order", ["<", ">"])
def test_values_stand_in_the_entry_or_where_it_says(order: str) -> None:
    short = struct.pack(f"{order}HH", 7, 9)
    far = struct.pack(f"{order}I", 8 + 2 + 24 + 4)
    tiff = opened(made(order, (1, 3, 2, short), (2, 10, 2, far), behind=struct.pack(f"{order}4i", -1, 4, 5, 0)))
    directory = tiff.directory(tiff.first)
    assert directory.following == 0
    assert tiff.numbers(directory.find(1), 9) == (7, 9)
    quarter, nothing = tiff.numbers(directory.find(2), 9)
    assert quarter == -0.25
    assert isnan(nothing)


def test_what_is_missing_too_many_unknown_or_cut_off_has_no_numbers() -> None:
    far = struct.pack("<I", 1000)
    tiff = opened(made("<", (1, 3, 2, b"\1\0\2\0"), (2, 4, 2, far), (3, 99, 1, far), (4, 4, 0xFFFFFFFF, far)))
    directory = tiff.directory(tiff.first)
    assert tiff.numbers(directory.find(1), 1) == ()
    assert [tiff.numbers(directory.find(tag), 1 << 40) for tag in (2, 3, 4, 5)] == [(), (), (), ()]


def test_a_directory_that_is_cut_off_keeps_its_first_entries_and_says_so() -> None:
    whole = made("<", (1, 3, 1, b"\1\0\0\0"), (2, 3, 1, b"\2\0\0\0"))
    for end in range(8, len(whole)):
        directory = opened(whole[:end]).directory(8)
        assert directory.following is None
        assert [entry.tag for entry in directory.entries] == [1, 2][: max(0, end - 10) // 12]


def test_a_directory_is_packed_as_it_stands() -> None:
    for order in "<>":
        data = made(order, (1, 3, 1, b"\1\0\0\0"), (2, 7, 4, b"abcd"))
        tiff = opened(data)
        assert tiff.packed(tiff.directory(8)) == data[8:]


@pytest.mark.parametrize("data", [b"", b"II*\0\10\0\0", b"II+\0\10\0\0\0", b"II\0*\0\0\0\10", b"\xff\xd8\xff\xe0 JPEG"])
def test_other_files_are_no_tiff_files(data: bytes) -> None:
    assert Tiff.open(lambda start, size: data[start : start + size]) is None


def test_real_directories_are_what_tifffile_reads(shared_raws: Path) -> None:
    for path in sorted(shared_raws.glob("*.dng")):
        tiff = opened(path.read_bytes())
        with tifffile.TiffFile(path) as other:
            tags = {(tag.code, int(tag.dtype), tag.count) for tag in other.pages.first.tags}
        entries: tuple[Entry, ...] = tiff.directory(tiff.first).entries
        assert {(entry.tag, entry.kind, entry.length) for entry in entries} == tags
