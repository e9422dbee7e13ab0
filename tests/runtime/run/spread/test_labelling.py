"""Labels are the same to the byte by one run and by several that share it, in whatever order their parcels come."""

import random
import shutil
import threading
from collections.abc import Iterable
from pathlib import Path

import pytest

import autohdr
from autohdr.codes import Code
from autohdr.run.labeller import open_labeller
from autohdr.run.settings import Settings
from autohdr.run.spread.parcels import Parcel, Shard
from autohdr.run.stop import Stop
from tests.runtime.run.spread.shoots import SERIES, sidecars, small_parcels


@pytest.fixture(scope="module")
def expected(whole: Path, small_model: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """The sidecars of one run."""
    folder = Path(shutil.copytree(whole, tmp_path_factory.mktemp("one") / "shoot"))
    report = autohdr.label([folder], model=small_model, embed=False)
    assert report.series[0] == SERIES
    return sidecars(folder)


def done(shared: Iterable[Parcel], model: Path, stop: threading.Event | None = None) -> tuple[list[Parcel], list[Path]]:
    """Labels parcels: those that are done, and the photos in order."""
    ended, photos = [], []
    settings = Settings(model=model, embed=False, threads=2, batch=4)
    with open_labeller(settings, stop=None if stop is None else Stop(stop)) as labeller:
        for parcel, result in labeller.by_parcel(shared):
            if result is None:
                ended.append(parcel)
            else:
                assert result.status == "labelled", result.reason
                photos.append(result.path)
    return ended, photos


@pytest.mark.parametrize("of", [1, 2, 3])
def test_shards_label_as_one_run_does(of: int, shoot: Path, small_model: Path, expected: dict[str, bytes]) -> None:
    every = small_parcels(shoot)
    assert len(every) > 6
    photos: list[Path] = []
    for number in range(1, of + 1):
        own = [parcel for parcel in every if Shard(number, of).holds(parcel)]
        ended, some = done(own, small_model)
        assert ended == own
        photos += some
    assert sorted(photos) == sorted(shoot.rglob("*.dng"))
    assert sidecars(shoot) == expected


def test_the_order_of_parcels_makes_no_difference(shoot: Path, small_model: Path, expected: dict[str, bytes]) -> None:
    every = small_parcels(shoot)
    random.Random(0).shuffle(every)
    ended, _ = done(every, small_model)
    assert ended == every
    assert sidecars(shoot) == expected
    again, photos = [], []
    with open_labeller(Settings(model=small_model, embed=False)) as labeller:
        for parcel, result in labeller.by_parcel([*every, *every]):
            again.append(parcel) if result is None else photos.append(result.code)
    assert again == [*every, *every]
    assert set(photos) == {Code.LABELLED_ALREADY}
    assert sidecars(shoot) == expected


def test_a_parcel_in_which_the_run_stops_is_not_done(shoot: Path, small_model: Path) -> None:
    every = small_parcels(shoot)
    stop = threading.Event()

    def until_stopped() -> Iterable[Parcel]:
        yield from every[:5]
        stop.set()
        yield from every[5:]

    ended, photos = done(until_stopped(), small_model, stop)
    assert len(ended) < len(every)
    assert ended == every[: len(ended)]
    assert set(photos) <= {photo for parcel in every for photo in parcel.photos}
