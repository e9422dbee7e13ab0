"""Files that a copy left unfinished are refused, and whole ones never are."""

import os
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from autohdr.errors import IncompleteError, RawError
from autohdr.raw.decode import decode, open_decoder
from autohdr.raw.decoders.base import Decoder
from autohdr.raw.whole import refuse_incomplete
from autohdr_scenes import Procedural, shots, write_dng

RAWS = Path(os.environ.get("AUTOHDR_SHARED", Path(__file__).resolve().parents[3].parent / "shared")) / "raws"
REAL = sorted(path for path in RAWS.glob("*.*") if path.suffix != ".md")


@pytest.fixture(scope="module", params=["auto", "libraw"])
def decoder(request: pytest.FixtureRequest) -> Decoder:
    return open_decoder(request.param)


@pytest.mark.skipif(not REAL, reason=f"no real RAW files in {RAWS}; set AUTOHDR_SHARED")
@pytest.mark.parametrize("path", REAL, ids=lambda path: path.name)
def test_real_files_are_whole_and_their_halves_are_not(path: Path, decoder: Decoder) -> None:
    """Labelled without a word before: Exposure +4.89 for a scan whose second half was zeros."""
    data = path.read_bytes()
    if decoder.name == "libraw" and path.name.startswith("adobe_14"):
        pytest.skip("LibRaw alone does not read floating-point samples")
    decode(path, decoder, data)
    if decoder.name == "libraw" and path.name.endswith("sample3.dng"):
        pytest.xfail("more of this picture is blown than is missing, and LibRaw makes no flat area of the rest")
    for share in (0.5, 0.9):
        kept = int(share * len(data))
        with pytest.raises(RawError):
            decode(path, decoder, data[:kept] + bytes(len(data) - kept))


def test_a_hole_is_refused(tmp_path: Path, decoder: Decoder) -> None:
    path = tmp_path / "IMG_1.dng"
    photo = next(shots(Procedural(), 1, seed=1))
    write_dng(path, photo.frame, photo.camera, compression="none")
    data = bytearray(path.read_bytes())
    decode(path, decoder, bytes(data))
    at = len(data) // 3
    data[at : at + len(data) // 5] = bytes(len(data) // 5)
    with pytest.raises(IncompleteError, match=r"IMG_1\.dng: .*missing.*copy it from the card again"):
        decode(path, decoder, bytes(data))


@pytest.mark.parametrize("black", [0.0, 256.0])
def test_dark_and_blown_pictures_are_whole(tmp_path: Path, decoder: Decoder, black: float) -> None:
    path = tmp_path / "IMG_1.dng"
    photo = next(shots(Procedural(), 1, seed=1))
    write_dng(path, photo.frame, photo.camera)
    frame = decode(path, decoder)
    noise = np.random.default_rng(0).normal(black, 2.0, frame.data.shape).clip(0).astype(np.uint16)
    for data in (noise, np.maximum(noise, 4095)):
        dull = replace(frame, data=data, black=np.full(4, black), white=np.full(4, 4095.0))
        refuse_incomplete(data.tobytes(), dull, path)
