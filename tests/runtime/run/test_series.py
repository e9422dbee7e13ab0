"""Photos of a series are labelled as one look, whatever else a run does: batches, threads, stops and failures."""

import functools
import random
import shutil
import threading
import time
from pathlib import Path

import numpy as np
import pytest

import autohdr
from autohdr import SLIDERS, Report, Result
from autohdr.raw.decode import read_for
from autohdr.series.find import MOST
from autohdr_scenes.camera import Camera
from autohdr_scenes.dng import write_dng
from autohdr_scenes.procedural import random_scene
from autohdr_scenes.series import Kind, take_series
from tests.runtime.run.processes import begin, wait_for_sidecars

label = functools.partial(autohdr.label, embed=False)
EXPOSURE, *OTHERS = (slider.key for slider in SLIDERS)
PARTS: tuple[tuple[Kind, int], ...] = (("burst", 5), ("bracket", 3), ("burst", 1), ("panorama", 3), ("burst", 2))


def write(folder: Path, parts: tuple[tuple[Kind, int], ...], pause: float = 300.0) -> list[Path]:
    """Series of different places, minutes apart."""
    folder.mkdir()
    start = 1.7e9
    paths: list[Path] = []
    for seed, (kind, count) in enumerate(parts):
        rng = np.random.default_rng(seed)
        scene = random_scene(rng, (192, 288))
        for photo in take_series(kind, scene, Camera(), rng, count, start, size=(96, 144)):
            paths.append(folder / f"IMG_{len(paths):04d}.dng")
            write_dng(paths[-1], photo.frame, photo.camera)
            start = (photo.frame.shot.captured or start) + 1
        start += pause
    return paths


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("series") / "shoot"
    write(folder, PARTS)
    return folder


@pytest.fixture
def shoot(whole: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(whole, tmp_path / "shoot"))


def sidecars(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.glob("*.xmp"))}


def in_series(report: Report) -> list[tuple[int, str, int] | None]:
    return [
        None if result.series is None else (result.series.number, result.series.kind, result.series.photos)
        for result in report.results
    ]


EXPECTED = [
    *([(1, "series", 5)] * 5),
    *([(2, "bracket", 3)] * 3),
    None,
    *([(3, "panorama", 3)] * 3),
    *([(4, "series", 2)] * 2),
]


