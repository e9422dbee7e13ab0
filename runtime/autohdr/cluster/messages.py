"""What a run on a cluster and its workers say to each other: names, settings and results, and never a photo."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from autohdr.errors import AutohdrError
from autohdr.run.results.report import Result
from autohdr.run.settings import Settings
from autohdr.run.spread.parcels import Parcel
from autohdr.run.state.journal import Entry, Skipped

Noted = Entry | Skipped
"""What a journal says of a photo."""


@dataclass(frozen=True, slots=True)
class Job:
    """What a worker is opened with."""

    version: str
    """The version of the autohdr that gives the work."""
    settings: Settings
    """The run's settings, with the paths of the one who gives the work where `style` and `model` are sent."""
    style: bytes | None
    """The style's file; None for the model's own sliders."""
    model: bytes | None
    """The model's file; None for the default one, which each machine has."""
    seen: tuple[Path, ...]
    """Folders and files of the run, which a worker must see as well."""
    depends: Mapping[str, str | bool]
    """What the labels depend on besides the RAW files: a worker must come to the same."""


@dataclass(frozen=True, slots=True)
class Share:
    """A parcel that a worker is to label, and what earlier runs have noted of its photos and those behind."""

    number: int
    parcel: Parcel
    noted: Mapping[Path, Noted] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Opened:
    """A worker's answer when it is ready: plain JSON on its engine and on its model."""

    engine: dict[str, Any]
    model: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Refused:
    """A worker's answer where its machine cannot take part."""

    error: AutohdrError


@dataclass(slots=True)
class Told:
    """What a worker has come to since it was last asked."""

    results: list[tuple[int, Result]] = field(default_factory=list)
    """Each with the number of its share."""
    noted: list[tuple[Path, Noted]] = field(default_factory=list)
    """What is to be noted of photos."""
    finished: list[int] = field(default_factory=list)
    """Numbers of the shares that are done."""
    room: int = 0
    """How many more shares it wants."""
    idle: bool = False
    """Whether it has nothing to do."""
    left: str | None = None
    """Why it does no more, in one sentence: its disk is full, its engine is lost, a folder is gone."""
    broken: str | None = None
    """What a bug of ours, which has ended it, says of itself."""
