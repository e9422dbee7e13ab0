"""A photo on its way through the stages of a run, and the results of those that are left alone or fail."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from autohdr.codes import Code
from autohdr.errors import AutohdrError
from autohdr.raw.content import Content
from autohdr.raw.frame import WhiteBalanceSource
from autohdr.run.results.report import InSeries, Result
from autohdr.run.state.journal import Skipped, Stamp
from autohdr.series.glance import Glance
from autohdr.shot.shot import NOTHING, Shot
from autohdr.sidecar import Looked
from autohdr.sidecar.xmp.values import Value
from autohdr.style.confidence.reason import Reason
from autohdr.style.predict import Answer
from autohdr.style.view import View

if TYPE_CHECKING:
    from autohdr.review.page_maker import Seen


@dataclass(frozen=True, slots=True)
class Photo:
    """A photo on its way through the stages.

    Once it has ended, the stages behind let it pass. Where the run stops, it goes on with nothing to show, and nothing
    comes of it.
    """

    path: Path
    stamp: Stamp | None = None
    """What its file was known by before it was read."""
    shot: Shot = NOTHING
    """What its file says beside pixels."""
    begins: bool = False
    """Whether its name is one before which photos without a pause are divided."""
    block: int = 1
    """How many photos its block has (`autohdr.series.find.blocks`)."""
    behind: int = 0
    """How many of them come after it."""
    finished: Result | None = None
    """What came of it in an earlier run, where it is answered for again because others of its series are not done."""
    data: Content | None = None
    """What the file holds, until it is decoded."""
    decoder: str | None = None
    white_balance: WhiteBalanceSource | None = None
    seconds: float | None = None
    """What decoding and preparing it took."""
    pixels: NDArray[np.float32] | None = None
    """(3, size, size), until it is labelled."""
    brightness: float | None = None
    """The photo's brightness, as `Prepared.brightness` has it."""
    glance: Glance | None = None
    """What the photo shows at a glance, where others of its block are to be compared with it."""
    seen: "Seen | AutohdrError | None" = None
    """What a page's pictures are made of, where there is a page; or why it cannot show the photo."""
    key: bytes | None = None
    """The key under which what is found in the photo's file is kept, as the file was before it was read."""
    view: View | None = None
    """What its label goes by, where it was found before, or is found now."""
    answer: Answer | None = None
    """What was predicted for it: for it alone, until the labels of its series have been made to agree."""
    sliders: dict[str, float] | None = None
    also: Mapping[str, Value] = field(default_factory=dict)
    """What is written beside the sliders and the mode, value by `crs` name."""
    note: str | None = None
    """What to know of it, one sentence."""
    errors: dict[str, float] | None = None
    """Mean absolute error that is to be expected of each slider; None where there is no style."""
    difference: float | None = None
    """L* by which its picture may be expected to differ from the photographer's own, where errors are expected."""
    why: Reason | None = None
    """Which edits its label goes by; None where there is no style."""
    series: InSeries | None = None
    looked: Looked | None = None
    """The photo's settings as they were before it was read, where they are not too large to be kept so long."""
    ended: Result | None = None
    skipped: Skipped | None = None
    """What is to be noted of one that was left alone."""

    @property
    def is_known(self) -> bool:
        """Whether all was found before that its label goes by, so that it is neither read nor decoded."""
        return self.view is not None and (self.block == 1 or self.glance is not None)

    def over(self, error: Exception) -> "Photo":
        """The photo after an error: it has failed, or is as an earlier run has finished it."""
        ended = self.finished or failed(self.path, error)
        return Photo(self.path, shot=self.shot, block=self.block, behind=self.behind, ended=ended)


def failed(path: Path, error: Exception) -> Result:
    """The result of a photo that failed. One bad file never stops the others, not even through a bug of ours; but then
    it is called a bug.
    """
    if isinstance(error, AutohdrError):
        return Result(path, "failed", error.code, reason=str(error))
    reason = f"{path}: {type(error).__name__}: {error}; this is a bug, please report it"
    return Result(path, "failed", Code.BUG, reason=reason)


def skipped(path: Path, sidecar: Path, code: Code, reason: str) -> Result:
    """The result of a photo that is left alone."""
    return Result(path, "skipped", code, sidecar=sidecar, reason=reason)
