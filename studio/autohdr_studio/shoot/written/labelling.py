"""Writes labels as `autohdr label` does: by its stages, with its refusals, and into its journal of what is finished."""

import contextlib
from collections.abc import Collection, Generator, Sequence
from pathlib import Path
from typing import Any

from autohdr.codes import Code
from autohdr.run.labeller import depends_on
from autohdr.run.results.report import Result
from autohdr.run.settings import Settings
from autohdr.run.stages.looking import Looking
from autohdr.run.state.journal import Journal
from autohdr.run.stop import Stop
from autohdr.sidecar import Owners
from autohdr_studio.shoot.learnt.answers import Labels
from autohdr_studio.shoot.photo import Photo


def write_labels(
    labels: Labels,
    photos: Sequence[Photo],
    chosen: Collection[Path],
    where: tuple[Sequence[Path], Path],
    stop: Stop,
    *,
    dry: bool,
) -> Generator[Result]:
    """Writes the labels of photos, or says what that would do; the results come in order, of some after others.

    Args:
        labels: of a style, or of the model's own head.
        photos: all of the shoot, in order.
        chosen: those that are written.
        where: the folders, which are locked unless this is a dry run, and the state folder.
        stop: which a full disk stops.
        dry: write nothing.
    """
    predictor = labels.predictor
    settings = depends_on(Settings(only_sliders=predictor.only_sliders), predictor.label, predictor.mode)
    with contextlib.closing(Journal(*where, settings, write=not dry)) as journal:
        stages = labels.stages(None if dry else journal, stop)
        looking = Looking(journal, "skip", "adobe", True, dry)
        owners = Owners()
        yield from labels.results(lambda path: looking.look((path, owners.owner(path))), photos, chosen, stages)


def outcome(result: Result) -> str:
    """What became of a photo: labelled, unchanged, skipped or failed."""
    same = result.code == Code.LABELLED_ALREADY or (result.status == "labelled" and not result.changes)
    return "unchanged" if same else result.status


def told(result: Result, photo: Photo, sentence: str | None) -> dict[str, Any]:
    """Plain JSON: what became of a photo; `sentence` is the reason as it is shown."""
    changes = {key: list(pair) for key, pair in (result.changes or {}).items()}
    return {
        "id": photo.id,
        "status": outcome(result),
        "code": result.code,
        "reason": sentence,
        "changes": changes,
        "preset": list(result.preset),
    }
