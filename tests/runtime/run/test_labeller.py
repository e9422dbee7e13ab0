"""An open labeller gives the labels that a run gives, whoever hands it photos, and as often as they come."""

import pickle
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

import autohdr
from autohdr import SettingsError
from autohdr.run.labeller import open_labeller
from autohdr.run.settings import Settings


def sidecars(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.glob("*.xmp"))}


def test_photos_that_come_in_parts_get_the_labels_of_a_run(shoot: Path, tmp_path: Path, small_model: Path) -> None:
    other = Path(shutil.copytree(shoot, tmp_path / "other"))
    autohdr.label([other], model=small_model, embed=False)
    settings = pickle.loads(pickle.dumps(Settings(model=small_model, embed=False, threads=2)))
    photos = sorted(shoot.glob("*.dng"))
    asked: list[Path] = []

    def names() -> Iterator[Path]:
        for photo in photos[2:]:
            asked.append(photo)
            yield photo

    with open_labeller(settings) as labeller:
        results = [*labeller.results(photos[:2]), *labeller.results(names())]
        assert labeller.engine()["name"] == "cpu"
        assert labeller.describe()["style"] is None
    assert [result.path for result in results] == photos
    assert asked == photos[2:]
    assert {result.status for result in results} == {"labelled"}
    assert sidecars(shoot) == sidecars(other)


@pytest.mark.parametrize(
    "settings",
    [
        Settings(engine="steam"),
        Settings(threads=0),
        Settings(mark="doubtful=Red"),
        Settings(style=Path("a.style"), sdr=True),
    ],
)
def test_impossible_settings_are_refused(settings: Settings) -> None:
    with pytest.raises(SettingsError):
        settings.check()
