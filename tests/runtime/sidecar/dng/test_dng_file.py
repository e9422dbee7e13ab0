"""The block that is appended is as long as was reckoned, and names the packet behind its directory."""

from pathlib import Path

import pytest

from autohdr.files.changing.inplace import open_file
from autohdr.sidecar.dng.dng_file import DngFile
from autohdr.tiff import Tiff
from tests.runtime.sidecar.dngs import packet, tiff


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("before", [None, packet()])
def test_a_block_is_as_long_as_was_reckoned(tmp_path: Path, order: str, before: bytes | None) -> None:
    path = tmp_path / "a.dng"
    path.write_bytes(tiff(order, before) if before is not None else tiff(order))
    with open_file(path) as file:
        dng = DngFile.find(path, file)
        assert dng is not None
        block = dng.block(packet(), 0)
        assert len(block) == dng.block_size(packet())
        entry = Tiff(lambda start, size: block[start : start + size], order, 0).directory(0).find(700)
        assert entry is not None
        assert int.from_bytes(entry.field, "little" if order == "<" else "big") == len(block) - len(packet())
    assert block.endswith(packet())
