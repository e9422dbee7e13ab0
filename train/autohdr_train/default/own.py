"""Teaches the default model its own sliders, and scores them: the part of its training that needs photographs alone.

It learns from finished photographs that were taken back to a RAW and exposed otherwise, as they are and before other
grounds, and from blank frames. Photographs of held-out sources say how good it is.
"""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from autohdr.sliders import LIMITS, to_values
from autohdr.spec import InputSpec
from autohdr.style.confidence.scores import SliderScore, mean_label, score
from autohdr_train.data.photographs import Photograph
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
from autohdr_train.default.taken_back import exposed, pixels, take_back
from autohdr_train.network.model import SliderNet

SEED = 0
GROUNDS_WEIGH, BLANKS_WEIGH = 0.5, 2.0
"""What an example before another ground, or a blank frame, counts for against a photograph as it is."""
PROBED = 64
STATED: NDArray[np.float64] = np.array(
    [[0.25, 16.0, 36.0, 28.0, 20.0, 21.0, 10.0, 4.0], [0.48, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0]]
)
"""Errors to state (2, 8), as `autohdr.model.head.Head.error`: how far such sliders are from those of real people, by
the mean over 22 people with 615 edits, most of them in SDR, whose pictures were taken back to RAW (November 2026). A
statistic: none of these pictures was learnt from."""


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
    network.error = torch.from_numpy(STATED.astype(np.float32))
    return as_is


def score_own(
    network: SliderNet, spec: InputSpec, photographs: Sequence[Photograph], learnt: Examples, cache: Path
) -> list[SliderScore]:
    """Scores a network's own sliders on photographs of other sources.

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
    median = np.median(learnt.labels, axis=0) * LIMITS
    return score(answers, unseen.labels, mean_label(learnt.labels), median)


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
