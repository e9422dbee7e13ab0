"""The layer that engines share: a device with too little memory, or one that stops answering, in the midst of a run."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from autohdr import EngineError, Result, label
from autohdr.engines import registry
from autohdr.engines.cpu import CpuEngine
from autohdr.engines.network import open_network
from autohdr.errors import DeviceLostError, OutOfMemoryError
from autohdr.files.folders import cache_folder
from autohdr.model.info import ModelFile
from autohdr.sidecar import Document
from tests.conftest import SMALL
from tests.runtime.run.processes import many


class FrailEngine:
    """The `cpu` engine on a device that has room for so many photos, and breaks after so many calls."""

    name = "frail"

    def __init__(self, model: ModelFile, cache: Path, room: int, calls: int | None) -> None:
        self._cpu = CpuEngine(model, cache)
        self._room, self._calls = room, calls
        self.batches: list[int] = []

    def infer(self, pixels: NDArray[np.float32]) -> NDArray[np.float32]:
        self.batches.append(len(pixels))
        if self._calls is not None and len(self.batches) > self._calls:
            raise DeviceLostError("the GPU has stopped answering (CUDA failure 719); run again, or use --engine cpu")
        if len(pixels) > self._room:
            raise OutOfMemoryError(f"the GPU has too little memory for {len(pixels)} photos")
        return self._cpu.infer(pixels)

    def describe(self) -> dict[str, Any]:
        return {**self._cpu.describe(), "name": self.name}

    def close(self) -> None:
        self._cpu.close()


@pytest.fixture
def frail(monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[FrailEngine]]:
    """Registers the engine; returns a list that is filled with those that are opened."""

    def register(room: int = 1000, calls: int | None = None) -> list[FrailEngine]:
        opened: list[FrailEngine] = []

        def factory(model: ModelFile, cache: Path) -> FrailEngine:
            opened.append(FrailEngine(model, cache, room, calls))
            return opened[-1]

        monkeypatch.setitem(registry.ENGINES, "frail", factory)
        return opened

    return register


def noise(photos: int) -> NDArray[np.float32]:
    return np.random.default_rng(0).normal(0, 1, (photos, 3, SMALL.size, SMALL.size)).astype(np.float32)


def test_what_does_not_fit_is_halved_and_the_smaller_size_is_kept(
    small_model: Path, frail: Callable[..., list[FrailEngine]]
) -> None:
    opened = frail(room=5)
    pixels = noise(16)
    with open_network(small_model, "cpu") as network:
        expected = network.predict(pixels)
    with open_network(small_model, "frail") as network:
        np.testing.assert_array_equal(network.predict(pixels), expected)
        assert opened[0].batches == [16, 8, 4, 4, 4, 4]
        np.testing.assert_array_equal(network.predict(pixels[:6]), expected[:6])
        assert opened[0].batches[6:] == [4, 2]


def test_an_odd_number_loses_no_photo(small_model: Path, frail: Callable[..., list[FrailEngine]]) -> None:
    opened = frail(room=2)
    pixels = noise(7)
    with open_network(small_model, "frail") as network:
        halved = network.predict(pixels)
    assert opened[0].batches == [7, 3, 1, 1, 1, 1, 1, 1, 1]
    with open_network(small_model, "cpu") as network:
        np.testing.assert_array_equal(halved, network.predict(pixels))


def test_no_room_for_one_photo_is_one_sentence_with_a_way_out(
    small_model: Path, frail: Callable[..., list[FrailEngine]]
) -> None:
    frail(room=0)
    with open_network(small_model, "frail") as network, pytest.raises(OutOfMemoryError) as caught:
        network.predict(noise(3))
    assert "engine frail has too little memory for a single photo" in str(caught.value)
    assert "choose another --engine" in str(caught.value)


def test_a_run_on_a_small_device_writes_what_one_on_a_large_device_writes(
    shoot: Path, small_model: Path, frail: Callable[..., list[FrailEngine]]
) -> None:
    opened = frail(room=1)
    report = label([shoot], model=small_model, engine="frail", batch=5)
    assert (report.count("labelled"), report.stopped) == (5, None)
    assert opened[0].batches == [5, 2, 1, 1, 1, 1, 1]
    halved = [result.sliders for result in report.results]
    report = label([shoot], model=small_model, engine="cpu", dry_run=True)
    assert [result.sliders for result in report.results] == halved


@pytest.mark.parametrize(("trouble", "done"), [({"calls": 3}, 6), ({"room": 0}, 0)])
def test_a_device_that_fails_stops_the_run_and_the_same_command_goes_on(
    shoot: Path,
    small_model: Path,
    frail: Callable[..., list[FrailEngine]],
    trouble: dict[str, int],
    done: int,
) -> None:
    folder = many(shoot, 100)
    opened = frail(**trouble)
    seen: list[Result] = []
    report = label([folder], model=small_model, engine="frail", threads=2, batch=2, embed=False, on_result=seen.append)
    assert (report.count("labelled"), report.count("failed"), report.not_done) == (done, 0, 100 - done)
    assert seen == report.results
    assert opened[0].batches == ([2, 2, 2, 2] if "calls" in trouble else [2, 1])  # a lost device is left alone
    assert report.stopped is not None
    assert ("stopped answering" if "calls" in trouble else "for a single photo") in report.stopped
    written = sorted(folder.glob("*.xmp"))
    assert len(written) == done
    assert all(len(Document.parse(path.read_bytes()).values()) == 8 for path in written)
    again = label([folder], model=small_model, embed=False)
    assert (again.count("skipped"), again.count("labelled"), again.stopped) == (done, 100 - done, None)


def test_an_engine_that_refuses_every_photo_ends_the_run_in_one_sentence(
    shoot: Path, small_model: Path, frail: Callable[..., list[FrailEngine]], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(engine: FrailEngine, pixels: NDArray[np.float32]) -> NDArray[np.float32]:
        raise EngineError("the plan is of another model")

    frail()
    monkeypatch.setattr(FrailEngine, "infer", refuse)
    report = label([shoot], model=small_model, engine="frail", embed=False)
    assert report.stopped is not None
    assert "no photo can be computed: the plan is of another model" in report.stopped
    assert report.count("labelled") == 0


def test_a_photo_that_an_engine_refuses_fails_alone(
    shoot: Path, small_model: Path, frail: Callable[..., list[FrailEngine]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Failed before: one such photo ended the run."""
    whole = label([shoot], model=small_model, engine="cpu", dry_run=True)
    frail()
    infer, odd = FrailEngine.infer, iter([2])
    seen: list[NDArray[np.float32]] = []

    def refuse(engine: FrailEngine, pixels: NDArray[np.float32]) -> NDArray[np.float32]:
        if not seen:
            seen.append(pixels[next(odd)].copy())
        if any(np.array_equal(photo, seen[0]) for photo in pixels):
            raise EngineError("this one it does not take")
        return infer(engine, pixels)

    monkeypatch.setattr(FrailEngine, "infer", refuse)
    report = label([shoot], model=small_model, engine="frail", dry_run=True)
    assert [result.status for result in report.results].count("failed") == 1
    failed = report.results[2]
    assert "this one it does not take" in (failed.reason or "")
    others = [(one.path, one.sliders) for one in whole.results if one.path != failed.path]
    assert [(one.path, one.sliders) for one in report.results if one.status == "labelled"] == others


