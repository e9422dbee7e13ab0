"""One quality model of all contents, as it is exported: what the study found best, with nothing held out."""

import dataclasses
import shutil
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from autohdr.errors import SettingsError
from autohdr_train.quality.models.saved import Architecture, Saved, save
from autohdr_train.quality.sets.pair import Pair
from autohdr_train.quality.training.bank import Bank, Light
from autohdr_train.quality.training.cells import Cell, Part, Study
from autohdr_train.quality.training.profile import PROFILES
from autohdr_train.quality.training.recipe import RECIPES


def learn(
    pairs: Sequence[Pair],
    light: Light,
    out: Path,
    recipe: str,
    profile: str,
    architecture: Architecture,
    *,
    start: str | None = None,
    steps: int | None = None,
) -> Saved:
    """Learns and writes a model of all pairs that have scores; a killed run goes on when it is called again.

    Args:
        pairs: of both domains.
        light: of a pair, as a bank keeps it.
        out: file to write; what is unfinished lies beside it until it is learnt.
        recipe: one of `recipe.RECIPES`.
        profile: one of `profile.PROFILES`.
        architecture: which model.
        start: of VTAMIQ's transformer; None begins with random weights.
        steps: of the optimiser; None takes the profile's.

    Raises:
        SettingsError: there is no such recipe.
        LearningError: learning diverged, or there are no pairs.
        ModelError: the start cannot be had.
        FileError: it cannot be written.
    """
    if recipe not in RECIPES:
        raise SettingsError(f"--recipe is {recipe!r}; expected one of {', '.join(RECIPES)}")
    sizes = PROFILES[profile]
    kind = sizes.kinds[architecture]
    kind = dataclasses.replace(kind, steps=steps or kind.steps)
    sizes = dataclasses.replace(sizes, kinds={**sizes.kinds, architecture: kind})
    unfinished = out.with_name(f"{out.name}.unfinished")
    scored = [pair for pair in pairs if pair.score is not None]
    bank = Bank.open(unfinished / "light", scored, light)
    hdr = bank.numbers("hdr")
    part = Part(0, bank.numbers("sdr"), hdr, hdr, np.zeros(0, np.int64))
    cell = Cell(architecture, "pmax", RECIPES[recipe], 0)
    study = Study(bank, [part], sizes, unfinished, start)
    run = sizes.run(architecture, "pmax", 0, begun=start is not None and architecture == "vtamiq")
    network = study.trained(cell, part, run)
    told = {
        "recipe": recipe,
        "steps": kind.steps,
        "pairs": len(scored),
        "contents": len({pair.content for pair in scored}),
        "sets": sorted({pair.source for pair in scored}),
    }
    saved = Saved(network.cpu().eval(), run.inputs, kind.seen, told)
    save(out, saved)
    shutil.rmtree(unfinished)
    return saved
