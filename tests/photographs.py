"""Makes a folder of small finished photographs of several sources."""

import csv
from pathlib import Path

import numpy as np
from PIL import Image

from autohdr.develop import Scene, develop
from autohdr.develop.settings import Settings
from autohdr.develop.transfer import encode

SOURCES = ("one/first@1/a.jpg", "one/second@1/b.jpg", "npm pack@2.0/c.jpg", "Debian gcompris 3.1 (rcc)/d.webp")
COUNT = 12


def scene(seed: int) -> Scene:
    """Blocks of colour about a middle grey, some of them brighter than white."""
    random = np.random.default_rng(seed)
    levels = random.normal(-2.6, 1.3, (6, 9, 1)) + random.normal(0.0, 0.3, (6, 9, 3))
    blocks = np.kron(levels, np.ones((8, 8, 1))) + 0.05 * random.standard_normal((48, 72, 1))
    return Scene.of_linear(np.exp2(blocks).astype(np.float32), sensor_white=1.8)


def write_photographs(folder: Path) -> Path:
    """Twelve finished photographs of four sources, with their list; two more lines that are to be left out."""
    rows = []
    for index in range(COUNT):
        shown = encode(develop(scene(index), Settings(), "srgb").light)
        name = f"photo_{index:02d}.png"
        Image.fromarray((255 * np.clip(shown, 0, 1) + 0.5).astype(np.uint8)).save(folder / name)
        rows.append([name, "A CC BY 4.0", SOURCES[index % len(SOURCES)], f"(credit: Person {index % 5})"])
    rows.append(["gone.png", "A CC BY 4.0", SOURCES[0], ""])
    rows.append([rows[0][0], "A CC BY 4.0", SOURCES[0], "(credit: Somebody, CC BY-NC 2.0)"])
    with (folder / "sources.csv").open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([["file", "licence", "source", "credit"], *rows])
    return folder
