"""The study itself: each cell is run once, and what came of it is a line in a file, so that a killed study goes on."""

import json
import math
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from autohdr.errors import FileError, SettingsError
from autohdr.files.folders import make_folder
from autohdr.files.whole import read_bytes, write_atomically
from autohdr.sliders import to_scaled
from autohdr.system.progress import Progress
from autohdr_bench.labels.edits import Edits, drawn, picked, scored
from autohdr_bench.labels.inside import keep_inside
from autohdr_bench.labels.methods import METHODS, Outcome, Task
from autohdr_bench.labels.study import Cell, Study, cells
from autohdr_bench.labels.surroundings import Surroundings
from autohdr_scenes.photographers import find
from autohdr_train.data.bank import Bank, Part
from autohdr_train.data.tensors import TensorDataset
from autohdr_train.network.checkpoint import plain
from autohdr_train.network.model import Head
from autohdr_train.network.seeing import prior
from autohdr_train.recipes.curve import Curve
from autohdr_train.recipes.recipe import RECIPES

LINES = "cells.jsonl"
PREDICTIONS = "predictions"

Line = dict[str, Any]
"""What came of a cell: its fields, `scores` (a list of eight for each of `edits.scored`, null where a slider is not
scored), `seconds`, `threads`, and the `curve`."""


def run(study: Study, around: Surroundings, out: Path) -> list[Line]:
    """Run what is not done yet of a study; returns the lines of all of it, in the study's order.

    A cell is known by all that decides it: the photos, the photographer's rule, the start's weights and the settings,
    but not this program; for a new version of it, name another `out`.

    Args:
        study: what is compared.
        around: the photos and the starts.
        out: where `cells.jsonl` goes, and the predictions of the first draw; made if it is missing.

    Raises:
        SettingsError: the radiance images cannot be used, a folder cannot be made, or a start has nothing to pick by.
        ModelError: a start cannot be loaded.
        LearningError: learning diverged.
        FileError: `out` cannot be written to.
    """
    make_folder(out / PREDICTIONS, "--out")
    running = _Running(study, around, out)
    lines = read_lines(out)
    done = []
    for cell in Progress(list(cells(study)), desc="comparing", unit="cell", disable=None):
        key = running.key(cell)
        if key not in lines:
            lines[key] = running.run(cell, key)
            _append(out / LINES, lines[key])
        done.append(lines[key])
    return done


def read_lines(out: Path) -> dict[str, Line]:
    """Reads the lines of a study that are done, by key. A last line that a killed run left torn is cut off, so that the
    next begins on its own."""
    data = read_bytes(out / LINES) or b""
    whole = data[: data.rfind(b"\n") + 1]
    if len(whole) < len(data):
        write_atomically(out / LINES, whole)
    lines = [json.loads(line) for line in whole.decode().splitlines()]
    return {line["key"]: line for line in lines}


