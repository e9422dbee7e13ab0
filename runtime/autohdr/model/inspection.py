"""What a model file says of itself: its input, how it was proven, what it was trained on, and what it writes."""

import hashlib
import json
from os import PathLike
from pathlib import Path
from typing import Any

from autohdr.engines.trt.record import record_of, stored
from autohdr.errors import ModelError
from autohdr.files.whole import read_bytes
from autohdr.mode import Mode
from autohdr.model.info import ModelFile, find_model
from autohdr.model.onnx_file import read_model
from autohdr.quality.model import is_quality_model, read_quality_model
from autohdr.sliders import SLIDERS
from autohdr.style.confidence.scores import table
from autohdr.style.confidence.verdict import what_was_learnt
from autohdr.style.file import load_style, score_from_dict


def inspect(file: str | PathLike[str]) -> dict[str, Any]:
    """What a style, a model file (of sliders or of quality), the one in a folder, or a TensorRT plan is: plain JSON.

    Raises:
        ModelError: there is no such file, or it is none of ours, or damaged.
        FileError: it cannot be read.
    """
    path = Path(file)
    if path.suffix == ".plan" and path.is_file():
        return _plan(path)
    if path.is_file() and path.suffix != ".onnx":
        return {"size": path.stat().st_size, **load_style(path).describe()}
    model = find_model(path)
    return read_quality_model(model).describe() if is_quality_model(model) else facts(read_model(model))


def facts(found: ModelFile) -> dict[str, Any]:
    """What a model file says of itself: plain JSON."""
    return {
        "path": str(found.path),
        "sha256": found.digest,
        "size": len(found.data),
        **_told(json.loads(found.info.to_json())),
    }


def _told(model: dict[str, Any]) -> dict[str, Any]:
    """The fields of `ModelInfo.to_json` without those that are the same in all models."""
    keys = ("name", "precision", "target", "autohdr", "opset", "input", "proof", "trained_on")
    return {"mode": Mode.from_dict(model.get("mode")).to_dict(), **{key: model[key] for key in keys}}


def _plan(path: Path) -> dict[str, Any]:
    beside = record_of(path)
    data, told = read_bytes(path), read_bytes(beside)
    if data is None or told is None:
        missing = path if data is None else beside
        raise ModelError(f"{missing} does not exist; expected a plan, and the .json that is written beside each")
    try:
        record = json.loads(told)
        return {
            "path": str(path),
            "sha256": hashlib.sha256(data).hexdigest()[:12],
            "size": len(data),
            "whole": stored(path).whole,
            **_told(record["model"]),
            "built": record["built"],
            "for": record["key"],
            "tensors": record["tensors"],
        }
    except (ValueError, TypeError, KeyError) as error:
        raise ModelError(f"{beside} is damaged; build the plan again with autohdr export --trt") from error


def text(found: dict[str, Any]) -> str:
    """The facts about a style or a model file as text for people."""
    found = dict(found)
    if "sets" in found:
        return _style(found)
    lines = [f"{found.pop('path')}: {found.pop('size') / 1e6:.1f} MB"]
    proof, trained_on = found.pop("proof", None), found.pop("trained_on", None)
    if "mode" in found:
        lines.append(f"{'mode':<10} {Mode.from_dict(found.pop('mode'))}")
    if "architecture" in found:  # of a quality model, whose proof is in JOD
        lines += [*(f"{key:<12} {_flat(value)}" for key, value in found.items()), "", "Compared", *_tree(proof, "  ")]
        return "\n".join([*lines, "", "Trained on", *_tree(trained_on, "  ")])
    lines += [f"{key:<10} {_flat(value)}" for key, value in found.items() if value is not None]
    if proof is not None:
        lines += ["", *(_proof(proof) if proof else ["Nobody has compared it with what was trained."])]
    if trained_on is not None:
        lines += ["", "Trained on", *_tree(trained_on, "  ")]
    return "\n".join(lines)


def _style(found: dict[str, Any]) -> str:
    """A style as text: what it was learnt from, and how far off it was."""
    scores, learnt_from, preset = (found.pop(key) for key in ("scores", "learnt_from", "preset"))
    lines = [f"{found.pop('path')}: a style, {found.pop('size') / 1e3:.0f} kB"]
    lines.append(f"{'mode':<12} {Mode.from_dict(found.pop('mode'))}")
    lines += [f"{key:<12} {_flat(value)}" for key, value in found.items() if key != "sets"]
    lines.append(f"{'preset':<12} {', '.join(preset['words']) or 'none'}")
    rows = tuple(score_from_dict(row) for row in scores)
    return "\n".join([*lines, "", "Learnt from", *_tree(learnt_from, "  "), "", table(rows), what_was_learnt(rows)])


def _proof(proof: dict[str, Any]) -> list[str]:
    """How far it is from its reference, a line a slider."""
    proof = dict(proof)
    below, parts = proof.pop("below", None), [proof.pop(part, None) for part in ("photos", "extremes")]
    lines = ["Compared", *_tree(proof, "  ")]
    if below is not None:
        lines += ["  largest difference below"]
        lines += [f"    {slider.name:<11}{_value(below[slider.key], slider.unit)}" for slider in SLIDERS]
    for name, part in zip(("photos", "extreme inputs"), parts, strict=True):
        if part is not None:
            lines += [
                f"  difference over {name}",
                f"    {'':<11}{'p99':>12}{'largest':>12}   photos by share of tolerance",
            ]
            lines += [_slider_line(slider.name, slider.unit, part[slider.key]) for slider in SLIDERS]
    return lines


def _slider_line(name: str, unit: str, found: dict[str, Any]) -> str:
    p99, worst = (_value(found[key], unit) for key in ("p99", "worst"))
    return f"    {name:<11}{p99:>12}{worst:>12}   {' '.join(map(str, found['histogram']))}"


def _value(value: float, unit: str) -> str:
    return f"{value:.2g} {unit}".rstrip()


def _flat(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{key} {_flat(item)}" for key, item in value.items())
    return " ".join(_flat(item) for item in value) if isinstance(value, list) else str(value)


def _tree(value: dict[str, Any], indent: str) -> list[str]:
    """One line for each key; what is nested goes deeper."""
    lines = []
    for key, item in value.items():
        if isinstance(item, dict) and any(isinstance(inner, dict | list) for inner in item.values()):
            lines += [f"{indent}{key}", *_tree(item, indent + "  ")]
        elif isinstance(item, list) and any(isinstance(inner, dict | str) for inner in item):
            lines += [f"{indent}{key}", *(f"{indent}  {_flat(inner)}" for inner in item)]
        elif item not in (None, {}, []):
            lines.append(f"{indent}{key}: {_flat(item)}")
    return lines
