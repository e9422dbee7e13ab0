"""`autohdr_bench.bench`, which the commands that measure speed call."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from os import PathLike
from pathlib import Path

from autohdr.system.processors import processors
from autohdr_bench.speed.profiles import PROFILES
from autohdr_bench.speed.results import Result
from autohdr_bench.speed.suites import base

ONE = {"engine", "train"}
"""Suites that need one format of photo at most."""


def bench(
    suites: str | Sequence[str],
    paths: Sequence[str | PathLike[str]] = (),
    *,
    profile: str = "full",
    repeats: int | None = None,
    threads: int | None = None,
    models: Sequence[str | PathLike[str]] = (),
    generated: bool = False,
    on_progress: Callable[[str], None] = lambda sentence: None,
) -> Result:
    """Measures what a suite, or several, are about: `decode`, `prepare`, `engine`, `run`, `train`.

    Args:
        suites: one name, or several.
        paths: RAW files or folders; none for generated photos.
        profile: how much is measured, and on what: `ci`, `full` or `gpu`.
        repeats: rounds that count; None for the profile's.
        threads: most threads to try; None for one a core.
        models: other networks that the suite `engine` measures, too.
        generated: measure generated photos besides `paths`.
        on_progress: told what is done, a sentence each.

    Raises:
        SettingsError: a suite, a profile or a path is unknown.
    """
    names = (suites,) if isinstance(suites, str) else tuple(suites)
    chosen = PROFILES[profile] if repeats is None else PROFILES[profile].with_rounds(repeats)
    if ONE.issuperset(names):
        chosen = replace(chosen, formats=chosen.formats[:2][-1:])
    if generated or not paths:
        on_progress(f"Writing {len(chosen.formats)} photos to measure on")
    named, others = tuple(map(Path, paths)), tuple(map(Path, models))
    with base.bench(named, chosen, threads or processors(), others, generated=generated) as given:
        return base.run(names, given, lambda stage: on_progress(f"Measured {stage.name}"))
