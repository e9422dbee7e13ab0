"""Checked files: what was written, or nothing."""

from pathlib import Path

import pytest

from autohdr.model.checked import read_checked, write_checked


@pytest.mark.parametrize("content", [b"", b"some kernels"])
def test_what_is_written_comes_back(tmp_path: Path, content: bytes) -> None:
    write_checked(tmp_path / "kept", content)
    assert read_checked(tmp_path / "kept") == content


def test_a_flipped_bit_or_a_lost_end_anywhere_is_nothing(tmp_path: Path) -> None:
    path = tmp_path / "kept"
    write_checked(path, b"some kernels")
    whole = path.read_bytes()
    for place in range(len(whole)):
        for damaged in (whole[:place], whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :]):
            path.write_bytes(damaged)
            assert read_checked(path) is None


def test_no_file_is_nothing(tmp_path: Path) -> None:
    assert read_checked(tmp_path / "none") is None
