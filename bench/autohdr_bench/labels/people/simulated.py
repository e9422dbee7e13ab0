"""Simulated photographers beside real ones: the same ways to learn, of people who follow a rule."""

import tempfile
from collections.abc import Sequence
from pathlib import Path

from autohdr_bench.labels.people.report import Table
from autohdr_bench.labels.run import run
from autohdr_bench.labels.study import Study, crossed
from autohdr_bench.labels.surroundings import Surroundings
from autohdr_bench.labels.table import ALL, records
from autohdr_scenes.photographers import PHOTOGRAPHERS

METHODS = {"mean": "mean", "ridge": "ridge", "gp": "gp", "style": "autohdr"}
"""Methods of `autohdr bench labels`, and what they are called among those for real people."""
PHOTOS, HELD_OUT, DRAWS = 400, 200, 2


def simulated(radiance: Path, cache: Path, edits: Sequence[int]) -> Table:
    """Returns R2 of each method, over sliders in use and simulated photographers, and the worst of them.

    Args:
        radiance: folder of OpenEXR radiance images, of two places or more.
        cache: folder of simulated photos, made once.
        edits: numbers of edits to learn from; those above `PHOTOS` are left out.

    Raises:
        SettingsError: the radiance images cannot be used, or a folder cannot be made.
    """
    counts = tuple(count for count in edits if count <= PHOTOS)
    variants = crossed(tuple(METHODS), ("default",), draws=DRAWS)
    study = Study(variants, tuple(PHOTOGRAPHERS), counts, steps=1, photos=PHOTOS, held_out=HELD_OUT)
    around = Surroundings(radiance, cache, PHOTOS, HELD_OUT, "cpu")
    with tempfile.TemporaryDirectory() as out:
        found = records(run(study, around, Path(out)))
    explained = {
        (record.settings["method"], record.edits, record.photographer): record.values["r2"][-1].mean for record in found
    }
    rows: list[tuple[str, ...]] = []
    for count in counts:
        for method, name in METHODS.items():
            own = {person: explained[method, count, person] for person in study.photographers}
            worst = min(own, key=lambda person: own[person])
            mean = explained[method, count, ALL]
            rows.append((str(count), str(len(own)), name, f"{mean:.2f}", f"{own[worst]:.2f} {worst}"))
    return Table(
        "Simulated photographers: R2 against the mean of the edits",
        ("edits", "photographers", "method", "R2", "worst"),
        rows,
    )
