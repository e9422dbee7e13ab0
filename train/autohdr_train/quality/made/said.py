"""Tells what a made data set holds, in Markdown: its distortions, their scores, and which teacher sees what."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np

from autohdr.errors import SettingsError
from autohdr_train.quality.made import record
from autohdr_train.quality.made.kinds import KINDS
from autohdr_train.quality.made.teachers import BEST, shift_loss
from autohdr_train.quality.training.agreement import srocc

LEVELS = ("1", "2", "3", "4", "5")
DOMAINS = ("sdr", "hdr")


def kinds_table() -> str:
    """Returns a table of all distortions: what each does at a level, and its five levels in SDR and in HDR."""
    body = []
    for name, kind in KINDS.items():
        formula = " ".join((kind.distort.__doc__ or "").split())
        levels = [", ".join(f"{level:g}" for level in kind.levels(domain)) for domain in ("sdr", "hdr")]
        body.append([name, formula, *levels])
    return _table(("distortion", "formula", "SDR", "HDR"), body)


def scores_table(folder: Path) -> str:
    """Returns a table in Markdown: the mean score in JOD of each distortion and level, in SDR and in HDR.

    Raises:
        SettingsError: the folder holds no made data set.
    """
    found: dict[tuple[str, str, str], list[float]] = defaultdict(list)
    for row in _scores(folder):
        found[row["distortion"], row["domain"], row["level"]].append(float(row["jod"]))
    head = ["distortion", *(f"{domain.upper()} {level}" for domain in DOMAINS for level in LEVELS)]
    body = [[kind, *(_mean(found[kind, domain, level], 1) for domain in DOMAINS for level in LEVELS)] for kind in KINDS]
    return _table(head, body)


def teachers_table(folder: Path) -> str:
    """Returns a table in Markdown: what each teacher takes off for a distortion, in JOD, and which takes off more.

    Raises:
        SettingsError: the folder holds no made data set.
    """
    losses: dict[tuple[str, str], list[tuple[float, float]]] = defaultdict(list)
    for row in _scores(folder):
        pair = BEST - float(row["cvvdp_jod"]), shift_loss(float(row["delta_e_itp"]))
        losses[row["distortion"], row["domain"]].append(pair)
    body = []
    for kind in KINDS:
        cells = [kind]
        for domain in DOMAINS:
            both = np.array(losses[kind, domain]).reshape(-1, 2)
            cells += [_mean(both[:, 0], 2), _mean(both[:, 1], 2), _mean(100.0 * (both[:, 1] > both[:, 0]), 0)]
        body.append(cells)
    parts = ("ColorVideoVDP", "delta-E ITP", "% more by delta-E")
    return _table(["distortion", *(f"{domain.upper()}: {part}" for domain in DOMAINS for part in parts)], body)


def agreement_table(folder: Path) -> str:
    """Returns a table in Markdown: Spearman's correlation of what both teachers take off, by groups of distortions.

    Raises:
        SettingsError: the folder holds no made data set.
    """
    rows = _scores(folder)
    body = []
    for group in (*dict.fromkeys(kind.group for kind in KINDS.values()), "all"):
        cells = [group]
        for domain in DOMAINS:
            own = [
                (float(row["cvvdp_jod"]), -float(row["delta_e_itp"]))
                for row in rows
                if row["domain"] == domain and group in ("all", KINDS[row["distortion"]].group)
            ]
            both = np.array(own).reshape(-1, 2)
            cells.append(f"{srocc(both[:, 0], both[:, 1]):.2f}" if len(both) > 2 else "-")
        body.append(cells)
    return _table(("distortions", "SDR", "HDR"), body)


def _scores(folder: Path) -> list[record.Row]:
    rows = record.scores(folder)
    if not rows:
        raise SettingsError(f"{folder} holds no made data set; expected {record.SCORES}")
    return rows


def _mean(values: Iterable[float], digits: int) -> str:
    held = list(values)
    return f"{np.mean(held):.{digits}f}" if held else "-"


def _table(head: Sequence[str], body: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *body]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)
