"""Checks what `label` is asked for before anything is opened or read: a mistake is one sentence."""

import os
from collections.abc import Iterable, Sequence
from pathlib import Path, PurePath

from autohdr.catalog.named import is_catalog
from autohdr.errors import SettingsError
from autohdr.objects.path import named


def check_paths(paths: object) -> list[Path]:
    """The paths that were named: one, or several.

    Raises:
        SettingsError: there are none, or one of them is no path of text.
    """
    several: Iterable[object] = [paths]
    if isinstance(paths, Iterable) and not isinstance(paths, str | bytes | os.PathLike):
        several = paths
    found = []
    for path in several:
        if not isinstance(path, str | os.PathLike) or not (
            isinstance(path, PurePath) or isinstance(os.fspath(path), str)
        ):
            raise SettingsError(f"paths hold {path!r}; expected RAW files and folders, as str or os.PathLike")
        found.append(named(path))
    if not found:
        raise SettingsError("paths are empty; expected RAW files, or folders of them")
    return found


def refuse_catalogs(paths: Iterable[Path], verb: str) -> None:
    """Raises:
    SettingsError: one of them is a Lightroom catalog, which this verb does not look into.
    """
    for path in paths:
        if is_catalog(path):
            raise SettingsError(
                f"{path} is a Lightroom catalog, and autohdr {verb} looks at files; name the folder of its photos"
            )


def check_counts(**counts: object) -> None:
    """Raises:
    SettingsError: one of them is no whole number above 0.
    """
    for name, value in counts.items():
        if not isinstance(value, int) or isinstance(value, bool) or value < 1:
            raise SettingsError(f"{name} is {value!r}; expected a whole number, 1 or more")


def check_choice(name: str, value: object, choices: Sequence[str]) -> None:
    """Raises:
    SettingsError: it is none of the choices.
    """
    if value not in choices:
        raise SettingsError(f"{name} is {value!r}; expected one of {', '.join(choices)}")
