"""From RAW file to network input, one file on one thread: ours beside what people use today.

- `seed`: rawpy's full development as the AutoHDR seed used it (demosaic, 8 bits, auto-brightness), resized to 224.
- `half_size`: the same at half size, rawpy's own short cut.
- `libraw`, `flashraw`: our decoders with our kernels.
- `preview`: the picture that the camera put into the file, prepared by us.

Each reads its file itself, from the system's cache where it lies there.
"""

import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autohdr.errors import RawError
from autohdr.raw.binning import bin_planes
from autohdr.raw.prepare import prepare_frame, prepare_photo
from autohdr.spec import InputSpec
from autohdr_bench import scaling
from autohdr_bench.files import TINY, write_photos
from autohdr_bench.memory import in_flight
from autohdr_bench.photo import Photo
from autohdr_bench.results import FileTimings, Report, timing_row
from autohdr_bench.timing import Timing, in_turn, ratio

SPEC = InputSpec()
PREVIEW = InputSpec(source="preview")
NAMES = ("seed", "half_size", "libraw", "flashraw", "preview")
BASELINE = "seed"
_UNPACK, _AFTER = "unpack", "after decoding"


@dataclass(frozen=True, slots=True)
class PrepareTimings:
    """One file, by candidate, and what its preparation is made of."""

    whole: FileTimings
    """RAW to network input."""
    unpack: Timing
    """LibRaw's decoding of the file's bytes."""
    after: Timing
    """What follows, from sensor data to network input."""
    memory: dict[str, float | None]
    """Of one photo in flight, by decoder; a multiple of the mosaic and the file."""

    @property
    def share(self) -> float:
        """Of what follows decoding, relative to LibRaw's decoding."""
        return ratio(self.after, self.unpack)

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON."""
        return {
            **self.whole.to_dict(),
            "libraw_decoding": timing_row(self.unpack),
            "after_decoding": {**timing_row(self.after), "of_libraw_decoding": round(self.share, 4)},
            "memory_in_flight": {
                name: None if times is None else round(times, 2) for name, times in self.memory.items()
            },
        }

    def lines(self) -> list[str]:
        """Text."""
        cells = [f"{name} {'-' if times is None else f'{times:.2f}x'}" for name, times in self.memory.items()]
        return [
            *self.whole.lines(),
            f"  after decoding {self.after.median * 1e3:.1f} ms, {self.share:.1%} of LibRaw's decoding",
            f"  memory in flight, of mosaic and file: {', '.join(cells)}",
        ]


def bench(photos: Sequence[Photo], left_out: Sequence[str], *, repeats: int, threads: int) -> Report:
    """Times each photo, `repeats` rounds, then all of them on 1 thread up to `threads`."""
    with TemporaryDirectory() as folder:
        tiny = write_photos(Path(folder), TINY)
        files = [measure(photo, tiny, repeats=repeats) for photo in photos]
    threaded = scaling.measure(photos, threads=threads, repeats=repeats)
    return Report(BASELINE, repeats, files, left_out, {"scaling": threaded.to_dict()}, threaded.lines())


def measure(photo: Photo, tiny: Sequence[Path], *, repeats: int) -> PrepareTimings:
    """Measures one file; `tiny` as in `in_flight`."""
    frame = photo.decoders["libraw"].decode(data := photo.path.read_bytes(), photo.path)
    candidates: dict[str, Callable[[], object]] = {
        "seed": partial(developed, photo.path, half_size=False),
        "half_size": partial(developed, photo.path, half_size=True),
        **{name: partial(prepare_photo, photo.path, SPEC, decoder) for name, decoder in photo.decoders.items()},
        **({"preview": partial(prepare_photo, photo.path, PREVIEW)} if _has_preview(photo.path) else {}),
        _UNPACK: partial(photo.decoders["libraw"].decode, data, photo.path),
        _AFTER: partial(prepare_frame, frame, SPEC),
    }
    timings = in_turn(candidates, repeats=repeats)
    unpack, after = timings.pop(_UNPACK), timings.pop(_AFTER)
    memory = {name: in_flight(photo, name, tiny) for name in photo.decoders}
    return PrepareTimings(FileTimings(photo, timings, NAMES, BASELINE), unpack, after, memory)


def developed(path: Path, *, half_size: bool) -> NDArray[np.float32]:
    """The seed's input (224, 224, 3): rawpy's picture, 8 bits, resized by area with our own kernel."""
    import rawpy  # after autohdr, which has it loaded with one OpenMP thread

    with rawpy.imread(io.BytesIO(path.read_bytes())) as raw:
        picture = raw.postprocess(use_camera_wb=True, half_size=half_size)
    small: NDArray[np.float32] = bin_planes(picture.astype(np.uint16), np.full(3, 255, np.uint16), SPEC.size)
    return ((small / 255 - 0.5) / 0.5).astype(np.float32)


def _has_preview(path: Path) -> bool:
    """Whether it has one that is large enough."""
    try:
        prepare_photo(path, PREVIEW)
    except RawError:
        return False
    return True
