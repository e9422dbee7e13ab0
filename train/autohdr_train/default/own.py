"""Teaches the default model its own sliders, and scores them: the part of its training that needs photographs alone.

It learns from finished photographs that were taken back to a RAW and exposed otherwise, as they are and before other
grounds, and from blank frames. Photographs of held-out sources say how good it is, and how far it says to be off.
"""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from autohdr.sliders import LIMITS, to_values
from autohdr.spec import InputSpec
from autohdr.style.scores import SliderScore, mean_label, score
from autohdr_train.data.tensors import TensorDataset
from autohdr_train.default.examples import (
    COPIES,
    ON_GROUNDS,
    SCORED,
    Examples,
    See,
    as_met,
    before_a_ground,
    blank,
    examples,
)
from autohdr_train.default.head import put, solve
from autohdr_train.default.photographs import Photograph
from autohdr_train.default.taken_back import exposed, pixels, take_back
from autohdr_train.network.model import SliderNet

SEED = 0
GROUNDS_WEIGH, BLANKS_WEIGH = 0.5, 1.0
"""What an example before another ground, or a blank frame, counts for against a photograph as it is."""
PROBED = 64
PEOPLE_OFF = np.array([0.45, 12.0, 36.0, 26.0, 20.0, 21.0, 9.0, 3.0])
"""Mean absolute error (8,) of such sliders against those of real people, in Lightroom's units."""


def teach_own(network: SliderNet, spec: InputSpec, photographs: Sequence[Photograph], cache: Path) -> Examples:
    """Solves for a network's own linear layer, in place; returns the examples of photographs as they are.

    Args:
        network: with features, its input as `spec` says.
        spec: how photos are prepared.
        photographs: to learn from.
        cache: folder for their scenes.

    Raises:
        OSError, FileError: a picture cannot be read, or the cache not be written.
    """
    see = seeing(network)
    as_is = examples(photographs, see, spec, cache, copies=COPIES, draw=as_met, seed=SEED)
    grounds = examples(
        photographs, see, spec, cache, copies=ON_GROUNDS, draw=as_met, change=before_a_ground, seed=SEED + 1
    )
    blanks = blank(see, spec, seed=SEED + 2)
    parts = ((as_is, 1.0), (grounds, GROUNDS_WEIGH), (blanks, BLANKS_WEIGH))
    weights = np.concatenate([np.full(len(part.seen), weight) for part, weight in parts])
    seen, labels = (np.concatenate([getattr(part, name) for part, _ in parts]) for name in ("seen", "labels"))
    put(network, solve(seen, labels, weights))
    return as_is


def score_own(
    network: SliderNet, spec: InputSpec, photographs: Sequence[Photograph], learnt: Examples, cache: Path
) -> list[SliderScore]:
    """Scores a network's own sliders on photographs of other sources, and has it state the errors to be expected.

    Args:
        network: as `teach_own` left it.
        spec: how photos are prepared.
        photographs: not learnt from.
        learnt: what `teach_own` returned, for the mean and the median to compare with.
        cache: folder for their scenes.

    Raises:
        OSError, FileError: a picture cannot be read, or the cache not be written.
    """
    unseen = examples(photographs, seeing(network), spec, cache, copies=SCORED, draw=as_met, seed=SEED + 3)
    answers = own(network, unseen)
    network.error = torch.from_numpy(stated(answers, unseen.labels * LIMITS).astype(np.float32))
    median = np.median(learnt.labels, axis=0) * LIMITS
    return score(answers, unseen.labels, mean_label(learnt.labels), median)


def stated(answers: NDArray[np.float64], wanted: NDArray[np.float64]) -> NDArray[np.float64]:
    """Returns the errors to state (2, 8), as `autohdr.model.head.Head.error`, of answers (N, 8) and what was wanted.

    Exposure's grows with the answer as it does here. What it is at 0, and the errors of the others, are those against
    real people, who want other things than any rule; the larger of both.
    """
    off = np.abs(answers - wanted)
    error = np.stack([np.maximum(off.mean(axis=0), PEOPLE_OFF), np.zeros(len(LIMITS))])
    distance = np.abs(answers[:, 0])
    slope = float(np.polyfit(distance, off[:, 0], 1)[0])
    error[1, 0] = max(slope, 0.0)
    error[0, 0] -= error[1, 0] * float(distance.mean())
    return error


def seeing(network: SliderNet) -> See:
    """Returns what a network sees in inputs, as a function on arrays."""
    network.eval()

    def see(pixels: NDArray[np.float32]) -> NDArray[np.float32]:
        with torch.inference_mode():
            found: NDArray[np.float32] = network.see(torch.from_numpy(pixels)).numpy()
        return found

    return see


def own(network: SliderNet, photos: Examples) -> NDArray[np.float64]:
    """Returns a network's sliders (N, 8) of examples, in Lightroom's units."""
    with torch.inference_mode():
        return to_values(network.answer(torch.from_numpy(photos.seen)).numpy())


def probe(photographs: Sequence[Photograph], spec: InputSpec, cache: Path) -> TensorDataset:
    """Returns inputs of a few photographs, to compare a saved network with the one that was trained."""
    few = photographs[:PROBED]
    inputs = np.stack([pixels(exposed(take_back(photo.path, cache), 0.0), spec) for photo in few]).astype(np.float32)
    nothing = np.full((len(few), 8), np.nan, np.float32)
    return TensorDataset(inputs, nothing, [photo.source for photo in few], np.full(len(few), np.nan))
