"""What to know of a whole run, besides what comes of each photo."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from autohdr.codes import Code
from autohdr.words import Naming


@dataclass(frozen=True, slots=True)
class Note:
    """One thing to know."""

    code: Code
    sentence: str


def dng_note(dngs: int, photos: int, naming: Naming, *, embed: bool) -> Note:
    """One sentence on where the labels of a run's DNGs go, and how to choose otherwise."""
    code, where = _dngs(naming, embed=embed)
    return Note(code, f"{dngs} of the {photos} photos are DNGs: their labels go into {where}.")


def some_dngs_note(naming: Naming, *, embed: bool) -> Note:
    """Says where the labels of DNGs go in a run whose photos nobody counts."""
    code, where = _dngs(naming, embed=embed)
    return Note(code, f"Some of the photos are DNGs: their labels go into {where}.")


def _dngs(naming: Naming, *, embed: bool) -> tuple[Code, str]:
    if embed:
        code, where = Code.DNGS_INSIDE, "the DNGs, where Lightroom reads them; --no-embed writes sidecars beside them"
    else:
        reader = "which Lightroom ignores" if naming == "adobe" else "where darktable reads them and Lightroom does not"
        code, where = Code.DNGS_BESIDE, f"sidecars beside them, {reader}; --embed writes into the DNGs"
    return code, where


def other_files_note(others: Sequence[Path], named: int) -> Note:
    """Files that were named and are no RAW files."""
    sentence = f"{len(others)} of the {named} paths named are no RAW files and are passed over, such as {others[0]}."
    return Note(Code.PASSED_OVER, sentence)
