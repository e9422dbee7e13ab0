"""Learns a style from edits whose features are in memory: the one that `autohdr learn` makes of the same edits."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from autohdr.edits.left_out import LeftOut
from autohdr.edits.photos import LabelledPhoto, of_one_kind
from autohdr.mode import Mode
from autohdr.model.info import ModelFile
from autohdr.sliders import BALANCE, Slider, slider_of
from autohdr.style.confidence.scores import SliderScore
from autohdr.style.file import Style
from autohdr.style.learn import style_of
from autohdr.style.points import Seen, to_copy
from autohdr_studio.shoot.learnt.answers import descriptions
from autohdr_studio.shoot.photo import Photo
from autohdr_studio.shoot.prepared.store import Kept


@dataclass(frozen=True, slots=True, eq=False)
class Edits:
    """Holds the edits of a shoot that can be learnt from, sorted by path."""

    photos: tuple[Photo, ...]
    edits: tuple[LabelledPhoto, ...]
    kept: tuple[Kept, ...]
    left_out: tuple[LeftOut, ...]
    mode: Mode

    @classmethod
    def of(cls, photos: Sequence[Photo], others: Sequence[LeftOut] = ()) -> "Edits":
        """The edits among photos, of the mode that more of them have; excluded photos do not count. `others` are those
        that were asked for and are not among them."""
        counted = [photo for photo in photos if not photo.excluded and photo.standing.found is not None]
        by_path = {photo.path: photo for photo in counted}
        mode, found = of_one_kind([one for photo in counted if (one := photo.standing.found) is not None], (), None)
        left_out = [*(one for one in found if isinstance(one, LeftOut)), *others]
        edits = sorted((one for one in found if isinstance(one, LabelledPhoto)), key=lambda one: one.path)
        used = [(by_path[one.path], one, kept) for one in edits if (kept := by_path[one.path].seen) is not None]
        left_out += [_unread(by_path[one.path]) for one in edits if by_path[one.path].state == "failed"]
        columns = zip(*used, strict=True) if used else ((), (), ())
        mine, theirs, seen = columns
        return cls(tuple(mine), tuple(theirs), tuple(seen), tuple(left_out), mode)

    def corrected(self) -> NDArray[np.bool_]:
        """(N,), which of them are corrections of autohdr's labels."""
        return np.array([edit.corrected for edit in self.edits], dtype=bool)

    def to_copy(self) -> list[int]:
        """Numbers of the photos to look at in other light."""
        return to_copy(self.corrected(), 0).tolist()


def _unread(photo: Photo) -> LeftOut:
    return LeftOut(photo.path, "unreadable RAW", photo.note or "")


def learn(model: ModelFile, edits: Edits, copies: NDArray[np.float32]) -> tuple[Style, list[Photo]]:
    """The style that edits make, as it reads from its file, and the photos that it remembers, in its order.

    Args:
        model: the network's file.
        edits: at least `FROM` of them.
        copies: (N, 2, F), what the network sees of them in other light; NaN where nobody looked.

    Raises:
        LearningError: there is too little to learn from.
    """
    features = np.stack([kept.features for kept in edits.kept])
    seen = Seen(features, copies, edits.corrected(), descriptions(edits.kept))
    shots, more = [kept.shot for kept in edits.kept], np.stack([kept.more for kept in edits.kept])
    style, rows = style_of(model, edits.edits, shots, seen, more, left_out=edits.left_out, mode=edits.mode)
    return Style.from_bytes(style.to_bytes()), [edits.photos[row] for row in rows]


def what_was_learnt(before: Sequence[SliderScore], after: Sequence[SliderScore], changed: int) -> str:
    """One line on what a style knows now that it did not before.

    Args:
        before: the scores of the style before; empty where there was none.
        after: the scores of this one, of the eight sliders and of those that it sets besides.
        changed: photos whose labels are others now.
    """
    earlier = {row.key: row for row in before}
    rows = [(slider_of(row.key), row) for row in after]
    moved = sorted(((_gone(earlier.get(row.key), row), slider, row) for slider, row in rows), key=lambda one: one[0])
    surer = [(slider, row) for gone, slider, row in reversed(moved) if gone >= _TELLS][:2]
    less = [(slider, row) for gone, slider, row in moved if gone <= -_TELLS][:1]
    parts = []
    for word, found in (("Surer now", surer), ("Less sure", less)):
        told = [f"{slider.name} ({_off(slider, earlier[row.key])} → {_off(slider, row)})" for slider, row in found]
        parts += [f"{word}: {', '.join(told)}"] if told else []
    if not before and (adapted := [slider.name for slider, row in rows if row.verdict == "adapted"]):
        parts.append(f"Learnt: {', '.join(adapted)}")
    for slider, row in rows:
        was = earlier.get(row.key)
        if row.verdict == "constant" and (was is None or was.verdict != "constant") and row.usual:
            parts.append(f"{slider.name} is always {_usual(slider, row.usual)} with you")
    others = "No other" if not changed else f"{changed} other"
    suggestions = "suggestions" if changed > 1 else "suggestion"
    return ". ".join([*parts[:3], f"{others} {suggestions} changed"]) + "."


_TELLS = 0.02
"""The share of a slider's error below which a change is not told."""


def _off(slider: Slider, row: SliderScore) -> str:
    return f"±{row.mae:.{slider.decimals or 1}f}{' mired' if slider.unit == 'mired' else ''}"


def _usual(slider: Slider, value: float) -> str:
    """A slider's constant; that of white balance is a difference."""
    if slider not in BALANCE:
        return slider.spell(value)
    return f"{slider.spell(value)}{' mired' if slider.unit == 'mired' else ''} from As Shot"


def _gone(before: SliderScore | None, after: SliderScore) -> float:
    """The share of a slider's error that is gone; below 0 where it has grown."""
    if before is None or not np.isfinite(before.mae) or not before.mae or not np.isfinite(after.mae):
        return 0.0
    return float((before.mae - after.mae) / before.mae)
