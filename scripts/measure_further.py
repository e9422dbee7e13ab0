"""Measures on real people how far off the further sliders and white balance are, beside what asks nothing of the photo.

    python scripts/measure_further.py EDITS --cache FOLDER

EDITS is a folder as `python -m autohdr_train.people` takes it; its list names `clarity`, `texture`, `dehaze`,
`white_balance`, `temperature` and `tint`, too. Pictures are taken back to scenes, which are kept in FOLDER. A style is
fitted to some edits of a person who moves a slider, `DRAWS` times, and asked about those of other days (of any, where
days are not known). Printed are sums of absolute errors over those of the median of the same edits.

A finished picture does not say in what light it was shot where its white balance was set by hand. The median of the
photos that the same camera took on the same day and that were left As Shot stands for it, and edits without such photos
are passed over; so this white balance is what can be told of real people, and no measurement of what is written.
"""

import argparse
import json
from collections import defaultdict
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autohdr.edits.photos import LabelledPhoto
from autohdr.model.info import find_model
from autohdr.model.onnx_file import read_model
from autohdr.shot.shot import Shot
from autohdr.sidecar.settings.further import AS_SHOT, Balance
from autohdr.sliders import limits_of
from autohdr.style.confidence.scores import in_use
from autohdr.style.description import describe
from autohdr.style.experts.people import days_of, load
from autohdr.style.further.fitting import fit_further
from autohdr.style.further.inputs import describe_beside
from autohdr.style.further.labels import LEAST_MIRED, LEAST_TINT, SLIDERS, labels_of
from autohdr_train.people.folder import LIST, Edit, read
from autohdr_train.people.inputs import pixels
from autohdr_train.people.scenes import places

Array = NDArray[np.float64]

COLUMNS = {"texture": "Texture", "clarity": "Clarity2012", "dehaze": "Dehaze"}
FEWEST, LEFT, DRAWS = 14, 4, 6
KEYS = [slider.key for slider in SLIDERS]


