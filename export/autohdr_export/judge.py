"""Judges whether a candidate is kept: it must be within the tolerance and, where speed is its purpose, faster."""

from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any

import numpy as np

from autohdr_export.candidate import Candidate, as_compared
from autohdr_export.errors import ExportError
from autohdr_export.onnx_graph import to_bytes
from autohdr_export.parity import Parity, Tolerance, of_features, rounded, run, to_json
from autohdr_export.reference import Reference
from autohdr_export.samples import Samples
from autohdr_export.trial import Pixels, Speed, faster, features, in_turn, open_all
from autohdr_export.wanted import Wanted

FLOAT32, CANDIDATE = "float32", "candidate"
_BATCH = 7


@dataclass(frozen=True, slots=True)
class Judged:
    """A candidate that is kept."""

    photos: Parity
    extremes: Parity
    speeds: dict[str, Speed]
    """Of `FLOAT32` and `CANDIDATE`, where they were timed."""


def judge(base: Reference, candidate: Candidate, wanted: Wanted, over: Samples) -> Judged:
    """Compare a candidate with float32 on one engine, over photos and over extreme inputs.

    Raises:
        ExportError: it differs too much, answers nothing finite, or is not faster; the sentence says by how much.
        EngineError: its engine cannot run here.
    """
    data = as_compared(candidate.model, wanted)
    failures = []
    with ExitStack() as stack:
        networks = open_all({FLOAT32: base.data, CANDIDATE: data}, wanted.engine, stack)

        head = networks[FLOAT32].model.head

        def compared(pixels: Pixels) -> Parity:
            found, expected = (features(networks[name], pixels) for name in (CANDIDATE, FLOAT32))
            return of_features(found, expected, head)

        photos, extremes = compared(over.photos), compared(over.extremes)
        speeds = in_turn(networks, over.photos) if wanted.timed else {}
    for parity, where in ((photos, "photos"), (extremes, "extreme inputs")):
        failures += _too_far(parity, wanted.tolerance, f"{len(parity.differences)} {where}")
    if wanted.engine == "cpu":  # which takes photos one by one, and other engines do not
        pixels = over.photos[:_BATCH]
        whole = of_features(run(data, [pixels])[0], np.concatenate(run(data, list(pixels[:, None]))), head)
        failures += _too_far(whole, wanted.tolerance, f"a batch of {_BATCH} from each photo alone")
    if speeds:
        failures += _too_slow(speeds, wanted)
    if failures:
        raise ExportError(f"in {wanted.precision} {'; and '.join(failures)}")
    return Judged(photos, extremes, speeds)


def _too_far(parity: Parity, tolerance: Tolerance, over: str) -> list[str]:
    if parity.within(tolerance):
        return []
    if not np.isfinite(parity.differences).all():
        return [f"the network answers with NaN or infinity, over {over}"]
    return [f"the sliders differ by {parity.beyond(tolerance)}, over {over}; expected at most {tolerance}"]


def _too_slow(speeds: dict[str, Speed], wanted: Wanted) -> list[str]:
    times = faster(wanted.engine, speeds[CANDIDATE], speeds[FLOAT32])
    if times > 1.0:
        return []
    before, after = (speeds[name].processor * 1e3 for name in (FLOAT32, CANDIDATE))
    return [f"it is not faster on engine {wanted.engine}: {after:.3g} ms a photo, in float32 {before:.3g} ms"]


def _told(wanted: Wanted) -> str | None:
    """One line on whether int8 was seen to be faster; the times differ from run to run."""
    if wanted.precision != "int8":
        return None
    return f"on engine {wanted.engine}" if wanted.timed else f"not timed here; {wanted.target} needs a GPU"


def proof(base: Reference, candidate: Candidate, wanted: Wanted, over: Samples, judged: Judged) -> dict[str, Any]:
    """What the model file says of how it was made and compared: plain JSON, without what changes from run to run."""
    tolerance = wanted.tolerance
    return {
        "reference": base.digest,
        "engine": wanted.engine,
        "over": {"photos": len(over.photos), "simulated": not over.real, "extremes": len(over.extremes)},
        "tolerance": {"ev": tolerance.ev, "other": tolerance.other, "share": tolerance.share},
        "photos": to_json(judged.photos, tolerance),
        "extremes": to_json(judged.extremes, tolerance),
        "features": {"photos": rounded(judged.photos.features), "extremes": rounded(judged.extremes.features)},
        "method": candidate.method,
        "share": None if candidate.share is None else round(candidate.share, 4),
        "size": round(len(to_bytes(candidate.model)) / len(base.data), 4),
        "wide": candidate.wide,
        "subnormal": {name: rounded(share) for name, share in candidate.subnormal.items()},
        "calibration": candidate.calibration,
        "faster": _told(wanted),
    }