@pytest.fixture(scope="module")
def expected(whole: Path, small_model: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """The sidecars of a run that nothing disturbs."""
    folder = Path(shutil.copytree(whole, tmp_path_factory.mktemp("undisturbed") / "shoot"))
    label([folder], model=small_model)
    return sidecars(folder)


def test_series_have_one_look_and_photos_alone_have_their_own(shoot: Path, small_model: Path) -> None:
    report = label([shoot], model=small_model)
    assert in_series(report) == EXPECTED
    assert report.series == (4, 13)
    sliders = [result.sliders or {} for result in report.results]
    for members in (range(5), range(5, 8), range(9, 12), range(12, 14)):
        assert len({tuple(sliders[one][key] for key in OTHERS) for one in members}) == 1
    for members in (range(5, 8), range(9, 12)):
        assert len({sliders[one][EXPOSURE] for one in members}) == 1
    for number, path in enumerate(sorted(shoot.glob("*.dng"))):
        alone = label([path], model=small_model, dry_run=True, existing="replace").results[0]
        assert alone.series is None
        if number in (5, 8):  # the bracket's middle one, and the one that is alone
            assert alone.sliders == sliders[number]


@pytest.mark.parametrize(("threads", "batch"), [(1, 1), (1, 20), (4, 2), (3, 7)])
def test_labels_do_not_depend_on_batches_and_threads(
    shoot: Path, small_model: Path, expected: dict[str, bytes], threads: int, batch: int
) -> None:
    label([shoot], model=small_model, threads=threads, batch=batch)
    assert sidecars(shoot) == expected


def test_a_series_of_which_some_are_finished_comes_out_as_in_one_run(
    shoot: Path, small_model: Path, expected: dict[str, bytes]
) -> None:
    label([shoot], model=small_model)
    rng = random.Random(1)
    for _ in range(4):
        for path in rng.sample(sorted(shoot.glob("*.xmp")), 5):
            path.unlink()
        held = sidecars(shoot)
        times = {name: (shoot / name).stat().st_mtime_ns for name in held}
        report = label([shoot], model=small_model)
        assert sidecars(shoot) == expected
        assert {name: (shoot / name).stat().st_mtime_ns for name in held} == times, "they were not written again"
        assert (report.count("labelled"), report.count("skipped")) == (5, 9)
        assert in_series(report) == EXPECTED


def test_labels_inside_of_dngs_come_out_as_in_one_run_too(shoot: Path, small_model: Path) -> None:
    photos = sorted(shoot.glob("*.dng"))
    autohdr.label([shoot], model=small_model)
    undisturbed = [path.read_bytes() for path in photos]
    autohdr.undo([photos[1], photos[6], photos[13]])
    report = autohdr.label([shoot], model=small_model)
    assert (report.count("labelled"), report.count("skipped")) == (3, 11)
    assert [path.read_bytes() for path in photos] == undisturbed
    assert in_series(report) == EXPECTED


def test_a_run_that_is_killed_again_and_again_gives_the_same_bytes(
    shoot: Path, small_model: Path, expected: dict[str, bytes]
) -> None:
    chance = random.Random(0)
    for _ in range(6):
        done = len(list(shoot.glob("*.xmp")))
        if done > 12:
            break
        run = begin(shoot, model=small_model, threads=2, embed=False)
        wait_for_sidecars(run, shoot, done + chance.randint(1, 3))
        time.sleep(chance.uniform(0, 0.003))
        run.kill()
        run.join()
        assert sidecars(shoot).items() <= expected.items()
    label([shoot], model=small_model)
    assert sidecars(shoot) == expected


def test_a_run_that_is_stopped_leaves_no_series_half_done_and_goes_on(
    shoot: Path, small_model: Path, expected: dict[str, bytes]
) -> None:
    stop = threading.Event()
    results: list[Result] = []

    def stop_it(result: Result) -> None:
        results.append(result)
        stop.set()

    report = label([shoot], model=small_model, threads=1, batch=1, stop=stop, on_result=stop_it)
    assert 5 <= len(results) < 14
    assert report.stopped is not None
    assert sidecars(shoot).items() <= expected.items()
    assert len(results) in (5, 8, 9, 12)
    label([shoot], model=small_model)
    assert sidecars(shoot) == expected


def test_a_finished_run_is_not_decoded_again(shoot: Path, small_model: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    label([shoot], model=small_model)
    monkeypatch.setattr("autohdr.run.stages.stages.read_for", lambda path: pytest.fail(f"{path} was read"))
    report = label([shoot], model=small_model)
    assert report.count("skipped") == 14
    assert in_series(report) == EXPECTED


def test_a_photo_that_fails_does_not_keep_its_series_from_its_look(
    shoot: Path, small_model: Path, expected: dict[str, bytes]
) -> None:
    path = shoot / "IMG_0002.dng"
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    first = label([shoot], model=small_model)
    assert [result.status for result in first.results].count("failed") == 1
    assert in_series(first)[:5] == [(1, "series", 4)] * 2 + [None] + [(1, "series", 4)] * 2
    path.write_bytes(whole)
    second = label([shoot], model=small_model)
    assert second.count("failed") == 0
    assert sidecars(shoot) == expected, "with the fifth photo the others have another look, too"


def test_a_photo_that_was_edited_is_left_alone_and_the_others_agree(shoot: Path, small_model: Path) -> None:
    edited = '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
    edited += '<rdf:Description xmlns:crs="http://ns.adobe.com/camera-raw-settings/1.0/" crs:Exposure2012="+1.00"/>'
    (shoot / "IMG_0001.xmp").write_text(edited + "</rdf:RDF></x:xmpmeta>")
    report = label([shoot], model=small_model)
    assert [result.status for result in report.results[:3]] == ["labelled", "skipped", "labelled"]
    assert in_series(report)[:5] == [(1, "series", 4), None, *[(1, "series", 4)] * 3]
    before = sidecars(shoot)
    assert label([shoot], model=small_model).count("skipped") == 14
    assert sidecars(shoot) == before


def test_a_correction_of_one_moves_no_other_in_a_second_run(shoot: Path, small_model: Path) -> None:
    label([shoot], model=small_model)
    path = shoot / "IMG_0001.xmp"
    path.write_text(path.read_text().replace('crs:Contrast2012="', 'crs:Contrast2012="+9'))
    before = sidecars(shoot)
    assert label([shoot], model=small_model).count("labelled") == 0
    assert sidecars(shoot) == before


def test_a_rehearsal_says_what_a_run_writes(shoot: Path, small_model: Path) -> None:
    rehearsed = label([shoot], model=small_model, dry_run=True)
    done = label([shoot], model=small_model)
    assert [one.sliders for one in rehearsed.results] == [one.sliders for one in done.results]
    assert in_series(rehearsed) == in_series(done)


def test_few_photos_are_held_however_long_somebody_goes_on(
    shoot: Path, small_model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A time lapse of 260 photos, a second apart: results come after a hundred at the latest."""
    from autohdr.run.stages import stages

    folder = tmp_path / "lapse"
    folder.mkdir()
    scene = random_scene(np.random.default_rng(0), (192, 288))
    photos = take_series("panorama", scene, Camera(), np.random.default_rng(0), 260, 1.7e9, size=(32, 48))
    for number, photo in enumerate(photos):
        write_dng(folder / f"IMG_{number:04d}.dng", photo.frame, photo.camera)
    begun, ended, most = [0], [0], [0]
    monkeypatch.setattr(
        stages, "read_for", lambda path, decoder: (begun.__setitem__(0, begun[0] + 1), read_for(path, decoder))[1]
    )

    def count(result: Result) -> None:
        ended[0] += 1
        most[0] = max(most[0], begun[0] - ended[0])

    report = label([folder], model=small_model, threads=2, batch=4, on_result=count)
    assert ended == [260]
    assert max(result.series.photos for result in report.results if result.series is not None) <= MOST
    assert most[0] <= 4 * MOST
