"""From RAW file to network input, one file on one thread: ours beside what people use today.

- `seed`: rawpy's full development as the AutoHDR seed used it (demosaic, 8 bits, auto-brightness), resized to 224.
- `half_size`: the same at half size, rawpy's own short cut.
- `libraw`, `flashraw`: our decoders with our kernels.
"""

import io
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autohdr.errors import RawError
from autohdr.raw.binning import bin_planes
from autohdr.raw.decode import decode, open_decoder
from autohdr.raw.decoders import flashraw
from autohdr.raw.decoders.base import Decoder
from autohdr.raw.prepare import prepare_frame
from autohdr.spec import InputSpec
from autohdr_bench.timing import Timing, in_turn, ratio

SPEC = InputSpec()
BASELINE = "seed"


@dataclass(frozen=True, slots=True)
class FileTimings:
    """One file, by candidate."""

    path: Path
    megapixels: float
    decode: dict[str, Timing]
    """Decoding alone, by decoder."""
    prepare: dict[str, Timing]
    """RAW to tensor, by candidate."""

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON: medians in milliseconds, spread, and how many times as fast as the seed's recipe."""
        return {
            "file": self.path.name,
            "megapixels": round(self.megapixels, 1),
            "decode": {name: _row(timing, self.decode["libraw"]) for name, timing in self.decode.items()},
            "prepare": {name: _row(timing, self.prepare[BASELINE]) for name, timing in self.prepare.items()},
        }


def measure(path: Path, *, repeats: int) -> FileTimings:
    """Time one file.

    Raises:
        RawError: LibRaw or our own code cannot read it.
    """
    judge = open_decoder("libraw")
    frame = decode(path, judge)
    decoders = {"libraw": judge}
    if flashraw.installed() and _decodes(path):
        decoders["flashraw"] = open_decoder("flashraw")
    data = path.read_bytes()
    decoding: dict[str, Callable[[], object]] = {
        name: partial(decoder.decode, data, path) for name, decoder in decoders.items()
    }
    preparing: dict[str, Callable[[], object]] = {
        BASELINE: partial(developed, data, half_size=False),
        "half_size": partial(developed, data, half_size=True),
        **{name: partial(_prepared, decoder, data, path) for name, decoder in decoders.items()},
    }
    megapixels = frame.data.shape[0] * frame.data.shape[1] / 1e6
    return FileTimings(path, megapixels, in_turn(decoding, repeats=repeats), in_turn(preparing, repeats=repeats))


def developed(data: bytes, *, half_size: bool) -> NDArray[np.float32]:
    """The seed's input (224, 224, 3): rawpy's picture, 8 bits, resized by area with our own kernel."""
    import rawpy  # after autohdr, which has it loaded with one OpenMP thread

    with rawpy.imread(io.BytesIO(data)) as raw:
        picture = raw.postprocess(use_camera_wb=True, half_size=half_size)
    small: NDArray[np.float32] = bin_planes(picture.astype(np.uint16), np.full(3, 255, np.uint16), SPEC.size)
    return ((small / 255 - 0.5) / 0.5).astype(np.float32)


def _prepared(decoder: Decoder, data: bytes, path: Path) -> NDArray[np.float32]:
    return prepare_frame(decoder.decode(data, path), SPEC)


def table(timings: list[FileTimings]) -> str:
    """One line a file: megapixels a second that decoding reached, and milliseconds from RAW to tensor."""
    names = [BASELINE, "half_size", "libraw", "flashraw"]
    lines = [f"{'':44}{'MP':>5}" + "".join(f"{name:>18}" for name in names) + f"{'flashraw/libraw':>18}"]
    for file in timings:
        cells = []
        for name in names:
            timing = file.prepare.get(name)
            faster = f"{ratio(file.prepare[BASELINE], timing):.1f}x" if timing else ""
            cells.append(f"{timing.median * 1e3:.0f} ms {faster:>6}" if timing else "-")
        decoding = file.decode.get("flashraw")
        gain = f"{ratio(file.decode['libraw'], decoding):.1f}x decode" if decoding else "-"
        lines.append(
            f"{file.path.name[:43]:44}{file.megapixels:5.1f}" + "".join(f"{c:>18}" for c in cells) + f"{gain:>18}"
        )
    return "\n".join(lines)


def _decodes(path: Path) -> bool:
    try:
        decode(path, open_decoder("flashraw"))
    except RawError:
        return False
    return True


def _row(timing: Timing, baseline: Timing) -> dict[str, float]:
    return {
        "ms": round(timing.median * 1e3, 3),
        "spread": round(timing.spread, 4),
        "times_as_fast": round(ratio(baseline, timing), 2),
    }
