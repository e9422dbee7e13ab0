"""What a study compares, as data: the variants, the photographers, the numbers of edits and the draws."""

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from autohdr.errors import SettingsError
from autohdr_bench.labels.methods import METHODS
from autohdr_scenes.photographers import PHOTOGRAPHERS


@dataclass(frozen=True, slots=True)
class Variant:
    """One way to learn a photographer's edits."""

    method: str
    """A name of `methods.METHODS`."""
    start: str | None = None
    """Where its network begins, as `--start` says it; None for plain algebra."""
    augment: str | None = None
    """Names of augmentations joined by `+`, or `none`; None is the recipe's own."""
    smooth: str | None = None
    """How the training labels are smoothed, as `autohdr train --smooth` says it; None is the recipe's own."""
    draws: int = 4
    """Draws of edits; each counts once in the intervals."""

    @property
    def name(self) -> str:
        """How tables call it."""
        # A folder's own name: the way to it on this machine tells nobody anything.
        start = Path(self.start).name if self.start is not None and Path(self.start).is_dir() else self.start
        told = ", ".join(extra for extra in (start, self.augment, self.smooth) if extra is not None)
        return f"{self.method} ({told})" if told else self.method


@dataclass(frozen=True, slots=True)
class Study:
    """A whole study: what is compared, and on what."""

    variants: tuple[Variant, ...]
    photographers: tuple[str, ...]
    edits: tuple[int, ...]
    """Numbers of photos that are learnt from, rising."""
    steps: int
    """Optimiser steps of every variant that has such, whatever the number of edits."""
    photos: int
    """Photos in the bank to draw edits from."""
    held_out: int
    """Photos of other places that are scored."""

    def __post_init__(self) -> None:
        if not self.variants or not self.photographers or not self.edits:
            raise SettingsError(
                "there is nothing to compare; name at least one method, photographer and number of edits"
            )
        if max(self.edits) > self.photos:
            raise SettingsError(f"--edits {max(self.edits)} is more than the {self.photos} photos there are to edit")
        for variant in self.variants:
            if METHODS[variant.method].network != (variant.start is not None):
                need = "needs a" if variant.start is None else "has no"
                raise SettingsError(f"method {variant.method} {need} network to start from; see --start")
            if (variant.augment or variant.smooth) and not METHODS[variant.method].steps:
                raise SettingsError(f"method {variant.method} takes no steps: it cannot use --augment and --smooth")


@dataclass(frozen=True, slots=True)
class Cell:
    """One run of the study."""

    photographer: str
    variant: Variant
    edits: int
    draw: int
    steps: int | None
    """Optimiser steps; None for closed forms."""

    def key(self, surroundings: dict[str, str]) -> str:
        """A digest of a cell and all that decides it: the photos, the photographer's rule, the start's weights."""
        told = asdict(self)
        del told["variant"]["draws"]
        return hashlib.sha256(json.dumps([told, surroundings], sort_keys=True).encode()).hexdigest()[:16]


def cells(study: Study) -> Iterator[Cell]:
    """Every cell, so ordered that a study that is stopped early has whole draws of all variants."""
    for draw in range(max(variant.draws for variant in study.variants)):
        for edits in study.edits:
            for variant in study.variants:
                if draw < variant.draws:
                    steps = study.steps if METHODS[variant.method].steps else None
                    for photographer in study.photographers:
                        yield Cell(photographer, variant, edits, draw, steps)


def crossed(
    methods: Sequence[str],
    starts: Sequence[str],
    augments: Sequence[str | None] = (None,),
    smooths: Sequence[str | None] = (None,),
    *,
    draws: int | None = None,
) -> tuple[Variant, ...]:
    """Every method, with every start where it has a network, and every augmentation and smoothing where it takes steps.

    Args:
        methods: names of `METHODS`.
        starts: as `--start` says them.
        augments: as in `Variant`.
        smooths: as in `Variant`.
        draws: of edits; None: four of what is quick, one of what takes steps.

    Raises:
        SettingsError: there is no such method.
    """
    found = []
    for name in methods:
        if name not in METHODS:
            raise SettingsError(f"there is no method {name}; choose from {', '.join(METHODS)}")
        method = METHODS[name]
        count = (1 if method.steps else 4) if draws is None else draws
        for start in starts if method.network else (None,):
            for augment in augments if method.steps else (None,):
                for smooth in smooths if method.steps else (None,):
                    found.append(Variant(name, start, augment, smooth, count))
    return tuple(found)


ALGEBRA = ("mean", "ridge", "gp")
NETWORKS = ("autohdr2024", "style", "finetune")

FULL = Study(
    variants=crossed(ALGEBRA, ()) + crossed((*NETWORKS, "pick"), ("default",)) + crossed(NETWORKS, ("tiny",), draws=1),
    photographers=tuple(PHOTOGRAPHERS),
    edits=(5, 10, 20, 50, 150, 350),
    steps=30,
    photos=2000,
    held_out=300,
)
"""The whole of it: plain algebra, the published recipe and ours, from our default and from scratch. The steps
are those of recipe `finetune`."""

QUICK = Study(
    variants=crossed((*ALGEBRA, "autohdr2024", "style"), ("default",), draws=2),
    photographers=tuple(PHOTOGRAPHERS)[:3],
    edits=(5, 20),
    steps=20,
    photos=80,
    held_out=60,
)
"""A first look."""
