"""Series are counted in the order of their first photos, however many there are."""

from pathlib import Path

import pytest

from autohdr.codes import Code
from autohdr.run.results.report import InSeries, Result
from autohdr.run.stages import together
from autohdr.run.stages.photo import Photo
from autohdr.run.stages.together import Agreement, completed, held


def block(name: str, series: str) -> list[Photo]:
    """Two photos that an earlier run has labelled as a series."""
    paths = [Path("shoot") / f"{name}_{number}.dng" for number in (1, 2)]
    mark = InSeries(0, "bracket", 2, series)
    return [Photo(path, ended=Result(path, "skipped", Code.LABELLED_ALREADY, series=mark)) for path in paths]


def numbers(photos: list[Photo]) -> list[int]:
    return [photo.ended.series.number for photo in photos if photo.ended is not None and photo.ended.series is not None]


def test_series_are_counted_and_only_the_last_are_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(together, "NUMBERS", 3)
    remembered: dict[tuple[Path, str], int] = {}
    agreement = Agreement(lambda photo: photo, remembered)
    for number in range(1, 8):
        assert numbers(agreement.make(block(f"a{number}", f"first {number}"))) == [number, number]
        assert numbers(agreement.make(block(f"b{number}", f"first {number}"))) == [number, number]
    assert [*remembered.values()] == [5, 6, 7]


def test_blocks_are_whole_with_the_batch_that_their_last_photo_is_in() -> None:
    behind = [0, 2, 1, 0, 0, 1, 0, 3]
    photos = [Photo(Path(str(number)), behind=rest) for number, rest in enumerate(behind)]
    batches = [photos[:2], photos[2:3], photos[3:6], photos[6:]]
    found = [[[int(photo.path.name) for photo in block] for block in some] for some in completed(batches)]
    assert found == [[[0]], [[1, 2, 3], [4]], [[5, 6]], [[7]]]
    assert [len(block) for block in held(photos)] == [1, 3, 1, 2, 1]
