"""Runs a study, and writes its table and its page."""

from pathlib import Path

from autohdr_bench.labels.aim import summary, verdicts
from autohdr_bench.labels.edits import Edits
from autohdr_bench.labels.page import write_page
from autohdr_bench.labels.run import run
from autohdr_bench.labels.study import Study
from autohdr_bench.labels.surroundings import Surroundings
from autohdr_bench.labels.table import records, write_table
from autohdr_scenes.photographers import find

TABLE, PAGE = "table.csv", "page.html"


def measure(study: Study, radiance: Path, out: Path, cache: Path, *, device: str = "cpu") -> str:
    """Run what is not done yet of a study, write its table and its page, and say how it came out.

    Args:
        study: what is compared.
        radiance: folder of OpenEXR radiance images, of two places or more.
        out: where all goes; made if it is missing.
        cache: folder of simulated photos, made once for all studies.
        device: where torch computes.

    Raises:
        SettingsError: the radiance images cannot be used, or a name is unknown, or a folder cannot be made.
        ModelError: a start cannot be loaded.
        LearningError: learning diverged.
        FileError: `out` cannot be written to.
    """
    around = Surroundings(radiance, cache, study.photos, study.held_out, device)
    lines = run(study, around, out)
    found = records(lines)
    judged = verdicts(found)
    write_table(out / TABLE, found)
    bank = around.bank(study.variants[0].start)
    edits = {name: Edits(find(name), bank) for name in study.photographers}
    write_page(out / PAGE, found, judged, lines, edits, bank.held_out)
    return f"{summary(judged)}\nWrote {out / TABLE} and {out / PAGE}: {len(lines)} runs."
