"""Gives every suite its photos and limits, and makes a result of suites."""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cached_property
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory

from autohdr.errors import SettingsError
from autohdr_bench.speed.files import TINY, photos_in, write_photos
from autohdr_bench.speed.limits.measure import Limits
from autohdr_bench.speed.limits.measure import measure as measure_limits
from autohdr_bench.speed.machine import fingerprint
from autohdr_bench.speed.method.rounds import Case, Taken, in_turn
from autohdr_bench.speed.photo import Photo
from autohdr_bench.speed.profiles import Profile
from autohdr_bench.speed.results import Figure, Group, Result, Role, Stage

SUITES = ("decode", "prepare", "scene", "engine", "run", "train")
"""All suites, in the order in which `all` runs them; each is `measure(bench)` of the module of its name."""

ON_DEVICE = ("engine", "run", "train")
"""Suites that the profile for a GPU measures there."""
NO_DEVICE = "this machine has no GPU that nvidia-smi knows; take --profile full, or a machine with one"


@dataclass(frozen=True)
class Bench:
    """The photos to measure on, and how much."""

    profile: Profile
    photos: Sequence[Photo]
    left_out: Sequence[str]
    """Why files that were named are not among them, a sentence each."""
    threads: int
    """Most to try."""
    folder: Path
    """A folder for what is written meanwhile."""
    models: Sequence[Path] = ()
    """Folders of autohdr train with their `model.onnx`: networks to measure besides the default one. And `.onnx` files
    of less precision, which are measured beside the network that they were made from."""

    @cached_property
    def limits(self) -> Limits:
        """The limits of this machine, measured when they are first asked for."""
        largest = max(self.photos, key=lambda photo: photo.file_bytes)
        return measure_limits(largest.path, threads=self.threads, rounds=self.profile.rounds)

    @cached_property
    def tiny(self) -> list[Path]:
        """Photos to warm a process up on."""
        return write_photos(self.folder, TINY)

    def in_turn(self, cases: Mapping[str, Case], *, slow: bool = False) -> Taken:
        """Times cases in turn (`rounds.in_turn`), as often as the profile says; `slow` ones take seconds and have fewer
        rounds.
        """
        return in_turn(cases, rounds=self.profile.slow_rounds if slow else self.profile.rounds)


def figures(taken: Taken, roles: Mapping[str, Role], notes: Mapping[str, str] | None = None) -> tuple[Figure, ...]:
    """The figures of cases that took turns, in the order of `roles`; those that were not timed are left out."""
    told = notes or {}
    return tuple(
        Figure.of(name, role, taken.times[name], note=told.get(name, ""))
        for name, role in roles.items()
        if name in taken.times
    )


def with_floor(group: Group, floor: Figure | None) -> Group:
    """The group with a floor that was computed."""
    return group if floor is None else replace(group, figures=(*group.figures, floor), floor=floor.name)


def suite(name: str) -> Callable[[Bench], Stage]:
    """The suite of that name, whose libraries are loaded now.

    Raises:
        SettingsError: there is none.
    """
    if name not in SUITES:
        raise SettingsError(f"suite is {name!r}; expected one of {', '.join(SUITES)}")
    measure: Callable[[Bench], Stage] = import_module(f"autohdr_bench.speed.suites.{name}").measure
    return measure


@contextmanager
def bench(
    paths: Sequence[Path], profile: Profile, threads: int, models: Sequence[Path] = (), *, generated: bool = False
) -> Iterator[Bench]:
    """The bench of the photos named; and where none are, or `generated`, of photos that are there as long as the
    context is.

    Raises:
        SettingsError: a path does not exist, or none of the files can be read.
    """
    found = photos_in(paths, profile.formats, always=generated)
    with TemporaryDirectory() as folder, found as (photos, left_out):
        yield Bench(profile, photos, left_out, threads, Path(folder), models)


def run(names: Sequence[str], given: Bench, on_stage: Callable[[Stage], None] = lambda stage: None) -> Result:
    """The result of some suites, the machine's limits first.

    Args:
        names: of `SUITES`.
        given: what to measure on.
        on_stage: told of each stage as it ends.
    """
    begun = time.perf_counter()
    stages = [given.limits.stage]
    on_stage(stages[0])
    missing = given.profile.device and not fingerprint()["gpus"]
    for name in names:
        stages.append(Stage(name, (), (NO_DEVICE,)) if missing and name in ON_DEVICE else suite(name)(given))
        on_stage(stages[-1])
    return Result.of(given.profile.name, tuple(stages), time.perf_counter() - begun)
