"""The study's tables in Markdown, between two marks of a page: rows of measures, and claims by their differences."""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from autohdr.errors import FileError
from autohdr.files.whole import read_bytes, write_atomically
from autohdr_train.quality.training.agreement import Fold, Interval, interval, over_folds
from autohdr_train.quality.training.recipe import RECIPES
from autohdr_train.quality.training.study import NORMED, Results

MARK = re.compile(r"(<!-- figures -->\n).*?(<!-- /figures -->)", re.DOTALL)
MODELS = ("vtamiq", "pieapp")
NAMES = {"vtamiq": "VTAMIQ", "pieapp": "PieAPP", "pmax": "Pmax", "255": "255"}


class Claim(NamedTuple):
    """Something that may hold: that one row agrees better than another."""

    text: str
    better: str
    worse: str


def tables(learnt: Results, plain: Results) -> str:
    """All rows with their figures, and all claims with the intervals of their differences."""
    return "\n".join([*_rows(learnt, plain), "", *_claims(learnt, plain)]) + "\n"


def write(page: Path, text: str) -> None:
    """Replaces what stands between the page's marks; a page that is not there is made.

    Raises:
        FileError: it has no marks, or cannot be written.
    """
    before = (read_bytes(page) or b"<!-- figures -->\n<!-- /figures -->\n").decode()
    if not MARK.search(before):
        raise FileError(f"{page} has no line <!-- figures --> with <!-- /figures --> after it; put both where they go")
    write_atomically(page, MARK.sub(lambda match: f"{match[1]}\n{text}\n{match[2]}", before).encode())


def _rows(learnt: Results, plain: Results) -> list[str]:
    lines = ["| measure | SROCC (95 % interval) | KROCC | PLCC | RMSE, JOD |", "|---|---|---|---|---|"]
    for name, folds in [*plain.items(), *learnt.items()]:
        figures, ranks = over_folds(folds), interval(folds)
        lines.append(
            f"| {_spelled(name)} | {ranks.value:.3f} ({ranks.low:.3f} to {ranks.high:.3f}) | {figures.krocc:.3f} | "
            f"{figures.plcc:.3f} | {figures.rmse:.2f} |"
        )
    return lines


def _claims(learnt: Results, plain: Results) -> list[str]:
    lines = ["| claim | VTAMIQ | PieAPP |", "|---|---|---|"]
    everything = {**learnt, **{f"{architecture}-{name}": plain[name] for architecture in MODELS for name in plain}}
    for claim in _all_claims(plain):
        said = [_compared(everything, claim, architecture) for architecture in MODELS]
        lines.append(f"| {claim.text} | {' | '.join(said)} |")
    return lines


def _all_claims(plain: Results) -> Sequence[Claim]:
    def pmax(text: str, better: str, worse: str) -> Claim:
        return Claim(text, f"pmax-{better}", f"pmax-{worse}")

    return [
        pmax("fine-tuned is better than from scratch on HDR", "finetuned", "scratch"),
        pmax("fine-tuned is better than SDR alone", "finetuned", "sdr"),
        pmax("adapted with labels (CORAL) is better than from scratch", "labelled-coral", "scratch"),
        pmax("adapted with labels (CORAL) is better than fine-tuned", "labelled-coral", "finetuned"),
        pmax("with labels, CORAL is better than nothing aligned", "labelled-coral", "labelled-none"),
        pmax("with labels, CORAL is better than means matched", "labelled-coral", "labelled-mean"),
        pmax("with labels, published CORAL is better than the code's", "labelled-coral", "labelled-minmax"),
        pmax("adapted without labels (CORAL) is better than SDR alone", "unlabelled-coral", "sdr"),
        pmax("without labels, CORAL is better than nothing aligned", "unlabelled-coral", "unlabelled-none"),
        pmax("without labels, CORAL is better than means matched", "unlabelled-coral", "unlabelled-mean"),
        pmax("without labels, published CORAL is better than the code's", "unlabelled-coral", "unlabelled-minmax"),
        *(Claim(f"Pmax is better than 255: {RECIPES[name].means}", f"pmax-{name}", f"255-{name}") for name in NORMED),
        *(Claim(f"adapted with labels (CORAL) is better than {name}", "pmax-labelled-coral", name) for name in plain),
    ]


def _compared(learnt: Results, claim: Claim, architecture: str) -> str:
    rows: list[Sequence[Fold] | None] = [learnt.get(f"{architecture}-{name}") for name in (claim.better, claim.worse)]
    if rows[0] is None or rows[1] is None:
        return "not run"
    return _verdict(interval(rows[0], rows[1]))


def _verdict(found: Interval) -> str:
    word = "not told from nothing" if not found.clear else "holds" if found.value > 0 else "the other way round"
    return f"{word}: {found.value:+.3f} ({found.low:+.3f} to {found.high:+.3f})"


def _spelled(name: str) -> str:
    architecture, _, rest = name.partition("-")
    if architecture not in NAMES:
        return name
    norm, _, recipe = rest.partition("-")
    return f"{NAMES[architecture]}, {NAMES[norm]}: {RECIPES[recipe].means}"
