"""Finds finished photographs, with the source, licence and credit of each, and keeps whole sources apart.

The folder holds pictures, and beside them `sources.csv` with the columns file, licence, source and credit.
"""

import csv
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from autohdr.errors import SettingsError
from autohdr.style.split import split

SOURCES = "sources.csv"
SHARE = 0.25
"""Share of the photographs that is held out, at least a fifth."""
_NOT_FREE = re.compile(r"BY.?N[CD]\b|non.?commercial|no.?deriv|rights reserved", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Photograph:
    """Names one finished photograph, and those whom it is owed to."""

    path: Path
    licence: str
    source: str
    """The collection, book or package that it comes from: what is held out as a whole."""
    credit: str
    """The credit that the source asks for; empty where it asks for none."""


def read_photographs(folder: Path) -> list[Photograph]:
    """Returns the photographs that a folder's `sources.csv` lists and that anybody may learn from, in its order.

    Those whose credit forbids commercial use or derived works are left out, whatever the collection's own licence is.

    Raises:
        SettingsError: the folder holds no list, or a list without photographs that are there.
    """
    place = folder / SOURCES
    try:
        rows = list(csv.DictReader(place.read_text(encoding="utf-8").splitlines()))
        all_listed = [
            Photograph(folder / row["file"], _licence(row["licence"]), collection(row["source"]), row["credit"].strip())
            for row in rows
        ]
    except (OSError, KeyError, UnicodeDecodeError) as error:
        raise SettingsError(
            f"{place} cannot be read ({error}); expected the columns file, licence, source and credit"
        ) from error
    kept = [photo for photo in all_listed if photo.path.is_file() and not _NOT_FREE.search(photo.credit)]
    if not kept:
        raise SettingsError(f"{folder} holds none of the photographs that its {SOURCES} lists; check --photographs")
    return kept


def collection(source: str) -> str:
    """Returns the collection of one file's source: a repository, a package or a book, without version and path."""
    return source.split("@")[0] if "@" in source else " ".join(source.split()[:2])


def apart(photographs: Sequence[Photograph]) -> tuple[list[Photograph], list[Photograph]]:
    """Divides photographs into those to learn from and those of held-out sources, the same way every time.

    Raises:
        LearningError: there are fewer than two.
    """
    groups = [photo.source for photo in photographs]
    parts = split(groups, np.full(len(groups), np.nan), share=SHARE, seed=0)
    return [photographs[index] for index in parts.train], [photographs[index] for index in parts.held_out]


def _licence(text: str) -> str:
    """A licence without the mark of its tier (`A CC BY 4.0`)."""
    return re.sub(r"^[AB]-? ", "", text).strip()