def test_an_engine_is_given_the_cache_folder_that_is_named(
    shoot: Path, small_model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given: list[Path] = []

    def factory(model: ModelFile, cache: Path) -> CpuEngine:
        given.append(cache)
        return CpuEngine(model, cache)

    monkeypatch.setitem(registry.ENGINES, "noting", factory)
    label([shoot], model=small_model, engine="noting", dry_run=True, cache=tmp_path / "kept")
    label([shoot], model=small_model, engine="noting", dry_run=True)
    assert given == [tmp_path / "kept", cache_folder()]


def test_a_report_says_which_engines_auto_passed_over(
    shoot: Path, small_model: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(model: ModelFile, cache: Path) -> FrailEngine:
        raise EngineError("no driver is here")

    monkeypatch.setattr(registry, "ENGINES", {"broken": broken, "cpu": CpuEngine})
    report = label([shoot], model=small_model, dry_run=True)
    assert report.engine["name"] == "cpu"
    assert report.engine["passed_over"] == {"broken": "no driver is here"}
    assert label([shoot], model=small_model, engine="cpu", dry_run=True).engine["passed_over"] == {}


@pytest.mark.parametrize("batch", [1, 2, 7, 32])
def test_a_photo_is_labelled_the_same_in_any_batch(small_model: Path, batch: int) -> None:
    pixels = np.random.default_rng(0).normal(0, 1, (32, 3, SMALL.size, SMALL.size)).astype(np.float32)
    with open_network(small_model, "cpu") as network:
        alone = np.concatenate([network.predict(pixels[i : i + 1]) for i in range(batch)])
        np.testing.assert_array_equal(network.predict(pixels[:batch]), alone)


@pytest.mark.parametrize(
    ("shape", "dtype"),
    [((3, 32, 32), "float32"), ((0, 3, 32, 32), "float32"), ((1, 3, 64, 64), "float32"), ((1, 3, 32, 32), "float64")],
)
def test_a_batch_of_another_form_never_reaches_an_engine(small_model: Path, shape: tuple[int, ...], dtype: str) -> None:
    with open_network(small_model) as network, pytest.raises(ValueError, match=r"expected float32 \(N, 3, 32, 32\)"):
        network.predict(np.zeros(shape, dtype))
