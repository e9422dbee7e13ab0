"""The report of an export as one web page that needs nothing besides itself."""

from collections import defaultdict
from collections.abc import Sequence
from html import escape
from pathlib import Path
from typing import Any

from autohdr.engines.prove.difference import EDGES
from autohdr.model.inspection import text
from autohdr_export.web.page import page, remark, section, table

CSS = Path(__file__).parent / "page.css"
_WIDTH, _HEIGHT, _TOP, _BOTTOM = 240, 96, 6, 18
_MARKS = {0: "1/64", 2: "1/16", 4: "1/4", 6: "1"}
"""Edges that are named under a histogram."""
_ENGINES = (
    ". Photos a second by the clock, and processor time a photo over all threads; the models took turns, so quote the "
    "ratios. Differences are the largest from the float32 model on engine cpu, over the same photos."
)
_SLIDERS = (
    "Each bar is a share of the photos: how far their slider is from the reference's, in shares of what is allowed. "
    "Dashed: what is allowed."
)


def render(found: dict[str, Any]) -> str:
    """The page that shows `found`, as `report.facts` makes it."""
    model, proof = found["model"], found["model"]["proof"]
    machine = "{processor}, {cores} cores, {system}, Python {python}".format(**found["machine"])
    whole = f"<details><summary>All that the file says of itself</summary><pre>{escape(text(model))}</pre></details>"
    sections = [
        section("On this machine", _engines(found), machine + _ENGINES),
        section(
            "Differences, slider by slider",
            "".join(_parity(part, found["sliders"]) for part in found["parity"]),
            _SLIDERS,
        ),
        _wide(proof.get("wide") or {}),
        _tried(found["tried"]),
        section("The model", whole),
    ]
    title = _title(model)
    head = f"<header><h1>{escape(title)}</h1><p>{escape(_summary(found))}</p></header>"
    return page(title, f"{head}<main>{''.join(sections)}</main>", CSS.read_text(encoding="utf-8"))


def _title(model: dict[str, Any]) -> str:
    target = f" for {model['target']}" if model["target"] else ""
    return f"{model['name']}, {model['precision']}{target}"


def _summary(found: dict[str, Any]) -> str:
    model, proof = found["model"], found["model"]["proof"]
    sentences = [f"{model['size'] / 1e6:.1f} MB; the float32 model has {found['float32']['size'] / 1e6:.1f} MB."]
    if proof.get("method"):
        sentences.append(f"Made by: {proof['method']}.")
    if proof.get("share") is not None:
        sentences.append(f"{proof['share']:.0%} of the nodes that compute do so in {model['precision']}.")
    if proof.get("calibration"):
        sentences.append(f"Calibrated on {proof['calibration']} photos.")
    return " ".join(sentences)


def _engines(found: dict[str, Any]) -> str:
    sliders = found["sliders"]
    head = ["Engine", "Model", "Photos/s", "CPU ms", *(_named(slider) for slider in sliders)]
    rows = [
        [
            f"{row['engine']} ({row['library']})",
            row["model"],
            f"{row['photos_per_second']:g}",
            f"{row['processor_ms']:g}",
            *(f"{row['worst'][slider['key']]:.2g}" for slider in sliders),
        ]
        for row in found["engines"]
    ]
    return table(head, rows) + _list(found["left_out"], "Not measured:")


def _parity(part: dict[str, Any], sliders: Sequence[dict[str, str]]) -> str:
    tolerance = part["tolerance"]
    figures = []
    for slider in sliders:
        found = part["sliders"][slider["key"]]
        allowed = tolerance["ev"] if slider["unit"] == "EV" else tolerance["other"]
        figures.append(
            f"<figure><figcaption>{escape(slider['name'])} <span class='quiet'>p99 {found['p99']:.2g}, largest "
            f"{found['worst']:.2g}, allowed {allowed:g} {slider['unit']}</span></figcaption>"
            f"{_histogram(found['histogram'], slider['name'])}</figure>"
        )
    share = "" if tolerance["share"] == 1 else f", for {tolerance['share']:.0%} of them"
    return f"<h3>From {escape(part['with'])}{share}</h3><div class='histograms'>{''.join(figures)}</div>"


def _histogram(counts: Sequence[int], name: str) -> str:
    """Bars on a scale of doublings, with the tolerance as a line."""
    step, room = _WIDTH / len(counts), _HEIGHT - _TOP - _BOTTOM
    floor, total = _HEIGHT - _BOTTOM, sum(counts)
    labels = ["below 1/64", *(f"{low:g} to {2 * low:g}" for low in EDGES[:-1]), "above 2"]
    parts = []
    for index, (count, label) in enumerate(zip(counts, labels, strict=True)):
        height = room * count / total
        kind = "over" if index > EDGES.index(1.0) else "ours"
        parts.append(
            f"<rect class='{kind}' x='{index * step + 1:.1f}' y='{floor - height:.1f}' width='{step - 2:.1f}' "
            f"height='{height:.1f}'><title>{count} of {total}: {label} of what is allowed</title></rect>"
        )
    parts.append(f"<line class='axis' x1='0' x2='{_WIDTH}' y1='{floor}' y2='{floor}'/>")
    limit = (EDGES.index(1.0) + 1) * step
    parts.append(f"<line class='limit' x1='{limit:.1f}' x2='{limit:.1f}' y1='{_TOP}' y2='{floor}'/>")
    for index, mark in _MARKS.items():
        parts.append(f"<text x='{(index + 1) * step:.1f}' y='{_HEIGHT - 4}' text-anchor='middle'>{mark}</text>")
    title = f"{name}: photos by difference, in shares of what is allowed"
    return f"<svg viewBox='0 0 {_WIDTH} {_HEIGHT}' role='img' aria-label='{escape(title)}'>{''.join(parts)}</svg>"


def _wide(wide: dict[str, str]) -> str:
    if not wide:
        return ""
    named: dict[str, list[str]] = defaultdict(list)
    for node, why in wide.items():
        named[why].append(node)
    rows = [[f"{len(nodes)}", why, ", ".join(nodes)] for why, nodes in named.items()]
    return section("Left in float32", table(["Parts", "Why", "Names"], rows, "words"))


def _tried(tried: Sequence[dict[str, Any]]) -> str:
    if not tried:
        return ""
    head = list(dict.fromkeys(key for way in tried for key in way))
    rows = [[_cell(way.get(key)) for key in head] for way in tried]
    return section("What was tried", table([key.replace("_", " ") for key in head], rows))


def _cell(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{key} {_cell(item)}" for key, item in value.items())
    if isinstance(value, list):
        return ", ".join(map(_cell, value))
    return f"{value:.3g}" if isinstance(value, float) else "" if value is None else str(value)


def _named(slider: dict[str, str]) -> str:
    return f"{slider['name']}, EV" if slider["unit"] else slider["name"]


def _list(items: Sequence[str], head: str) -> str:
    if not items:
        return ""
    return f"{remark(head)}<ul>{''.join(f'<li>{escape(item)}</li>' for item in items)}</ul>"
