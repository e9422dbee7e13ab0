"""Tuned settings: the fastest is taken, but never one that changes an answer; and what is remembered is not trusted."""

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from autohdr.engines import tuning
from autohdr.engines.tuning import Memory, Run, Setting, in_batches, search

PHOTOS = np.random.default_rng(0).normal(0, 1, (8, 3, 2, 2)).astype(np.float32)
KEPT, FRESH, FOURS = Setting(), Setting(arena=False), Setting(batch=4)


def answers(photos: NDArray[np.float32]) -> NDArray[np.float32]:
    return np.asarray(photos.reshape(len(photos), -1)[:, :8])


class Workshop:
    """Networks whose cost is known, and the clock that they move."""

    def __init__(self, costs: dict[Setting, float], odd: dict[Setting, Run] | None = None) -> None:
        self.costs, self.odd, self.now = costs, odd or {}, 0.0

    def open(self, setting: Setting) -> Run:
        def run(photos: NDArray[np.float32]) -> NDArray[np.float32]:
            self.now += self.costs[setting]
            return self.odd.get(setting, answers)(photos)

        return run

    def search(self) -> Setting:
        return search(self.open, PHOTOS, lambda: self.now)


@pytest.mark.parametrize(
    ("costs", "best"),
    [
        ((10.0, 10.0, 10.0), KEPT),
        ((10.0, 9.0, 10.0), FRESH),
        ((10.0, 9.0, 8.0), FOURS),
        ((10.0, 9.6, 9.7), KEPT),  # less than a twentieth is no gain
        ((10.0, 9.0, 8.8), FRESH),  # measured against the best so far
    ],
)
def test_the_setting_that_needs_least_is_taken(costs: tuple[float, float, float], best: Setting) -> None:
    assert Workshop(dict(zip((KEPT, FRESH, FOURS), costs, strict=True))).search() == best


@pytest.mark.parametrize(
    "odd",
    [
        lambda photos: answers(photos) + np.float32(1e-6),
        lambda photos: answers(photos) + np.arange(len(photos), dtype=np.float32)[:, None] * np.float32(1e-6),
    ],
    ids=["by the setting", "by the place in the batch"],
)
def test_a_setting_that_changes_an_answer_is_never_taken(odd: Run) -> None:
    assert Workshop({KEPT: 10.0, FRESH: 10.0, FOURS: 1.0}, {FOURS: odd}).search() == KEPT


def test_one_photo_is_enough_to_search_with() -> None:
    workshop = Workshop({KEPT: 10.0, FRESH: 10.0, FOURS: 1.0})
    assert search(workshop.open, PHOTOS[:1], lambda: workshop.now) == FOURS


@pytest.mark.parametrize("photos", range(1, 9))
def test_batches_are_all_of_one_size_and_hold_the_photos_in_order(photos: int) -> None:
    batches = in_batches(PHOTOS[:photos], 4)
    assert {len(batch) for batch in batches} == {4}
    assert len(batches) == -(-photos // 4)
    np.testing.assert_array_equal(np.concatenate(batches)[:photos], PHOTOS[:photos])


def memory(cache: Path, library: str = "onnxruntime 1.0") -> Memory:
    return Memory.of(cache, "cpu", "0123456789ab", library)


def test_a_setting_is_remembered_readably(tmp_path: Path) -> None:
    assert memory(tmp_path).read() is None
    memory(tmp_path).write(FOURS)
    assert memory(tmp_path).read() == FOURS
    text = json.loads((tmp_path / "tuned" / "cpu-0123456789ab.json").read_text())
    assert text["setting"] == {"batch": 4, "arena": True}
    assert text["key"]["library"] == "onnxruntime 1.0"


def test_what_was_found_with_another_library_or_processor_is_forgotten(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    memory(tmp_path).write(FOURS)
    assert memory(tmp_path, "onnxruntime 1.1").read() is None
    monkeypatch.setattr(tuning, "processor_name", lambda: "an abacus")
    assert memory(tmp_path).read() is None
    memory(tmp_path).write(FRESH)
    assert memory(tmp_path).read() == FRESH


@pytest.mark.parametrize(
    "damage",
    [
        lambda data: b"",
        lambda data: data[:-20],
        lambda data: b"\xff\x00" + data,
        lambda data: b"[1, 2]",
        lambda data: data.replace(b'"batch": 4', b'"batch": 4000000'),
        lambda data: data.replace(b'"batch": 4', b'"batch": []'),
        lambda data: data.replace(b'"arena": true', b'"sauna": true'),
    ],
)
def test_a_damaged_memory_is_none(tmp_path: Path, damage: Callable[[bytes], bytes]) -> None:
    kept = memory(tmp_path)
    kept.write(FOURS)
    data = kept.path.read_bytes()
    assert damage(data) != data
    kept.path.write_bytes(damage(data))
    assert kept.read() is None


def test_a_cache_that_cannot_be_written_costs_time_and_nothing_else(tmp_path: Path) -> None:
    (tmp_path / "tuned").write_text("a file where the folder would be")
    memory(tmp_path).write(FOURS)
    assert memory(tmp_path).read() is None