class _Running:
    def __init__(self, study: Study, around: Surroundings, out: Path) -> None:
        self.study = study
        self.around = around
        self.out = out
        self._edits: dict[tuple[str, str], Edits] = {}
        self._digests: dict[tuple[str, str], str] = {}

    def key(self, cell: Cell) -> str:
        """The key of a cell and its surroundings."""
        start = cell.variant.start
        bank = self.around.bank(start)
        known = (cell.photographer, bank.key)
        if known not in self._digests:
            self._digests[known] = self.edits(cell.photographer, bank).digest
        surroundings = {"bank": bank.key, "photographer": self._digests[known]}
        if start is not None:
            surroundings["start"] = self.around.start(start).digest
        if cell.variant.method in RECIPES:
            surroundings["recipe"] = json.dumps(plain(RECIPES[cell.variant.method]()), sort_keys=True)
        return cell.key(surroundings)

    def edits(self, photographer: str, bank: Bank) -> Edits:
        return self._edits.setdefault((photographer, bank.key), Edits(find(photographer), bank))

    def run(self, cell: Cell, key: str) -> Line:
        """Learn, predict, score."""
        bank = self.around.bank(cell.variant.start)
        edits = self.edits(cell.photographer, bank)
        rows = self._rows(cell, bank)
        test_rows = np.arange(len(bank.held_out))
        labels, _ = edits.of("train", rows)
        test_labels, clean = edits.of("held_out", test_rows)
        uses = edits.photographer.uses
        scored_labels = np.where(uses, test_labels, np.nan)
        task = self._task(cell, bank, rows, labels, scored_labels)
        outcome = METHODS[cell.variant.method].learn(task)
        if cell.draw == 0:
            np.save(self.out / PREDICTIONS / f"{key}.npy", outcome.predicted.astype(np.float32))
        if outcome.network is not None and self._looked_into(cell):
            keep_inside(self.out, key, outcome.network, task.test)
        return _line(cell, key, outcome, scored(outcome.predicted, scored_labels, clean, labels))

    def _rows(self, cell: Cell, bank: Bank) -> NDArray[np.int64]:
        """The photos that are edited."""
        name = cell.variant.start
        if name is None or not METHODS[cell.variant.method].picks:
            return drawn(bank.train, cell.draw, cell.edits)
        start = self.around.start(name)
        network, seen = start.network("linear", 0), self.around.seen(bank, start)
        if network.style is None or seen is None:
            raise SettingsError(f"--start {name} has learnt nothing of photographers to pick by; try --start default")
        return picked(bank.train, cell.draw, cell.edits, prior(network), seen[0].features.astype(np.float32))

    def _task(
        self,
        cell: Cell,
        bank: Bank,
        rows: NDArray[np.int64],
        labels: NDArray[np.float64],
        test_labels: NDArray[np.float64],
    ) -> Task:
        method, variant = METHODS[cell.variant.method], cell.variant
        seed = cell.draw
        train = dataset(bank.train, rows, labels)
        test_rows = np.arange(len(bank.held_out))
        start = None if variant.start is None else self.around.start(variant.start)
        head: Head = RECIPES[variant.method]().head if variant.method in RECIPES else "linear"
        seen = self.around.seen(bank, start) if start is not None and method.frozen else None
        described = self.around.described(bank)
        return Task(
            train=train,
            test=dataset(bank.held_out, test_rows, test_labels),
            described=(described[0][rows], described[1]),
            spec=bank.spec,
            network=None if start is None else start.network(head, seed),
            seen=None if seen is None else (seen[0].of(rows), seen[1]),
            augment=_names(variant.augment),
            smooth=variant.smooth,
            steps=cell.steps,
            seed=seed,
            device=self.around.device,
        )

    def _looked_into(self, cell: Cell) -> bool:
        """One network of each variant: the first photographer's, first draw, twenty edits or the most."""
        middle = 20 if 20 in self.study.edits else max(self.study.edits)
        return cell.draw == 0 and cell.edits == middle and cell.photographer == self.study.photographers[0]


def dataset(part: Part, rows: NDArray[np.int64], labels: NDArray[np.float64]) -> TensorDataset:
    """Photos of a bank with labels (n, 8) in Lightroom's units."""
    groups = [part.groups[row] for row in rows]
    return TensorDataset(part.pixels, to_scaled(labels).astype(np.float32), groups, part.captured[rows], rows)


def _names(augment: str | None) -> tuple[str, ...] | None:
    if augment is None:
        return None
    return () if augment == "none" else tuple(augment.split("+"))


def _line(cell: Cell, key: str, outcome: Outcome, scores: dict[str, list[float]]) -> Line:
    variant = asdict(cell.variant)
    del variant["draws"]
    rounded = {
        name: [round(value, 5) if math.isfinite(value) else None for value in row] for name, row in scores.items()
    }
    told = {"key": key, "photographer": cell.photographer, "name": cell.variant.name, **variant}
    run = {"seconds": round(outcome.seconds, 2), "threads": torch.get_num_threads(), "curve": _looks(outcome.curve)}
    return {**told, "edits": cell.edits, "draw": cell.draw, "steps": cell.steps, "scores": rounded, **run}


def _looks(curve: Curve) -> list[dict[str, Any]]:
    """A curve by step: the training loss, and R2 averaged over the sliders that are scored."""
    return [
        {
            "step": point.step,
            "loss": None if point.loss is None else round(point.loss, 5),
            "r2": None if point.r2 is None or np.isnan(point.r2).all() else round(float(np.nanmean(point.r2)), 4),
        }
        for point in curve
    ]


def _append(path: Path, line: Line) -> None:
    try:
        with path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(line) + "\n")
    except OSError as error:
        raise FileError(f"{path} cannot be written ({error.strerror}); check the disk, then run again") from error
