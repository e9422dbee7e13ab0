"""A photo's label depends on that photo, its series, the model and the options alone: not on its company, nor on
threads."""

import tempfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import autohdr
from autohdr.run.results.report import Report
from autohdr_scenes import KINDS
from tests.runtime.raw import dngs


def whites() -> dict[str, bytes]:
    """Files of one kind, of which the decoders agree on some and differ on others."""
    samples = dngs.levels(dngs.mosaic(dngs.scene()))
    gains = dngs.opcodes(dngs.gain_map(dngs.region(samples.shape), np.array([[1.0, 2.0], [1.5, 1.0]])))
    return {
        "neutral": dngs.dng(samples),
        "white": dngs.dng(samples, {50728: (dngs.RATIONAL, None), 50729: (dngs.RATIONAL, [0.4476, 0.4074])}),
        "none": dngs.dng(samples, {50728: (dngs.RATIONAL, None)}),
        "map": dngs.dng(samples, {51009: (dngs.UNDEFINED, gains)}),
        "rows": dngs.dng(samples, {50975: (dngs.SHORT, [2])}),
        "black": dngs.dng(samples, {50713: (dngs.SHORT, [2, 2]), 50714: (dngs.SHORT, [200, 256, 240, 300])}),
        "delta": dngs.dng(samples, {50715: (dngs.SRATIONAL, np.linspace(-40, 40, samples.shape[1]).tolist())}),
        "big": dngs.dng(samples, order=">"),
        "packed": dngs.dng(samples, bits=12),
        "planes": dngs.dng(dngs.levels(dngs.scene())),
        "float": dngs.dng(
            dngs.scene().astype(np.float32), {50714: (dngs.SHORT, [0] * 3), 50717: (dngs.SHORT, [1] * 3)}
        ),
        "cut": dngs.dng(samples)[: samples.nbytes // 2],
        "text": b"not a photo",
    }


@pytest.fixture(scope="module")
def photos(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Each in a folder of its own: they say that they were taken at one time, and are no series."""
    folder = tmp_path_factory.mktemp("photos")
    for name, data in whites().items():
        (folder / name).mkdir()
        (folder / name / f"{name}.dng").write_bytes(data)
    for name in ("X-Trans", "four colours", "linearisation table", "8-bit planes", "odd border and crop"):
        (folder / name).mkdir()
        KINDS[name]().write(folder / name / f"{name}.dng")
    return sorted(folder.rglob("*.dng"))


def said(report: Report) -> dict[str, object]:
    """What a dry run says of each photo, but for the time that it took."""
    return {
        result.path.name: (result.status, result.sliders, result.reason, result.decoder, result.white_balance)
        for result in report.results
    }


def written(photos: list[Path], model: Path, threads: int, batch: int) -> dict[str, bytes]:
    """The sidecars of copies of some photos."""
    with tempfile.TemporaryDirectory() as folder:
        copies = [Path(folder) / photo.parent.name / photo.name for photo in photos]
        for photo, copy in zip(photos, copies, strict=True):
            copy.parent.mkdir()
            copy.write_bytes(photo.read_bytes())
        autohdr.label(copies, model=model, embed=False, threads=threads, batch=batch)
        return {path.stem: path.read_bytes() for path in Path(folder).rglob("*.xmp")}


@pytest.fixture(scope="module")
def alone(photos: list[Path], small_model: Path) -> dict[str, object]:
    """Each photo in a run of its own."""
    runs = [autohdr.label(photo, model=small_model, dry_run=True, threads=1, batch=1) for photo in photos]
    return {name: what for run in runs for name, what in said(run).items()}


def test_the_photos_are_of_all_sorts(alone: dict[str, object]) -> None:
    statuses = [what[0] for what in alone.values() if isinstance(what, tuple)]
    assert set(statuses) == {"labelled", "failed"}
    assert statuses.count("failed") == 2


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_photo_in_any_company_is_labelled_as_alone(
    photos: list[Path], small_model: Path, alone: dict[str, object], data: st.DataObject
) -> None:
    """White points that one decoder ignored came out as the first photo of the run, or the quickest thread, had it."""
    some = data.draw(st.lists(st.sampled_from(photos), min_size=1, unique=True))
    threads, batch = data.draw(st.integers(1, 5)), data.draw(st.integers(1, 20))
    together = said(autohdr.label(some, model=small_model, dry_run=True, threads=threads, batch=batch))
    assert together == {photo.name: alone[photo.name] for photo in some}


@pytest.mark.parametrize("order", [sorted, lambda photos: sorted(photos, reverse=True)])
def test_the_same_bytes_are_written_in_any_company(
    photos: list[Path], small_model: Path, order: Callable[[list[Path]], list[Path]]
) -> None:
    everything = written(order(photos), small_model, threads=3, batch=5)
    assert len(everything) == len(photos) - 2
    for photo in photos[::3]:
        assert written([photo], small_model, threads=1, batch=1).items() <= everything.items()
