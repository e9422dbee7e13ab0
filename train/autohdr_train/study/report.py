"""A study from its plan to its table and page."""

from pathlib import Path

from autohdr_train.scenes.photographers import find
from autohdr_train.study.aim import summary, verdicts
from autohdr_train.study.edits import Edits
from autohdr_train.study.page import write_page
from autohdr_train.study.plan import Plan
from autohdr_train.study.run import run
from autohdr_train.study.surroundings import Surroundings
from autohdr_train.study.table import records, write_table

TABLE, PAGE = "table.csv", "page.html"


def compare(plan: Plan, radiance: Path, out: Path, cache: Path, *, device: str = "cpu") -> str:
    """Run what is not done yet of a study, write its table and its page, and say how it came out.

    Args:
        plan: what is compared.
        radiance: folder of OpenEXR radiance images, of two places or more.
        out: where all goes; made if it is missing.
        cache: folder of simulated photos, made once for all studies.
        device: where torch computes.

    Raises:
        SettingsError: the radiance images cannot be used, or a name is unknown, or a folder cannot be made.
        ModelError: a start cannot be loaded.
        TrainingError: learning diverged.
        FileError: `out` cannot be written to.
    """
    around = Surroundings(radiance, cache, plan.photos, plan.held_out, device)
    lines = run(plan, around, out)
    found = records(lines)
    judged = verdicts(found)
    write_table(out / TABLE, found)
    bank = around.bank(plan.variants[0].start)
    edits = {name: Edits(find(name), bank) for name in plan.photographers}
    write_page(out / PAGE, found, judged, lines, edits, bank.held_out)
    return f"{summary(judged)}\nWrote {out / TABLE} and {out / PAGE}: {len(lines)} runs."
