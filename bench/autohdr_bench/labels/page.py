"""The study as one web page that needs nothing besides itself: numbers, pictures, style and script in a single file."""

import base64
import json
import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autohdr.files.whole import write_atomically
from autohdr.sliders import LIMITS, SLIDERS
from autohdr_bench.labels.aim import Verdict, summary
from autohdr_bench.labels.edits import Edits
from autohdr_bench.labels.inside import Inside, read_inside, strip, thumbnail, veil
from autohdr_bench.labels.run import PREDICTIONS, Line
from autohdr_bench.labels.table import COLUMNS, MEASURES, Record
from autohdr_export.web.page import page
from autohdr_train.data.bank import Part

TEMPLATES = Path(__file__).parent / "template"
SHOWN = 120
"""Scored photos that predictions are shown for, one by one: each takes 3 KB of the page."""
DIGITS = 4
RESOLUTION = 20000
"""Steps that a slider's whole range is cut into on the page."""


def write_page(
    path: Path,
    found: Sequence[Record],
    judged: Sequence[Verdict],
    lines: Sequence[Line],
    edits: dict[str, Edits],
    part: Part,
) -> None:
    """The page of a study.

    Args:
        path: of the HTML file; beside it lie the study's `predictions` and `inside`.
        found: the table's records.
        judged: the verdicts.
        lines: all cells.
        edits: by photographer.
        part: the scored photos.

    Raises:
        FileError: it cannot be written.
    """
    shown = np.arange(min(SHOWN, len(part)))
    data = {
        "columns": COLUMNS,
        "sliders": [{"name": slider.name, "unit": slider.unit, "digits": slider.decimals + 1} for slider in SLIDERS],
        "limits": LIMITS.tolist(),
        "measures": MEASURES,
        "summary": summary(judged),
        "records": [_record(record) for record in found],
        "curves": [_curve(line) for line in lines if line["curve"]],
        "photographers": {name: _photographer(own, shown) for name, own in edits.items()},
        "resolution": RESOLUTION,
        "predictions": _predictions(path.parent, lines, len(shown)),
        "photos": [_url("jpeg", thumbnail(part.picture(int(row)))) for row in shown],
        "places": [part.groups[row] for row in shown],
        "inside": _insides(path.parent, lines, part),
    }
    write_atomically(path, render(data).encode())


def render(data: dict[str, Any]) -> str:
    """The page that shows `data`, plain JSON."""
    body, style, script = (
        (TEMPLATES / name).read_text(encoding="utf-8") for name in ("body.html", "page.css", "page.js")
    )
    # `</` would end the element that the numbers stand in.
    numbers = json.dumps(_finite(data), separators=(",", ":"), ensure_ascii=False).replace("</", "<\\/")
    for mark, text in (("/*SCRIPT*/", script), ("/*DATA*/", numbers)):
        body = body.replace(mark, text, 1)
    return page("A photographer's style from a few edits: the study", body, style)


def _record(record: Record) -> dict[str, Any]:
    values = [
        [[_short(part) for part in (at.mean, at.low, at.high)] for at in record.values[measure]] for measure in MEASURES
    ]
    return {
        "photographer": record.photographer,
        "name": record.name,
        "edits": record.edits,
        "steps": record.settings["steps"],
        "count": record.count,
        "values": values,
        "seconds": _short(record.seconds),
        "threads": " ".join(str(count) for count in record.threads),
    }


def _curve(line: Line) -> dict[str, Any]:
    return {key: line[key] for key in ("photographer", "name", "edits", "draw", "curve")}


def _photographer(edits: Edits, rows: NDArray[np.int64]) -> dict[str, Any]:
    labels, clean = edits.of("held_out", rows)
    uses = [bool(used) for used in edits.photographer.uses]
    return {"about": edits.photographer.about, "uses": uses, "labels": _packed(labels), "clean": _packed(clean)}


def _predictions(out: Path, lines: Sequence[Line], count: int) -> list[dict[str, Any]]:
    """Predictions of the first draw, as far as they were kept."""
    found = []
    for line in lines:
        path = out / PREDICTIONS / f"{line['key']}.npy"
        if line["draw"] == 0 and path.is_file():
            told = {key: line[key] for key in ("photographer", "name", "edits")}
            found.append(told | {"values": _packed(np.load(path)[:count].astype(np.float64))})
    return found


def _insides(out: Path, lines: Sequence[Line], part: Part) -> list[dict[str, Any]]:
    found = []
    for line in lines:
        inside = read_inside(out, line["key"])
        if inside is not None:
            told = {key: line[key] for key in ("photographer", "name", "edits")}
            found.append(told | _inside(inside, part))
    return found


def _inside(inside: Inside, part: Part) -> dict[str, Any]:
    return {
        "photos": [_url("jpeg", thumbnail(part.picture(int(row)))) for row in inside.photos],
        "veils": [[[_url("png", veil(head)) for head in layer] for layer in photo] for photo in inside.attention],
        "weights": _url("png", strip(inside.weights)),
        "width": inside.weights.shape[1],
        "norms": [_short(float(norm)) for norm in np.linalg.norm(inside.weights, axis=1)],
    }


def _packed(values: NDArray[np.float64]) -> str:
    """Sliders (N, 8) in Lightroom's units as 16-bit integers, `RESOLUTION` a range, -32768 for NaN, in base64."""
    steps = np.rint(np.clip(values / LIMITS, -1.0, 1.0) * (RESOLUTION / 2))
    return base64.b64encode(np.where(np.isfinite(values), steps, -32768).astype("<i2").tobytes()).decode()


def _url(kind: str, data: bytes) -> str:
    return f"data:image/{kind};base64,{base64.b64encode(data).decode()}"


def _short(value: float) -> float | None:
    return round(value, DIGITS) if math.isfinite(value) else None


def _finite(value: Any) -> Any:
    """Values with null for what JSON has no number for."""
    if isinstance(value, dict):
        return {key: _finite(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_finite(item) for item in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value
