"""Killed at any step while it saves or takes back, a studio leaves whole settings, and goes on from there."""

import contextlib
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from autohdr.mode import HDR
from autohdr.run.undo import undo
from autohdr.sidecar import apply, plan
from autohdr.sidecar.places import places
from autohdr_studio.shoot.written.journal import Journal
from autohdr_studio.shoot.written.saving import Saving
from tests.studio.shoot.written.dying import killed
from tests.studio.shoot.written.test_saving import FOREIGN, OTHERS, VALUES, contents

Files = dict[str, bytes]


def fresh(photo: Path, state: Path) -> Path:
    """A DNG that nobody has edited."""
    return photo


def beside(photo: Path, state: Path) -> Path:
    """A RAW file without a sidecar."""
    return photo.replace(photo.with_suffix(".nef"))


def foreign(photo: Path, state: Path) -> Path:
    """A RAW file with the sidecar of another program."""
    photo.with_suffix(".xmp").write_bytes(FOREIGN)
    return photo.replace(photo.with_suffix(".nef"))


def labelled(photo: Path, state: Path) -> Path:
    """A DNG that autohdr has labelled."""
    apply(plan(photo, OTHERS, "model 1", embed=True))
    return photo


def edited_before(photo: Path, state: Path) -> Path:
    """A DNG that the studio has saved an edit into."""
    with contextlib.closing(Journal([photo.parent], state)) as journal:
        Saving(journal).save(photo, OTHERS, HDR)
    return photo


KINDS = (fresh, beside, foreign, labelled, edited_before)


def stands(photo: Path) -> bytes | None:
    return places(photo, embed=True)[0].read()


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
@pytest.mark.parametrize("restoring", [False, True], ids=["saving", "restoring"])
def test_whenever_it_dies_all_is_whole(
    kind: Callable[[Path, Path], Path], restoring: bool, edited: Path, tmp_path: Path
) -> None:
    step, died = 0, True
    while died:
        folder, state = tmp_path / f"{step}" / "photos", tmp_path / f"{step}" / "state"
        folder.mkdir(parents=True)
        shutil.copy(next(iter(sorted(edited.glob("*.dng")))), folder / "IMG_1.dng")
        photo = kind(folder / "IMG_1.dng", state)
        without, files = stands(photo), contents(folder)
        if restoring:
            with contextlib.closing(Journal([folder], state)) as journal:
                Saving(journal).save(photo, VALUES, HDR)
        before = stands(photo)
        died = killed(photo, state, None if restoring else VALUES, step)
        after = stands(photo)
        with contextlib.closing(Journal([folder], state)) as journal:
            saving = Saving(journal)
            saving.recover(photo)
            assert stands(photo) == after, "reopening changes no settings"
            assert after in (before, without) or not restoring
            made = after != without
            assert saving.can_restore(photo) == (made or kind is edited_before)
            undo_keeps_the_photographers(photo, made or kind is edited_before)
            if made:
                saving.restore(photo)
            assert stands(photo) == without
            assert {name for name in contents(folder) if not name.endswith(".tmp")} == files.keys()
            if kind in (fresh, beside, foreign):
                assert {name: data for name, data in contents(folder).items() if name in files} == files
        step += 1
    assert step > 3


def undo_keeps_the_photographers(photo: Path, made: bool) -> None:
    """`autohdr undo` takes nothing of an edit back."""
    if made:
        before = stands(photo)
        assert all(one.status == "left" for one in undo([photo.parent]))
        assert stands(photo) == before
