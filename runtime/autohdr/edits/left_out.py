"""Names the photos that are not learnt from, and why, in words for the terminal."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from os import PathLike
from pathlib import Path

from autohdr.codes import Code
from autohdr.errors import LearningError
from autohdr.words import Keep, ModeName

UNEDITED = "never edited"
AS_SDR = "edited in SDR"
AS_HDR = "edited in HDR"
IN_COLOUR = "edited in colour"
IN_BLACK_AND_WHITE = "edited in black and white"
_KEPT_BY: dict[str, Keep] = {
    AS_SDR: "sdr",
    AS_HDR: "sdr",
    IN_COLOUR: "black-and-white",
    IN_BLACK_AND_WHITE: "black-and-white",
    UNEDITED: "unedited",
}
"""Kinds that can be learnt from all the same."""
_OF_A_MODE: dict[str, ModeName] = {AS_SDR: "sdr", AS_HDR: "hdr"}
"""Kinds that make a style of their own."""
CODES = {
    "no sidecar": Code.NO_SIDECAR,
    "unreadable sidecar": Code.UNREADABLE_SIDECAR,
    "ambiguous sidecar": Code.AMBIGUOUS_SIDECAR,
    "sidecar of another file": Code.OTHERS_SIDECAR,
    "unreadable folder": Code.UNREADABLE_FOLDER,
    "missing file": Code.MISSING_FILE,
    "virtual copy": Code.VIRTUAL_COPY,
    "unreadable in the catalog": Code.CATALOG_REFUSED,
    "unreadable RAW": Code.DAMAGED,
    "a bug of autohdr's": Code.BUG,
    AS_SDR: Code.EDITED_IN_SDR,
    AS_HDR: Code.EDITED_IN_HDR,
    IN_COLOUR: Code.EDITED_IN_COLOUR,
    IN_BLACK_AND_WHITE: Code.EDITED_IN_BLACK_AND_WHITE,
    UNEDITED: Code.NEVER_EDITED,
    "old process version": Code.OLD_PROCESS,
    "no develop settings": Code.NO_SETTINGS,
    "autohdr's own label": Code.LABELLED_BY_AUTOHDR,
    "correction reset to defaults": Code.NO_LABELS,
    "correction without a slider moved": Code.NO_LABELS,
    "edited without the eight sliders": Code.NO_LABELS,
}
"""The code of each kind of reason."""


@dataclass(frozen=True, slots=True)
class LeftOut:
    """One RAW file that cannot be learnt from."""

    path: Path
    kind: str
    """The reason without this file's name, such as `no sidecar`; counted in reports."""
    reason: str
    """Why the photo is left out, in one sentence."""
    unedited: bool = False
    """Whether the photo can be asked for, as no photographer has edited it as far as can be known."""
    cause: Code | None = None
    """The code of the error that is the reason, where one is."""

    @property
    def code(self) -> Code:
        """The kind of reason, for programs."""
        return CODES[self.kind] if self.cause is None else self.cause


class TooLittleError(LearningError):
    """Raised where there is too little to learn from."""

    def __init__(self, sentence: str, left_out: Iterable[LeftOut]) -> None:
        super().__init__(sentence)
        self.left_out = tuple(left_out)
        """The photos that were found and cannot be learnt from."""


def count_kinds(left_out: Iterable[LeftOut]) -> dict[str, int]:
    """How many photos were left out for each kind of reason, the most frequent first."""
    return {kind: len(items) for kind, items in _by_kind(left_out).items()}


def describe(used: int, left_out: Iterable[LeftOut]) -> str:
    """One line on what was found: `20 edited photos; left out 3: 2 (no sidecar), 1 (unreadable RAW)`."""
    kinds = count_kinds(left_out)
    found = f"{used} edited photo{'' if used == 1 else 's'}"
    if not kinds:
        return found
    return f"{found}; left out {sum(kinds.values())}: " + ", ".join(
        f"{count} ({kind})" for kind, count in kinds.items()
    )


def too_little(
    shoots: Iterable[str | PathLike[str]], used: int, left_out: Sequence[LeftOut], needed: int
) -> TooLittleError:
    """The error where fewer edits are found than are needed: what was found, and the next step."""
    where = ", ".join(str(shoot) for shoot in shoots)
    first = f" First: {left_out[0].reason}" if left_out else ""
    missing = count_kinds(left_out).get("missing file", 0)
    step = "edit some, of different light, and save their metadata"
    step = "connect the drive of those that are missing, or say where they are (--root)" if missing > used else step
    found = f"too little to learn from in {where}: {describe(used, left_out)}"
    return TooLittleError(f"{found}; expected {needed} or more, so {step}.{first}", left_out)


def none_readable(shoots: Iterable[str | PathLike[str]], left_out: Sequence[LeftOut]) -> TooLittleError:
    """The error where no photo can be looked at: why not the first of them, which says what to do, or what to name."""
    where = ", ".join(str(shoot) for shoot in shoots)
    if not left_out:
        return TooLittleError(f"there is no RAW file in {where}; name a folder or a catalog of some", left_out)
    missing = [item for item in left_out if item.code == Code.MISSING_FILE]
    if missing and all(item.code in (Code.MISSING_FILE, Code.VIRTUAL_COPY) for item in left_out):
        which = "the one photo" if len(missing) == 1 else f"all {len(missing)} photos"
        are = "is" if len(missing) == 1 else "are"
        sentence = f"{which} of {where} that {are} asked for {are} missing; first: {missing[0].reason}"
        return TooLittleError(sentence, left_out)
    return TooLittleError(f"no RAW file in {where} could be read; first: {left_out[0].reason}", left_out)


def reasons(left_out: Iterable[LeftOut], *, every: bool = False) -> list[str]:
    """Why photos were left out: a line a kind, which names one of them, or a line for each of them."""
    kinds = _by_kind(left_out)
    if every:
        return [f"  {kind}: {item.reason}" for kind, items in kinds.items() for item in items]
    return [f"{len(items):7} {kind}{_example(items)}" for kind, items in kinds.items()]


def how_to_keep(left_out: Iterable[LeftOut]) -> str | None:
    """One sentence on how to learn from photos that were left out and need not be; None where there are none."""
    kinds = count_kinds(left_out)
    ways = [f"--keep {keep} for the {kinds[kind]} {kind}" for kind, keep in _KEPT_BY.items() if kind in kinds]
    return f"to learn from them all the same: {', '.join(ways)}" if ways else None


def style_of_the_others(left_out: Iterable[LeftOut]) -> str | None:
    """One sentence on how to learn a style from edits of the other mode; None where there are none."""
    found = [(kind, count) for kind, count in count_kinds(left_out).items() if kind in _OF_A_MODE]
    if not found:
        return None
    kind, count = found[0]
    makes = "makes" if count == 1 else "make"
    return f"the {count} {kind} {makes} a style of their own with --mode {_OF_A_MODE[kind]} and another --style file"


def _example(items: list[LeftOut]) -> str:
    """One of several reasons, or the only one."""
    return f": {items[0].reason}" if len(items) == 1 else f", such as {items[0].reason}"


def _by_kind(left_out: Iterable[LeftOut]) -> dict[str, list[LeftOut]]:
    """The photos of each kind, the most frequent kind first."""
    kinds: defaultdict[str, list[LeftOut]] = defaultdict(list)
    for item in left_out:
        kinds[item.kind].append(item)
    return dict(sorted(kinds.items(), key=lambda pair: -len(pair[1])))
