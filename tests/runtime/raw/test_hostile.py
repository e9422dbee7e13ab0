"""Mutated files: each is read, or refused in one sentence; nothing crashes, and nothing else is raised."""

import dataclasses
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from autohdr_train.scenes import BODIES, expose, random_scene, write_dng

FUZZ = """
import random, sys
from pathlib import Path
from autohdr.errors import RawError
from autohdr.raw.decode import decode, open_decoder
from autohdr.raw.prepare import prepare_frame
from autohdr.spec import InputSpec

folder, name = Path(sys.argv[1]), sys.argv[2]
rng, decoder, spec = random.Random(1), open_decoder(name), InputSpec(size=16)
originals = [path.read_bytes() for path in sorted(folder.glob("*.dng"))]
read = refused = 0
for case in range(400):
    data = bytearray(rng.choice(originals))
    if rng.random() < 0.2:
        del data[rng.randrange(1, len(data)):]
    for _ in range(rng.choice((0, 1, 2, 8))):
        place = rng.randrange(min(len(data), 1024))
        data[place:place + 4] = rng.choice((b"\\0" * 4, b"\\xff" * 4, b"\\xff\\xff\\xff\\x7f", rng.randbytes(1)))
    (folder / "case").write_bytes(data)
    try:
        pixels = prepare_frame(decode(folder / "case", decoder), spec)
        assert pixels.shape == (3, 16, 16)
        read += 1
    except RawError as error:
        assert str(folder / "case") in str(error) and "\\n" not in str(error), error
        refused += 1
print(read, refused)
"""


@pytest.mark.parametrize("decoder", ["auto", "libraw"])
def test_a_mutated_file_is_read_or_refused_in_one_sentence(tmp_path: Path, decoder: str) -> None:
    """In a process of its own, which a decoder's crash would end."""
    rng = np.random.default_rng(0)
    for phase in ("RGGB", "X-Trans", "linear"):
        body = dataclasses.replace(BODIES[0], phase=phase)
        frame = expose(random_scene(rng, (48, 72)), body, 1.0, rng)
        for compression in ("none", "ljpeg"):
            write_dng(tmp_path / f"{phase} {compression}.dng", frame, body, compression=compression)
    done = subprocess.run(
        [sys.executable, "-c", FUZZ, str(tmp_path), decoder], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-2000:]
    read, refused = map(int, done.stdout.split())
    assert read > 50
    assert refused > 50
