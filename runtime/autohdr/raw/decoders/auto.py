"""`--decoder auto`: the fast decoder where it was seen to read what LibRaw reads, else LibRaw.

Which of the two reads a file follows from that file alone: no photo's label depends on what else is in a run. Forms of
storage that were compared on real files, sample by sample, are the fast decoder's. Files of other forms go through
both, and are LibRaw's where the two differ. What one of them does not know goes to the other. What one of them finds
incomplete is refused: the other would fill up what is missing. So is a file for which LibRaw is needed and does not
answer, be it for want of time.
"""

import logging
import threading
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from autohdr.errors import IncompleteError, RawError
from autohdr.raw.decoders.base import Decoder, NoAnswerError, is_failure
from autohdr.raw.frame import RawFrame

BLACK_TOLERANCE = 1.0
"""Levels: both measure black from masked pixels, and round."""
TOLERANCE = 1e-3
"""Relative, of white balance and matrix: files hold them as fractions of many forms."""

_LOG = logging.getLogger(__name__)


VERIFIED = frozenset(
    {
        *(
            "DNG uncompressed",
            "DNG lossless-jpeg",
            "DNG lossy-jpeg",
            "CR2 lossless-jpeg",
            "CRW canon-crw",
            "ARW sony-arw2",
        ),
        *("NEF uncompressed planes", "KDC other", "other kodak-ycbcr planes"),
    }
)
"""Format, compression, and whether they are planes (of DNGs both are), of real
files that both read alike, lossy ones but for the rounding of their transform; the tests compare them again."""


class AutoDecoder:
    """Two decoders as one."""

    name = "auto"

    def __init__(self, fast: Decoder, judge: Decoder) -> None:
        self._fast = fast
        self._judge = judge
        self._told: set[str] = set()
        """Kinds whose difference was told of. It decides nothing."""
        self._lock = threading.Lock()

    def decode(self, data: bytes, path: Path) -> RawFrame:
        """See `Decoder.decode`."""
        try:
            fast = self._fast.decode(data, path)
        except IncompleteError:
            raise
        except RawError as refused:
            return self._judged(data, path, refused)
        except BaseException as error:  # a bug of its own
            if not is_failure(error):
                raise
            reason = f"{self._fast.name} failed: {type(error).__name__}: {error}"
            return self._judged(data, path, RawError(f"{path}: {reason}; copy it from the card again, or report it"))
        if form(fast) in VERIFIED:
            return fast
        try:
            judged = self._judge.decode(data, path)
        except (IncompleteError, NoAnswerError):
            raise
        except RawError:
            return fast
        differing = differences(fast, judged)
        if differing:
            self._tell(fast.kind, differing, path)
        return judged if differing else fast

    def decode_alone(self, data: bytes, path: Path) -> RawFrame | None:
        """See `Alone.decode_alone`."""
        fast = self._fast.decode(data, path)
        return fast if form(fast) in VERIFIED else None

    def _judged(self, data: bytes, path: Path, refused: RawError) -> RawFrame:
        """The judge's frame; where it does not know the file either, the fast one's reason, which says more."""
        try:
            return self._judge.decode(data, path)
        except (IncompleteError, NoAnswerError):
            raise
        except RawError as error:
            raise refused from error

    def _tell(self, kind: str, differing: list[str], path: Path) -> None:
        """Warns once of each kind that the two read differently."""
        with self._lock:
            if kind in self._told:
                return
            self._told.add(kind)
        _LOG.warning(
            "%s: %s and %s differ in %s; this photo is read by %s, as are others of its kind (%s) where the two differ",
            path,
            self._fast.name,
            self._judge.name,
            ", ".join(differing),
            self._judge.name,
            kind,
        )


def form(frame: RawFrame) -> str:
    """An entry of `VERIFIED`: what a kind says between the camera and the bits, and how the samples lie."""
    stored = frame.kind.rpartition(", ")[2].rsplit(" ", 2)[0]
    return stored if frame.pattern is not None or stored.startswith("DNG ") else f"{stored} planes"


def differences(one: RawFrame, other: RawFrame) -> list[str]:
    """Names of the fields in which two descriptions of one file differ by more than rounding."""
    found = []
    if not np.array_equal(one.data, other.data):  # of another shape where their crops differ
        found.append("data")
    if not _same_filter(one.pattern, other.pattern):
        found.append("pattern")
    if not np.allclose(one.black[:3], other.black[:3], rtol=0, atol=BLACK_TOLERANCE):
        found.append("black")
    if not np.array_equal(one.white[:3], other.white[:3]):
        found.append("white")
    for name in ("white_balance", "matrix"):
        mine, others = getattr(one, name), getattr(other, name)
        if mine.shape != others.shape or not np.allclose(mine, others, rtol=TOLERANCE, atol=TOLERANCE):
            found.append(name)
    if one.flip != other.flip:
        found.append("flip")
    if one.exposure != other.exposure:
        found.append("exposure")
    return found


def _same_filter(one: NDArray[np.uint8] | None, other: NDArray[np.uint8] | None) -> bool:
    """Whether two cells, which may be of different size, make the same filter; both greens count as green."""
    if one is None or other is None:
        return one is other
    size = np.lcm(one.shape, other.shape)
    mine, others = (np.tile(cell, np.floor_divide(size, cell.shape)) for cell in (one, other))
    return np.array_equal(np.where(mine == 3, 1, mine), np.where(others == 3, 1, others))
