"""`--decoder auto`: the fast decoder where it is installed and agrees with LibRaw, else LibRaw.

Trust, but verify: the first file of each kind in a run goes through both. A kind on which they differ is LibRaw's from
then on. What one of them does not know goes to the other. What one of them finds incomplete is refused: the other would
fill up what is missing.
"""

import logging
import threading
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from autohdr.errors import IncompleteError, RawError
from autohdr.raw.decoders.base import Decoder, is_failure
from autohdr.raw.frame import RawFrame

BLACK_TOLERANCE = 1.0
"""Levels: both measure black from masked pixels, and round."""
TOLERANCE = 1e-3
"""Relative, of white balance and matrix: files hold them as fractions of many forms."""

_LOG = logging.getLogger(__name__)


class AutoDecoder:
    """Two decoders as one. Each kind of file (see `RawFrame.kind`) is checked once by every instance."""

    name = "auto"

    def __init__(self, fast: Decoder, judge: Decoder) -> None:
        self._fast = fast
        self._judge = judge
        self._agreed: dict[str, bool] = {}
        """By kind. Where two threads check a new kind at once, one difference decides."""
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
        if self._agreed.get(fast.kind):
            return fast
        try:
            judged = self._judge.decode(data, path)
        except IncompleteError:
            raise
        except RawError:
            return fast
        return fast if self._verified(fast, judged, path) else judged

    def _judged(self, data: bytes, path: Path, refused: RawError) -> RawFrame:
        """The judge's frame; where it does not know the file either, the fast one's reason, which says more."""
        try:
            return self._judge.decode(data, path)
        except IncompleteError:
            raise
        except RawError as error:
            raise refused from error

    def _verified(self, fast: RawFrame, judged: RawFrame, path: Path) -> bool:
        """Whether this kind of file may be read by the fast one."""
        differing = [] if self._agreed.get(fast.kind) is False else differences(fast, judged)
        with self._lock:
            known = self._agreed.get(fast.kind)
            self._agreed[fast.kind] = agreed = known is not False and not differing
        if differing and known is not False:
            _LOG.warning(
                "%s: %s and %s differ in %s, so files of this kind (%s) are read by %s",
                path,
                self._fast.name,
                self._judge.name,
                ", ".join(differing),
                fast.kind,
                self._judge.name,
            )
        return agreed


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
