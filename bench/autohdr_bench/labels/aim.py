"""Judges the aim: with twenty edits, ahead of plain algebra and the published recipe."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from autohdr_bench.labels.methods import METHODS
from autohdr_bench.labels.table import ALL, COLUMNS, USED, Record

FEW, MANY = 20, 350
"""Numbers of edits."""
R2 = 0.85
"""The R2 to reach at `FEW` edits, averaged over the sliders that the photographer uses, and above that of each of
`OTHERS`."""
TIMES_FLOOR = 1.3
"""The error to reach at `MANY` edits, in units of the noise floor's, averaged over the same sliders."""
OTHERS = ("mean", "ridge", "gp", "autohdr2024")
"""Methods that are there to be beaten."""
_USED = COLUMNS.index(USED)


@dataclass(frozen=True, slots=True)
class Verdict:
    """One photographer, and one variant that is held to the aim."""

    photographer: str
    name: str
    """The variant's name."""
    r2: float
    """The variant's R2 at `FEW` edits."""
    rival: str
    """The best of `OTHERS` there."""
    rival_r2: float
    times_floor: float
    """The variant's error at `MANY` edits, in units of the noise floor's; NaN where the study has none."""

    @property
    def few(self) -> bool:
        """Whether twenty edits are enough."""
        return self.r2 >= R2 and not self.r2 <= self.rival_r2

    @property
    def many(self) -> bool | None:
        """Whether 350 edits come near enough to the floor; None where the study has none."""
        return None if math.isnan(self.times_floor) else self.times_floor <= TIMES_FLOOR


def verdicts(found: Sequence[Record]) -> list[Verdict]:
    """Judges, for each photographer, the one variant of ours that is best over all photographers at twenty edits.

    None where the study has no such variant, or no such number of edits.
    """
    ours = [
        record
        for record in found
        if record.photographer == ALL and record.edits == FEW and _is_ours(record.settings["method"])
    ]
    if not ours:
        return []
    name = max(ours, key=_r2).name
    few = [record for record in found if record.edits == FEW and record.photographer != ALL]
    many = {
        record.photographer: record.values["times_floor"][_USED].mean
        for record in found
        if record.edits == MANY and record.name == name
    }
    out = []
    for record in few:
        if record.name == name:
            rivals = [
                other
                for other in few
                if other.photographer == record.photographer and other.settings["method"] in OTHERS
            ]
            best = max(rivals, key=_r2, default=None)
            out.append(
                Verdict(
                    record.photographer,
                    name,
                    _r2(record),
                    "-" if best is None else best.name,
                    math.nan if best is None else _r2(best),
                    many.get(record.photographer, math.nan),
                )
            )
    return out


def summary(judged: Sequence[Verdict]) -> str:
    """The verdicts as text, a line a photographer, and one line that counts them."""
    if not judged:
        return f"Aim: not judged; it takes a method of ours at {FEW} edits."
    lines = []
    for verdict in judged:
        ending = ""
        if verdict.many is not None:
            ending = f"; at {MANY}: {verdict.times_floor:.2f} x floor{'' if verdict.many else ', missed'}"
        lines.append(
            f"  {verdict.photographer:14} R2 {verdict.r2:.2f} at {FEW} edits ({verdict.rival} {verdict.rival_r2:.2f}), "
            f"{'reached' if verdict.few else 'missed'}{ending}"
        )
    few = sum(verdict.few for verdict in judged)
    many = [verdict.many for verdict in judged if verdict.many is not None]
    told = f"; at {MANY} edits within {TIMES_FLOOR} x the noise floor: {sum(many)} of {len(many)}" if many else ""
    head = (
        f"Aim, with {judged[0].name}: R2 >= {R2} at {FEW} edits and ahead of {', '.join(OTHERS)}: "
        f"{few} of {len(judged)} photographers{told}."
    )
    return "\n".join([head, *lines])


def _r2(record: Record) -> float:
    value = record.values["r2"][_USED].mean
    return -math.inf if math.isnan(value) else value


def _is_ours(method: str) -> bool:
    """Whether a variant is ours and comparable: one that chooses its photos is not compared with one that may not."""
    return method not in OTHERS and not METHODS[method].picks
