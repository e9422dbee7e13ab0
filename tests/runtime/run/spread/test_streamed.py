"""A run of which nobody holds the list of photos, nor the results: `label(..., shard="2/5")`."""

import csv
import functools
import shutil
import threading
from pathlib import Path

import pytest

import autohdr
from autohdr import Result, SettingsError
from autohdr.codes import Code
from autohdr.run.results.table import UnwrittenError
from autohdr.run.spread import parcels
from autohdr.run.spread.parcels import Shard
from autohdr.run.spread.starts import starts
from tests.runtime.run.spread.shoots import SERIES, sidecars
from tests.s3.store import S3

label = functools.partial(autohdr.label, embed=False)


@pytest.fixture(autouse=True)
def _small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Parcels of two to eight photos: this shoot is small."""
    monkeypatch.setattr(parcels, "starts", lambda names, reach: starts(names, min(reach, 2)))


def rows(*tables: Path) -> list[dict[str, str]]:
    return [row for table in tables for row in csv.DictReader(table.read_text(encoding="utf-8").splitlines())]


def test_shards_together_are_one_run(shoot: Path, small_model: Path, tmp_path: Path) -> None:
    one = Path(shutil.copytree(shoot, tmp_path / "one" / "shoot"))
    expected = label([one], model=small_model, report=tmp_path / "one.csv")
    counted: list[int] = []
    tables = [tmp_path / f"{number}.csv" for number in (1, 2, 3)]
    results: list[Result] = []
    for number, table in enumerate(tables, 1):
        report = label(
            [shoot],
            model=small_model,
            shard=f"{number}/3",
            report=table,
            on_start=counted.append,
            on_result=results.append,
        )
        assert report.results == []
        assert report.shard == f"{number}/3"
        assert (report.code, report.not_done, report.stopped) == (Code.DONE, 0, None)
        assert report.photos == report.count("labelled") == len(rows(table))
        assert report.dng_labels == "beside"
    assert sum(counted) == len(expected.results)
    assert sidecars(shoot) == sidecars(one)
    assert {result.path.relative_to(shoot) for result in results} == {
        result.path.relative_to(one) for result in expected.results
    }
    numberless = ("path", "series")
    assert sorted(row["Exposure2012"] for row in rows(*tables)) == sorted(
        row["Exposure2012"] for row in rows(tmp_path / "one.csv")
    )
    assert all(
        set(row) - set(numberless) == set(rows(tmp_path / "one.csv")[0]) - set(numberless) for row in rows(tables[0])
    )


def test_one_shard_of_one_is_the_whole_run(shoot: Path, small_model: Path) -> None:
    report = label([shoot], model=small_model, shard="1/1")
    assert report.series[0] == SERIES
    again: list[Result] = []
    label([shoot], model=small_model, shard="1/1", on_result=again.append)
    assert {result.code for result in again} == {Code.LABELLED_ALREADY}
    assert [result.path for result in again] == sorted(shoot.rglob("*.dng"))


def test_failures_are_counted_and_do_not_end_it(shoot: Path, small_model: Path) -> None:
    (shoot / "first" / "IMG_0004.dng").write_text("no photo")
    report = label([shoot], model=small_model, shard="1/1")
    assert report.code == Code.SOME_FAILED
    assert [group.names for group in report.sums.groups("failed")] == [["IMG_0004.dng"]]


def test_a_run_that_is_stopped_says_so_and_goes_on(shoot: Path, small_model: Path, tmp_path: Path) -> None:
    one = Path(shutil.copytree(shoot, tmp_path / "one"))
    label([one], model=small_model)
    stop = threading.Event()

    def after_three(result: Result) -> None:
        if len(sidecars(shoot)) >= 3:
            stop.set()

    report = label([shoot], model=small_model, shard="1/1", batch=1, threads=1, stop=stop, on_result=after_three)
    if report.not_done:  # a machine that was slow to tell has done all
        assert report.stopped == "it was interrupted"
        assert report.code == Code.STOPPED
    assert label([shoot], model=small_model, shard="1/1").not_done == 0
    assert sidecars(shoot) == sidecars(one)


def test_a_run_that_is_stopped_before_it_begins_has_done_nothing(shoot: Path, small_model: Path) -> None:
    stop = threading.Event()
    stop.set()
    report = label([shoot], model=small_model, shard="1/1", stop=stop)
    assert (report.not_done > 0, report.sums.photos, report.stopped) == (True, 0, "it was interrupted")


def test_a_table_that_cannot_be_written_is_said_once_all_is_labelled(
    shoot: Path, small_model: Path, tmp_path: Path
) -> None:
    table = tmp_path / "labels.csv"
    table.write_text("old")
    table.chmod(0o444)
    with pytest.raises(UnwrittenError) as raised:
        label([shoot], model=small_model, shard="1/1", report=table)
    assert raised.value.report.count("labelled") == len(list(shoot.rglob("*.dng")))
    assert table.read_text() == "old"


@pytest.mark.parametrize("text", ["0/5", "6/5", "1", "1/0", "a/b", "-1/5", "1/5/5", " 1/5"])
def test_a_part_that_there_is_not_is_refused(text: str) -> None:
    with pytest.raises(SettingsError, match=r"expected I/N with I from 1 to N"):
        Shard.parse(text)


def test_what_does_not_go_together_is_refused_with_the_next_step(shoot: Path, tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"--page shows a whole shoot.*autohdr page .* --out "):
        label([shoot], shard="1/2", page=tmp_path / "page")
    with pytest.raises(SettingsError, match=r"does not go with --shard"):
        label([shoot], shard="1/2", watch=True)
    with pytest.raises(SettingsError, match=r"is a Lightroom catalog, and --shard goes by the names of files"):
        label([tmp_path / "Lightroom.lrcat"], shard="1/2")


def test_shards_of_a_bucket_label_as_one_run_over_a_folder(s3: S3, shoot: Path, small_model: Path) -> None:
    s3.upload(shoot, "shoot/")
    label([shoot], model=small_model)
    counted: list[int] = []
    reports = [
        label(s3.url("shoot"), model=small_model, shard=f"{number}/2", on_start=counted.append) for number in (1, 2)
    ]
    assert [report.count("failed") for report in reports] == [0, 0]
    assert counted == [], "a server is asked for its names once"
    written = {key.removeprefix("shoot/"): data for key, data in s3.contents("shoot/").items() if key.endswith(".xmp")}
    assert written == sidecars(shoot)
