"""A process that dies at any step of writing into a DNG, or of taking that back, leaves a whole file."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import tifffile

from autohdr.sidecar.dng.embedded import read_embedded, restore_embedded, write_embedded
from tests.runtime.sidecar.dngs import SAMPLES, packet, tiff

CHILD = """
import os, sys
from pathlib import Path
from autohdr.files.changing import inplace
from autohdr.sidecar.dng import embedded

path, data, left = Path(sys.argv[1]), sys.stdin.buffer.read(), int(sys.argv[3])

def step():
    global left
    left -= 1
    return left == 0

def dies_before(call):
    def wrapped(*arguments):
        if step():
            os._exit(9)
        return call(*arguments)
    return wrapped

def torn(call):
    def wrapped(self, start, data):
        # Four bytes in one sector are written whole or not at all.
        if len(data) > 4 and step():
            self.file.seek(start)
            self.file.write(data[: len(data) // 2])
            os._exit(9)
        call(self, start, data)
    return wrapped

for place, name in ((os, "fsync"), (os, "replace"), (Path, "replace"), (Path, "unlink"), (inplace.OpenFile, "cut")):
    setattr(place, name, dies_before(getattr(place, name)))
inplace.OpenFile.put = dies_before(torn(inplace.OpenFile.put))
if sys.argv[2] == "undo":
    embedded.restore_embedded(path)
else:
    embedded.write_embedded(path, data)
"""
ORIGINAL = tiff(xmp=packet("-1.00"), odd=True)
NEW = packet("+0.99", 100)


def dies(path: Path, what: str, step: int) -> bool:
    """Whether a child process came to that step of its work, where it dies."""
    command = [sys.executable, "-c", CHILD, str(path), what, str(step)]
    done = subprocess.run(command, input=NEW, capture_output=True, check=False)
    assert done.returncode in (0, 9), done.stderr.decode()
    return done.returncode == 9


@pytest.mark.parametrize(("what", "earlier"), [("write", 0), ("write", 1), ("write", 2), ("undo", 1), ("undo", 2)])
def test_the_packet_is_the_old_one_or_the_new_one_and_all_can_be_undone(
    tmp_path: Path, what: str, earlier: int
) -> None:
    old = packet(f"+0.1{earlier}") if earlier else packet("-1.00")
    new = packet("-1.00") if what == "undo" else NEW
    seen = set()
    for step in range(1, 100):
        folder = tmp_path / str(step)
        folder.mkdir()
        path = folder / "IMG_1.dng"
        path.write_bytes(ORIGINAL)
        for index in range(1, earlier + 1):
            write_embedded(path, packet(f"+0.1{index}"))
        died = dies(path, what, step)
        found = read_embedded(path)
        assert found in (old, new)
        seen.add(found)
        assert tifffile.imread(path).tolist() == SAMPLES.tolist()
        assert path.read_bytes()[8 : len(ORIGINAL)] == ORIGINAL[8:]
        all_goes_on(folder, tmp_path / f"{step} again")
        if not died:
            break
    assert seen == {old, new}
    assert step > 5


def all_goes_on(folder: Path, again: Path) -> None:
    """From what a crash left, undo brings back the first bytes, and so it does after another writing."""
    shutil.copytree(folder, again)
    for path in (folder / "IMG_1.dng", again / "IMG_1.dng"):
        if path.parent == again:
            write_embedded(path, packet("+0.33"))
            assert read_embedded(path) == packet("+0.33")
            assert path.stat().st_size < len(ORIGINAL) + 4 * len(NEW)
        restore_embedded(path)
        assert path.read_bytes() == ORIGINAL
        left = {other.name for other in path.parent.iterdir() if other.suffix != ".tmp"}
        assert left == {"IMG_1.dng"}
