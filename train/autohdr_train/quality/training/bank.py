"""Pairs of pictures as light, read once and kept in one file, and batches of patches of them.

Light is kept before any display: SDR as a share of white, HDR in cd/m2, so that every step may show it on another
display. Half precision is finer than 0.05 %, a tenth of what can be seen.
"""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch
from numpy.lib.format import open_memmap
from numpy.typing import NDArray
from torch import Tensor

from autohdr.errors import LearningError
from autohdr.files.folders import make_folder
from autohdr.quality.display import Display, Domain, randomised, standard
from autohdr.quality.inputs import Inputs
from autohdr.quality.patches import Patches
from autohdr.system.progress import Progress
from autohdr_train.quality.sets.pair import Pair
from autohdr_train.quality.training.seen import encoded, shown

Light = Callable[[Pair], tuple[NDArray[np.float32], NDArray[np.float32]]]
"""Gives a pair's light, of reference and distorted picture (H, W, 3), as the bank keeps it."""


class Batch(NamedTuple):
    """What a network is fed, with the scores that it should answer."""

    reference: Tensor
    """(B, N, 3, side, side)."""
    test: Tensor
    uv: Tensor
    """(B, N, 2)."""
    scores: Tensor
    """(B,), NaN where there is none."""


@dataclass(frozen=True, slots=True, eq=False)
class Bank:
    """Light of P pairs, all of one size."""

    pairs: Sequence[Pair]
    references: NDArray[np.float16]
    """(R, 3, H, W)."""
    tests: NDArray[np.float16]
    """(P, 3, H, W)."""
    of: NDArray[np.int64]
    """(P,), number of each pair's reference."""
    scores: NDArray[np.float32]
    """(P,), NaN where there is none."""

    @classmethod
    def open(cls, folder: Path, pairs: Sequence[Pair], light: Light) -> "Bank":
        """The bank of `pairs` in `folder`, which is made there unless it is.

        Raises:
            LearningError: there are no pairs, or their pictures have different sizes.
        """
        if not pairs:
            raise LearningError("no pairs of pictures; make some first, or name a folder that has them")
        make_folder(folder, "--out")
        names = sorted({str(pair.reference) for pair in pairs})
        of = np.array([names.index(str(pair.reference)) for pair in pairs])
        digest = hashlib.sha256("\n".join(f"{p.reference} {p.distorted}" for p in pairs).encode()).hexdigest()[:12]
        paths = [folder / f"{kind}-{digest}.npy" for kind in ("references", "tests")]
        done = folder / f"done-{digest}"
        if not done.exists():
            _write(paths, pairs, of, light)
            done.touch()
        references, tests = (np.load(path, mmap_mode="r") for path in paths)
        scores = np.array([np.nan if pair.score is None else pair.score for pair in pairs], np.float32)
        return cls(pairs, references, tests, of, scores)

    def numbers(self, domain: Domain, contents: Sequence[str] | None = None) -> NDArray[np.int64]:
        """Numbers of the pairs of a domain, of some contents or of all."""
        wanted = None if contents is None else set(contents)
        return np.array(
            [n for n, p in enumerate(self.pairs) if p.domain == domain and (wanted is None or p.content in wanted)],
            np.int64,
        )

    def batch(
        self,
        numbers: NDArray[np.int64],
        inputs: Inputs,
        patches: Patches,
        rng: np.random.Generator | None = None,
        device: str = "cpu",
    ) -> Batch:
        """Patches of some pairs.

        Args:
            numbers: (B,), of the pairs.
            inputs: how they are encoded.
            patches: where they lie.
            rng: in training, what jitter, mirroring and displays are drawn from; None takes the standard displays.
            device: where the tensors go.
        """
        places, cut, displays = [], [], []
        for number in numbers:
            pair = (self.references[self.of[number]], self.tests[number])
            if rng is not None and rng.random() < 0.5:
                pair = (pair[0][:, :, ::-1], pair[1][:, :, ::-1])
            where = patches.places(pair[0].shape[1], pair[0].shape[2], rng)
            domain = self.pairs[number].domain
            displays.append(standard(domain) if rng is None else randomised(rng, domain))
            places.append(where.uv)
            cut.append([patches.cut(picture, where) for picture in pair])
        light = torch.from_numpy(np.asarray(cut)).to(device).float()  # (B, 2, N, 3, s, s)
        unit = [d.peak if self.pairs[n].domain == "hdr" else 1.0 for n, d in zip(numbers, displays, strict=True)]
        light = light / torch.tensor(unit, device=device).reshape(-1, 1, 1, 1, 1, 1)
        pixels = encoded(shown(light, displays), inputs)
        uv = torch.from_numpy(np.stack(places)).to(device)
        return Batch(pixels[:, 0], pixels[:, 1], uv, torch.from_numpy(self.scores[numbers]).to(device))


def plain_light(
    luminance: Callable[[Pair, Display, Display], tuple[NDArray[np.float32], NDArray[np.float32]]],
) -> Light:
    """What a set's `luminance` gives on displays without black or reflection: the light that pictures ask for."""
    white, bright = Display(1.0, 1e12, 0.0, 0.0), Display(10000.0, 1e12, 0.0, 0.0, "pq")
    return lambda pair: luminance(pair, white, bright)


def _write(paths: Sequence[Path], pairs: Sequence[Pair], of: NDArray[np.int64], light: Light) -> None:
    height, width, _ = light(pairs[0])[0].shape
    files = [
        open_memmap(path, mode="w+", dtype=np.float16, shape=(count, 3, height, width))
        for path, count in zip(paths, (int(of.max()) + 1, len(pairs)), strict=True)
    ]
    for number, pair in enumerate(Progress(pairs, desc="reading", leave=False, disable=None)):
        pictures = light(pair)
        if any(picture.shape != (height, width, 3) for picture in pictures):
            raise LearningError(f"{pair.distorted} is not {width} x {height} pixels as the first pair; use one size")
        for file, place, picture in zip(files, (of[number], number), pictures, strict=True):
            file[place] = picture.transpose(2, 0, 1)
    for file in files:
        file.flush()
