"""Labels of the embedded network are what they were when they were looked at.

`golden_labels.json` holds them from November 2026, rounded as sidecars hold them, for the sample shoot and for real RAW
files; a value that lay between two steps may fall to either side. Three of the real ones are a bracket, which have the
label of the middle one.
"""

import json
from pathlib import Path

import pytest

from autohdr import SLIDERS, label

ROOT = Path(__file__).resolve().parents[3]
GOLDEN = json.loads((Path(__file__).parent / "golden_labels.json").read_text(encoding="utf-8"))


def same(folder: Path, golden: dict[str, list[float]]) -> None:
    results = {
        result.path.name: result for result in label(folder, engine="cpu", dry_run=True, existing="replace").results
    }
    for name, values in golden.items():
        sliders = results[name].sliders
        assert sliders is not None, results[name].reason
        for slider, value in zip(SLIDERS, values, strict=True):
            assert sliders[slider.key] == pytest.approx(value, abs=1.001 * slider.step), (name, slider.name)


def test_of_the_sample_shoot() -> None:
    same(ROOT / "samples" / "shoot", GOLDEN["shoot"])


def test_of_real_raw_files(shared_raws: Path) -> None:
    same(shared_raws, GOLDEN["raws"])
