"""Reports an export: on the terminal, as JSON, and as a page."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import onnx

from autohdr.engines.prove.difference import TOLERANCES, Difference, Tolerance, rounded
from autohdr.engines.prove.speed import faster
from autohdr.errors import SettingsError
from autohdr.files.whole import write_atomically
from autohdr.model import inspection
from autohdr.model.onnx_file import read_model
from autohdr.sliders import SLIDERS
from autohdr_export.exporting import Exported
from autohdr_export.nodes import nodes
from autohdr_export.page import render
from autohdr_export.prove.everywhere import Row
from autohdr_export.prove.trial import BATCHES, machine

FORMATS = (".html", ".json")
SHOWN = 6
"""Nodes that are named on the terminal; the report names all."""


def check_report(path: Path) -> None:
    """Raises:
    SettingsError: the name ends otherwise than the two formats do, a folder has it, or its folder is not there.
    """
    if path.suffix.lower() not in FORMATS:
        raise SettingsError(f"--report {path} has an unknown ending; expected one of {', '.join(FORMATS)}")
    if not path.parent.is_dir() or path.is_dir():
        raise SettingsError(f"--report {path} cannot be written; name a file in a folder that is there")


def write_report(path: Path, exported: Exported) -> None:
    """Write all that was measured; what stood there is replaced.

    Raises:
        FileError: it cannot be written.
    """
    found = facts(exported)
    data = render(found) if path.suffix.lower() == ".html" else json.dumps(found, indent=2) + "\n"
    write_atomically(path, data.encode())


def facts(exported: Exported) -> dict[str, Any]:
    """All that was measured, plain JSON."""
    wanted, made = exported.wanted, exported.made
    torch, float32 = exported.base.difference, exported.base.file
    model = read_model(exported.path)
    return {
        "model": {**inspection.facts(model), **nodes(onnx.load_model_from_string(model.data))},
        "float32": {"sha256": float32.digest, "size": len(float32.data)},
        "machine": machine(),
        "sliders": [{"key": slider.key, "name": slider.name, "unit": slider.unit} for slider in SLIDERS],
        "parity": [
            *([] if torch is None else [_parity(_TORCH, torch, TOLERANCES["float32"])]),
            *(_parity(f"float32, over {over}", apart, wanted.tolerance) for over, apart in _compared(exported)),
        ],
        "engines": [_row(row) for row in exported.rows],
        "left_out": exported.left_out,
        "tried": made.tried,
    }


_TORCH = f"torch, over {sum(BATCHES)} extreme inputs in batches of {', '.join(map(str, BATCHES))}"


def _compared(exported: Exported) -> Iterator[tuple[str, Difference]]:
    """How far the model is from float32, and over what; of float32 itself nothing."""
    if (proof := exported.made.proof) is not None:
        photos, extremes = proof.compared
        yield f"{len(photos.sliders)} {proof.over.kind}", photos
        yield f"{len(extremes.sliders)} extreme inputs", extremes


def _parity(name: str, difference: Difference, tolerance: Tolerance) -> dict[str, Any]:
    return {"with": name, "tolerance": tolerance.to_json(), "sliders": difference.to_json(tolerance)}


def _row(row: Row) -> dict[str, Any]:
    return {
        "engine": row.engine,
        "model": row.model,
        "library": row.library,
        "photos_per_second": rounded(row.speed.rate),
        "processor_ms": rounded(row.speed.processor * 1e3),
        "worst": {slider.key: rounded(row.difference.worst[index]) for index, slider in enumerate(SLIDERS)},
    }


def text(exported: Exported) -> str:
    """The report as text for the terminal."""
    lines = []
    if exported.wanted.precision == "float32":
        lines.append(f"Largest difference from {_TORCH}: {exported.base.difference}")
    for over, difference in _compared(exported):
        lines += _table(over, difference, exported.wanted.tolerance)
    lines += _how(exported)
    lines.append(f"Its edits are made in {exported.base.file.info.mode}.")
    wrote = "Replaced" if exported.replaced else "Wrote"
    lines.append(
        f"{wrote} {exported.path} ({exported.size / 1e6:.1f} MB). Next: autohdr label PHOTOS --model {exported.path}"
    )
    return "\n".join(lines)


def _table(over: str, difference: Difference, tolerance: Tolerance) -> list[str]:
    lines = [f"Difference from float32 over {over}:", f"  {'':<11}{'p99':>12}{'largest':>12}{'allowed':>12}"]
    rows = zip(SLIDERS, difference.at(0.99), difference.worst, tolerance.limits, strict=True)
    for slider, *values in rows:
        lines.append(
            f"  {slider.name:<11}" + "".join(f"{f'{value:.2g} {slider.unit}'.rstrip():>12}" for value in values)
        )
    return lines


def _how(exported: Exported) -> list[str]:
    """One line on how a model was made, its size and its speed."""
    wanted, proof = exported.wanted, exported.made.told
    if wanted.precision == "float32":
        return []
    lines = [f"Made by: {proof['method']}."]
    if proof["share"] is not None:
        lines.append(f"In {wanted.precision}: {proof['share']:.0%} of the nodes that compute.")
    if proof["wide"]:
        lines.append(f"Left in float32: {_named(proof['wide'])}")
    if proof["subnormal"]:
        shares = {name: f"{share:.0%}" for name, share in proof["subnormal"].items()}
        lines.append(f"Weights of which some lose digits in {wanted.precision}: {_named(shares)}")
    lines.append(f"Size: {proof['size']:.2f} times that of float32.")
    return [*lines, _speed(exported)]


def _speed(exported: Exported) -> str:
    wanted, proof = exported.wanted, exported.made.proof
    if proof is not None and proof.speeds is not None:
        before, after = proof.speeds
        return (
            f"On engine {wanted.engine}: {after.processor * 1e3:.3g} ms of processor time a photo, in float32 "
            f"{before.processor * 1e3:.3g} ms, {faster(wanted.engine, after, before):.2g} times as fast."
        )
    if wanted.precision == "float16":
        return "Speed: float16 is for GPUs; on a CPU it is not faster than float32."
    return (
        "Speed: not timed here." if wanted.precision == "int8" else "Speed: bfloat16 is for engine openvino and GPUs."
    )


def _named(told: dict[str, str]) -> str:
    """`a (why), b (why), and 3 more`."""
    named = ", ".join(f"{name} ({why})" for name, why in list(told.items())[:SHOWN])
    return named + (f", and {len(told) - SHOWN} more" if len(told) > SHOWN else "")
