"""The cells of a study: one architecture, normalisation, recipe and fold each, kept as they are done.

A cell that is done is not done again, and one that was killed goes on. Recipes that begin alike share that part.
"""

import dataclasses
import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from autohdr.files.folders import make_folder
from autohdr.quality.display import Domain
from autohdr.quality.inputs import Norm
from autohdr_train.quality.models.saved import Architecture, Network, make
from autohdr_train.quality.models.vtamiq import from_hub
from autohdr_train.quality.training.agreement import Fold
from autohdr_train.quality.training.bank import Bank
from autohdr_train.quality.training.loop import Run, predict, train
from autohdr_train.quality.training.profile import Profile
from autohdr_train.quality.training.recipe import Phase, Recipe
from autohdr_train.recipes.unfinished import Stage

Numbers = NDArray[np.int64]


class Part(NamedTuple):
    """The pairs of one fold, by number in the bank."""

    number: int
    sdr: Numbers
    """Which SDR pairs are learnt from, with scores."""
    labelled: Numbers
    """HDR to learn from, with scores."""
    hdr: Numbers
    """HDR to learn from, whose scores nobody looks at."""
    held_out: Numbers
    """HDR of contents that are nowhere else."""

    def known(self, phase: Phase) -> dict[Domain, Numbers]:
        """What a phase may learn from."""
        return {"sdr": self.sdr, "hdr": self.labelled if "hdr" in phase.labelled else self.hdr}


@dataclass(frozen=True, slots=True)
class Cell:
    """One training and what is asked of it."""

    architecture: Architecture
    norm: Norm
    recipe: Recipe
    fold: int

    @property
    def name(self) -> str:
        return f"{self.architecture}-{self.norm}-{self.recipe.name}-{self.fold}"


@dataclass(frozen=True, slots=True, eq=False)
class Study:
    """The data, the sizes and the folder of a study."""

    bank: Bank
    parts: Sequence[Part]
    profile: Profile
    out: Path
    start: str | None = None
    """Hub id or folder of a transformer that VTAMIQ begins with; None begins with random weights."""

    def done(self, cell: Cell) -> Fold | None:
        """What a cell came to; None where it is not done."""
        kept = Stage(self._path("cells", self._key(cell, cell.recipe.phases))).restore()
        return None if kept is None else self.fold(cell.fold, kept["predicted"].numpy())

    def fold(self, number: int, predicted: NDArray[np.float64]) -> Fold:
        """Predictions of a fold's held-out pairs beside their scores."""
        held_out = self.parts[number].held_out
        contents = [self.bank.pairs[n].content for n in held_out]
        return Fold(predicted, self.bank.scores[held_out].astype(np.float64), contents)

    def do(self, cell: Cell) -> Fold:
        """Does a cell, unless it is done.

        Raises:
            LearningError: learning diverged.
            ModelError: the start cannot be had.
            FileError: it cannot be kept.
        """
        if (found := self.done(cell)) is not None:
            return found
        import torch

        part, run = self.parts[cell.fold], self._run(cell)
        network = self.trained(cell, part, run)
        seen = self.profile.kinds[cell.architecture].seen
        predicted = predict(network, self.bank, part.held_out, run.inputs, seen, run.device)
        Stage(self._path("cells", self._key(cell, cell.recipe.phases))).keep({"predicted": torch.from_numpy(predicted)})
        return self.fold(cell.fold, predicted)

    def trained(self, cell: Cell, part: Part, run: Run) -> Network:
        """The network of a cell, learnt from a part, in the unit of the scores."""
        network = self._begin(cell)
        first = cell.recipe.phases[0]
        labels = np.concatenate([self.bank.scores[part.known(first)[domain]] for domain in first.domains])
        network.scale.set(float(labels.mean()), float(labels.std()) or 1.0)
        for number, phase in enumerate(cell.recipe.phases):
            key = self._key(cell, cell.recipe.phases[: number + 1])
            done = Stage(self._path("phases", f"{key}-done"))
            if (kept := done.restore()) is not None:
                network.load_state_dict(kept["network"])
                continue
            if number and phase.loss == "mae":  # of what order and line alone have taught, no scale is to be trusted
                self._calibrate(network, cell, self._learnt(cell.recipe.phases[number - 1], part), run)
            stage = Stage(self._path("phases", key))
            train(network, self.bank, part.known(phase), phase, run, stage)
            if number + 1 < len(cell.recipe.phases):
                done.keep({"network": network.state_dict()})
            stage.remove()
        last = cell.recipe.phases[-1]
        if last.loss != "mae":
            self._calibrate(network, cell, self._learnt(last, part), run)
        return network

    @staticmethod
    def _learnt(phase: Phase, part: Part) -> Numbers:
        """The pairs whose scores a phase has seen."""
        return np.concatenate([part.known(phase)[domain] for domain in phase.domains if domain in phase.labelled])

    def _calibrate(self, network: Network, cell: Cell, known: Numbers, run: Run) -> None:
        """Bring scores that were learnt by order and line alone to their unit, by a line through learnt pairs."""
        some = known[np.random.default_rng(run.seed).permutation(len(known))[:256]]
        predicted = predict(
            network, self.bank, some, run.inputs, self.profile.kinds[cell.architecture].seen, run.device
        )
        if predicted.std() > 0:
            slope, offset = np.polyfit(predicted, self.bank.scores[some].astype(np.float64), 1)
            centre, spread = float(network.scale.centre), float(network.scale.spread)
            network.scale.set(slope * centre + offset, slope * spread)

    def _begin(self, cell: Cell) -> Network:
        sizes = self.profile.kinds[cell.architecture].sizes
        if self.start is not None and cell.architecture == "vtamiq":
            return from_hub(self.start, sizes)  # type: ignore[arg-type]  # sizes of that architecture
        return make(sizes, seed=cell.fold)

    def _run(self, cell: Cell) -> Run:
        begun = self.start is not None and cell.architecture == "vtamiq"
        return self.profile.run(cell.architecture, cell.norm, cell.fold, begun=begun)

    def _key(self, cell: Cell, phases: Sequence[Phase]) -> str:
        """A name for what a training has come to: all that decides it, as a digest behind words for people."""
        told = {
            "run": dataclasses.asdict(self._run(cell)),
            "sizes": dataclasses.asdict(self.profile.kinds[cell.architecture].sizes),
            "start": self.start,
            "phases": [dataclasses.asdict(phase) for phase in phases],
            **({"between": "calibrated"} if len(phases) > 1 and phases[-1].loss == "mae" else {}),
            "pairs": [f"{pair.reference} {pair.distorted} {pair.score}" for pair in self.bank.pairs],
            "part": [part.tolist() for part in self.parts[cell.fold][1:]],
        }
        digest = hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()[:12]
        return f"{cell.architecture}-{cell.norm}-{len(phases)}-{cell.fold}-{digest}"

    def _path(self, folder: str, name: str) -> Path:
        make_folder(self.out / folder, "--out")
        return self.out / folder / f"{name}.pt"