def main() -> None:
    """Runs the measurement, and prints its tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("edits", type=Path)
    parser.add_argument("--cache", type=Path, required=True)
    asked = parser.parse_args()
    lines = (asked.edits / LIST).read_text(encoding="utf-8").splitlines()
    told = {row["file"]: row for row in map(json.loads, lines)}
    edits = [edit for edit in read(asked.edits) if edit.person != "P00"]
    rows = [told[edit.path.name] for edit in edits]
    shots = _as_shot(edits, rows)
    photos = [_photo(edit, row) for edit, row in zip(edits, rows, strict=True)]
    labels, described = labels_of(photos, shots), _described(edits, shots, asked.cache)
    captured = np.array([np.nan if shot.captured is None else shot.captured for shot in shots])
    people = {name: np.flatnonzero([edit.person == name for edit in edits]) for name in {edit.person for edit in edits}}
    kept = {name: rows for name, rows in sorted(people.items()) if len(rows) >= FEWEST}
    _kept_as_shot(labels, kept)
    for count in (10, 20):
        _table(count, labels, described, captured, kept)


def _photo(edit: Edit, row: dict[str, Any]) -> LabelledPhoto:
    further = {key: float(row[name]) for name, key in COLUMNS.items() if row[name] is not None}
    balance: Balance = None
    if row["white_balance"] == "As Shot":
        balance = AS_SHOT
    elif row["temperature"] and row["tint"] is not None:
        balance = float(row["temperature"]), float(row["tint"])
    return LabelledPhoto(edit.path, np.zeros(8, np.float32), edit.mode.hdr, further=further, balance=balance)


def _as_shot(edits: list[Edit], rows: list[dict[str, Any]]) -> list[Shot]:
    """What is known of each shot, with the light as shot, or what stands for it."""
    same: defaultdict[tuple[object, ...], list[tuple[float, float]]] = defaultdict(list)
    for edit, row in zip(edits, rows, strict=True):
        if row["white_balance"] == "As Shot" and row["temperature"] and edit.day:
            same[edit.person, row["model"], edit.day].append((1e6 / row["temperature"], row["tint"] or 0.0))
    found = []
    for edit, row in zip(edits, rows, strict=True):
        others = same.get((edit.person, row["model"], edit.day))
        if row["white_balance"] == "As Shot" and row["temperature"]:
            light = row["temperature"], row["tint"]
        elif others and edit.day:
            mired, tint = np.median(others, axis=0)
            light = 1e6 / float(mired), float(tint)
        else:
            light = None, None
        found.append(replace(edit.shot, kelvin=light[0], tint=light[1]))
    return found


def _described(edits: list[Edit], shots: list[Shot], cache: Path) -> Array:
    spec, found = read_model(find_model(None)).info.spec, []
    for place, shot in zip(places(edits, cache), shots, strict=True):
        shown = pixels(place.scene(), spec)
        found.append(np.concatenate([describe(shown, spec, shot), describe_beside(shown, spec, shot)]))
    return np.stack(found)


def _kept_as_shot(labels: Array, people: dict[str, NDArray[np.int64]]) -> None:
    """Prints of how many people white balance is learnt, and how often what is As Shot stays so, left out."""
    print(f"{'':8}{'edits':>6}{'set, of those known':>21}{'usual offset':>14}")
    for name, rows in people.items():
        known = labels[rows][np.isfinite(labels[rows, 0]), :2]
        set_by_hand = (np.abs(known) > 0).any(axis=1)
        usual = np.median(known, axis=0) if len(known) else np.zeros(2)
        stays = abs(usual[0]) <= LEAST_MIRED and abs(usual[1]) <= LEAST_TINT
        print(
            f"{name:8}{len(rows):6}{int(set_by_hand.sum()):>12} of {len(known):5}{'As Shot' if stays else usual!s:>14}"
        )


def _table(count: int, labels: Array, described: Array, captured: Array, people: dict[str, NDArray[np.int64]]) -> None:
    """Prints, for each slider, errors over those of the median, of people who move it."""
    print(f"\n{count} edits: errors over those of the median of the same edits; people who move it, worst of them")
    print(f"{'':14}{'the style':>10}{'default':>9}{'people':>8}{'worst':>8}")
    limits = limits_of(SLIDERS)
    for key in ("Temperature", "Tint", *COLUMNS.values()):
        column, by_person = KEYS.index(key), {}
        for name, rows in people.items():
            used = in_use(labels[rows][:, [column]] / limits[column], [SLIDERS[column]])[0]
            if used and len(rows) >= count + LEFT:
                by_person[name] = _errors(count, column, labels[rows], described[rows], captured[rows])
        sums = {name: one for name, one in by_person.items() if one[1] > 0}
        if sums:
            ratios = np.array([[one[0] / one[1], one[2] / one[1]] for one in sums.values()])
            worst = max(sums, key=lambda name: sums[name][0] / sums[name][1])
            mean = ratios.mean(axis=0)
            told = f"{mean[0]:10.2f}{mean[1]:9.2f}{len(sums):8}{ratios[:, 0].max():8.2f} {worst}"
            print(f"{key:14}{told}")


def _errors(count: int, column: int, labels: Array, described: Array, captured: Array) -> Array:
    """Sums of absolute errors (3,): of the style, of the median, of the default."""
    total, people, days = np.zeros(3), load(), days_of(captured)
    for draw in range(DRAWS):
        random = np.random.default_rng(draw)
        known = np.unique(days[np.isfinite(days)])
        order = random.permutation(len(labels))
        if len(known) >= 3:
            order = np.concatenate([np.flatnonzero(days == day) for day in random.permutation(known)])
        learnt, rest = order[:count], order[count:]
        if len(known) >= 3:
            rest = rest[~np.isin(days[rest], days[learnt])]
        truth = labels[rest, column]
        told = labels[learnt, column]
        rest, truth = rest[np.isfinite(truth)], truth[np.isfinite(truth)]
        if not len(rest) or not np.isfinite(told).any():
            continue
        fitted = fit_further(labels[learnt], described[learnt], captured[learnt], np.zeros(count, bool), people)
        said = np.zeros(len(rest))
        if fitted is not None and KEYS[column] in fitted.further.keys:
            answers = fitted.further.answer(described[rest], captured[rest])[0]
            said = answers[:, fitted.further.keys.index(KEYS[column])]
        total += [np.abs(one - truth).sum() for one in (said, np.nanmedian(told), 0.0)]
    return total


if __name__ == "__main__":
    main()
