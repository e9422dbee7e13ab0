"""Makes the README's picture: `python scripts/readme_picture.py`, in an environment with `autohdr[cpu,fast]`.

A sample photo (CC0) unedited, and beside it with the sliders that the default model gives it; both as autohdr's
approximation of Camera Raw shows them. It is a gain-map JPEG: a screen with HDR shows the edit in HDR.
"""

import re
import shutil
import tempfile
from dataclasses import replace
from pathlib import Path

import numpy as np

import autohdr
from autohdr.develop import Picture, Settings, develop, renditions
from autohdr.mode import HDR
from autohdr.pictures import gain_map_jpeg
from autohdr.raw.scene import read_scene
from autohdr.sliders import SLIDERS

ROOT = Path(__file__).resolve().parents[1]
PHOTO = ROOT / "samples" / "shoot" / "sunrise.dng"
PICTURE = ROOT / "docs" / "pictures" / "before-after.jpg"
README = ROOT / "README.md"
CAPTION = re.compile(r"(<!-- picture -->\n).*?(<!-- /picture -->)", re.DOTALL)

EDGE = 480
"""Pixels of the long edge of each of the two."""
GAP = 8
"""White pixels between them."""


def side_by_side(left: Picture, right: Picture) -> Picture:
    """One picture of two that are equally high, with a white gap between them."""
    gap = np.ones((left.light.shape[0], GAP, 3), np.float32)
    return replace(right, light=np.hstack([left.light, gap, right.light]))


def caption(sliders: dict[str, float]) -> str:
    """The picture's line and caption in Markdown."""
    named = ", ".join(f"{slider.name} {slider.spell(sliders[slider.key])}" for slider in SLIDERS)
    path = PICTURE.relative_to(ROOT).as_posix()
    return f"![A sample photo before and after]({path})\n\n*Unedited, and as the default model edits it: {named}.*\n"


def main() -> None:
    """Writes the picture and its caption."""
    with tempfile.TemporaryDirectory() as folder:
        copy = shutil.copy(PHOTO, folder)
        sliders = autohdr.label(copy, dry_run=True).results[0].sliders
    assert sliders is not None, "a sample photo is labelled"
    scene = read_scene(PHOTO, EDGE)
    before = develop(scene, Settings())
    after = renditions(scene, Settings.of_sliders(sliders, HDR))
    assert after.hdr is not None, "the default model edits in HDR"
    PICTURE.parent.mkdir(exist_ok=True)
    PICTURE.write_bytes(gain_map_jpeg(side_by_side(before, after.sdr), side_by_side(before, after.hdr)))
    text = README.read_text(encoding="utf-8")
    made = CAPTION.sub(lambda marks: f"{marks[1]}{caption(sliders)}{marks[2]}", text)
    README.write_text(made, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
