"""Judges whether a model is kept: it must be within the tolerance and, where speed is its purpose, faster."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from autohdr.engines.prove.difference import Difference, Tolerance, rounded
from autohdr.engines.prove.speed import faster
from autohdr_export.errors import ExportError
from autohdr_export.prove.samples import Samples
from autohdr_export.prove.session import run
from autohdr_export.prove.trial import Compared, Speeds, Yardstick
from autohdr_export.wanted import Wanted

BATCH = 7
"""Photos that are given at once and one by one."""


@dataclass(frozen=True, slots=True)
class Proof:
    """What was measured of a model that is kept."""

    wanted: Wanted
    over: Samples
    compared: Compared
    speeds: Speeds | None
    """The speeds of both models; None where they were not timed."""

    def to_json(self) -> dict[str, Any]:
        """What the model file says of it: plain JSON, without what changes from run to run."""
        tolerance, (photos, extremes) = self.wanted.tolerance, self.compared
        return {
            "engine": self.wanted.engine,
            "over": {"photos": len(photos.sliders), "simulated": not self.over.real, "extremes": len(extremes.sliders)},
            "tolerance": tolerance.to_json(),
            "photos": photos.to_json(tolerance),
            "extremes": extremes.to_json(tolerance),
            "features": {"photos": rounded(photos.features), "extremes": rounded(extremes.features)},
            "faster": self._faster(),
        }

    def _faster(self) -> str | None:
        """Whether int8 was seen to be faster."""
        if self.wanted.precision != "int8":
            return None
        if self.wanted.timed:
            return f"on engine {self.wanted.engine}"
        return f"not timed here; {self.wanted.target} needs a GPU"


def judge(model: bytes, wanted: Wanted, over: Samples, yardstick: Yardstick) -> Proof:
    """Returns the proof of a model, by comparing it with float32 over photos and over extreme inputs.

    Raises:
        ExportError: it differs too much, answers nothing finite, or is not faster; the sentence says by how much.
    """
    compared = yardstick.compare(model)
    failures = []
    for difference, where in zip(compared, ("photos", "extreme inputs"), strict=True):
        failures += _too_far(difference, wanted.tolerance, f"{len(difference.sliders)} {where}")
    if wanted.engine == "cpu":  # which takes photos one by one, and other engines do not
        pixels = over.photos[:BATCH]
        together, *alone = (features for (features,) in run(model, [pixels, *pixels[:, None]]))
        mixed = Difference.of_features(together, np.concatenate(alone), yardstick.head)
        failures += _too_far(mixed, wanted.tolerance, f"a batch of {BATCH} from each photo alone")
    speeds = yardstick.time(model) if wanted.timed else None
    if speeds is not None:
        failures += _too_slow(speeds, wanted)
    if failures:
        raise ExportError(f"in {wanted.precision} {'; and '.join(failures)}")
    return Proof(wanted, over, compared, speeds)


def _too_far(difference: Difference, tolerance: Tolerance, over: str) -> list[str]:
    if difference.within(tolerance):
        return []
    if not np.isfinite(difference.sliders).all():
        return [f"the network answers with NaN or infinity, over {over}"]
    return [f"the sliders differ by {difference.beyond(tolerance)}, over {over}; expected at most {tolerance}"]


def _too_slow(speeds: Speeds, wanted: Wanted) -> list[str]:
    if faster(wanted.engine, speeds.model, speeds.float32) > 1.0:
        return []
    before, after = (speed.processor * 1e3 for speed in speeds)
    return [f"it is not faster on engine {wanted.engine}: {after:.3g} ms a photo, in float32 {before:.3g} ms"]
