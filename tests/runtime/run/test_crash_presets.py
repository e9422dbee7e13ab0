"""Runs that write whole structures, and die or find the disk full: nothing is torn, and every byte comes back."""

import errno
import os
import stat
from pathlib import Path

import pytest

import autohdr
from autohdr.run.undo import undo
from autohdr.sidecar import Document, merge
from autohdr.sidecar.dng.embedded import read_embedded
from autohdr.sidecar.record import owner
from autohdr.sidecar.xmp.properties import CRS
from autohdr.sidecar.xmp.values import Value, says
from autohdr_scenes import write_shoot
from tests.runtime.crashes import CODE, CREATING, REMOVING, WRITING
from tests.runtime.run.processes import begin, begin_undo, many
from tests.runtime.sidecar.structures import CURVE, LOOK, curve

PHOTOS = 6
PRESET: dict[str, Value] = {"Look": LOOK, "ToneCurvePV2012": CURVE, "Sharpness": "60"}
DEFAULTS: dict[str, Value] = {
    **{"Version": "16.3", "ProcessVersion": "15.4", "Exposure2012": "0.00", "CameraProfile": "Adobe Standard"},
    "ToneCurvePV2012": curve("0, 0", "255, 255"),
}
NOBODYS = merge(None, {f"{{{CRS}}}{name}": value for name, value in DEFAULTS.items()})
"""A sidecar of a photo that nobody edited, with structures at their defaults, of which the original is kept."""


@pytest.fixture(scope="module")
def style(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A style with a preset."""
    folder = tmp_path_factory.mktemp("preset")
    write_shoot(folder / "edits", 6, seed=3, size=(64, 96))
    for sidecar in (folder / "edits").glob("*.xmp"):
        data = merge(sidecar.read_bytes(), {f"{{{CRS}}}{name}": value for name, value in PRESET.items()})
        sidecar.write_bytes(data)
    learnt = autohdr.learn(folder / "edits", folder / "a.style", engine="cpu", cache=folder / "cache")
    assert learnt.style.preset.settings == PRESET
    return learnt.path


def photos(shoot: Path) -> Path:
    """A folder of photos, every second with a sidecar of a photo that nobody edited."""
    folder = many(shoot, PHOTOS)
    for number in range(0, PHOTOS, 2):
        (folder / f"IMG_{number}.xmp").write_bytes(NOBODYS)
    return folder


def contents(folder: Path) -> dict[str, bytes]:
    """Each file but the photos, and but what a crash leaves, which a later run removes."""
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.suffix not in (".dng", ".tmp")}


def whole(folder: Path) -> int:
    """How many sidecars hold labels, each of them all of it; every other is as it was."""
    count = 0
    for path in folder.glob("*.xmp"):
        document = Document.parse(path.read_bytes(), str(path))
        if owner(document) == "autohdr":
            found = document.settings()
            assert all(says(found[name], value) for name, value in PRESET.items())
            count += 1
        else:
            assert document.data == NOBODYS
    return count


LABELLING = [*(f"written: {point}" for point in WRITING), *(f"created: {point}" for point in CREATING)]


@pytest.mark.parametrize("point", LABELLING)
def test_a_run_that_dies_there_is_gone_on_with(shoot: Path, style: Path, point: str) -> None:
    folder = photos(shoot)
    before = contents(folder)
    run = begin(folder, crash=(point, 2), style=style, engine="cpu", embed=False)
    run.join()
    assert run.exitcode == CODE
    whole(folder)
    report = autohdr.label(folder, style=style, engine="cpu", embed=False)
    assert (report.count("failed"), whole(folder)) == (0, PHOTOS)
    undo(folder)
    assert contents(folder) == before


@pytest.mark.parametrize("point", [*(f"written: {point}" for point in WRITING if "half" not in point), *REMOVING])
def test_an_undo_that_dies_there_is_gone_on_with(shoot: Path, style: Path, point: str) -> None:
    folder = photos(shoot)
    before = contents(folder)
    autohdr.label(folder, style=style, engine="cpu", embed=False)
    run = begin_undo(folder, crash=(point, 2))
    run.join()
    assert run.exitcode == CODE
    whole(folder)
    undo(folder)
    assert contents(folder) == before


def test_a_full_disk_leaves_whole_files(shoot: Path, style: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = photos(shoot)
    before = contents(folder)
    fsync, written = os.fsync, []

    def full(descriptor: int) -> None:
        if stat.S_ISREG(os.fstat(descriptor).st_mode):
            written.append(descriptor)
            if len(written) > 4:
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        fsync(descriptor)

    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", full)
        report = autohdr.label(folder, style=style, engine="cpu", embed=False)
    assert report.stopped is not None
    assert 0 < whole(folder) < PHOTOS
    assert autohdr.label(folder, style=style, engine="cpu", embed=False).count("failed") == 0
    assert whole(folder) == PHOTOS
    undo(folder)
    assert contents(folder) == before


def test_dngs_come_back_to_the_byte_after_a_crash(shoot: Path, style: Path) -> None:
    folder = shoot.parent / "dngs"
    folder.mkdir()
    for photo in sorted(shoot.glob("*.dng"))[:3]:
        (folder / photo.name).write_bytes(photo.read_bytes())
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    run = begin(folder, crash=("written: a file has its name", 2), style=style, engine="cpu")
    run.join()
    assert run.exitcode == CODE
    assert autohdr.label(folder, style=style, engine="cpu").count("failed") == 0
    for photo in folder.glob("*.dng"):
        found = Document.parse(read_embedded(photo) or b"").settings()
        assert all(says(found[name], value) for name, value in PRESET.items())
    undo(folder)
    assert {path.name: path.read_bytes() for path in folder.iterdir() if path.suffix != ".tmp"} == before
