"""Tables of shards, put together, are the table of one run."""

import functools
import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

import autohdr
from autohdr import FileError, Result, SettingsError
from autohdr.codes import Code
from autohdr.run.results.merge import Different, merge
from autohdr.run.results.report import InSeries
from autohdr.run.results.table import write_report
from autohdr.run.spread import parcels
from autohdr.run.spread.starts import starts
from autohdr.sliders import SLIDERS
from tests.runtime.run.spread.shoots import write

LABELLED = Result(Path("shoot/b/1.dng"), "labelled", Code.LABELLED, {slider.key: 1.5 for slider in SLIDERS}, hdr=True)
ALREADY = replace(LABELLED, status="skipped", code=Code.LABELLED_ALREADY, reason="labelled already")


def table(path: Path, *results: Result) -> Path:
    write_report(path, results)
    return path


def named(number: int, name: str) -> Result:
    return replace(LABELLED, path=Path("shoot") / name, series=InSeries(number, "series", 2, "1.dng"))


@pytest.mark.parametrize("end", ["csv", "jsonl"])
def test_tables_of_shards_are_the_table_of_one_run(
    tmp_path: Path, small_model: Path, monkeypatch: pytest.MonkeyPatch, end: str
) -> None:
    monkeypatch.setattr(parcels, "starts", lambda names, reach: starts(names, min(reach, 2)))
    write(tmp_path / "shoot")
    label = functools.partial(autohdr.label, model=small_model, embed=False, dry_run=True)
    label([tmp_path / "shoot"], report=tmp_path / f"one.{end}")
    shards = [tmp_path / f"{number}.{end}" for number in (1, 2, 3)]
    for number, shard in enumerate(shards, 1):
        label([tmp_path / "shoot"], shard=f"{number}/3", report=shard)
    merged = merge(tmp_path / f"all.{end}", shards)
    assert (tmp_path / f"all.{end}").read_bytes() == (tmp_path / f"one.{end}").read_bytes()
    assert (merged.photos, merged.several, merged.different) == (34, 0, 0)


def test_either_format_becomes_the_other(tmp_path: Path) -> None:
    results = [named(3, "a/1.dng"), named(3, "a/2.dng"), replace(ALREADY, sliders=None, hdr=None, difference=1.25)]
    lines, rows = table(tmp_path / "one.jsonl", *results), table(tmp_path / "one.csv", *results)
    merge(tmp_path / "made.csv", [lines])
    merge(tmp_path / "made.jsonl", [rows])
    assert (tmp_path / "made.csv").read_text() == rows.read_text().replace(",3,", ",1,")
    assert (tmp_path / "made.jsonl").read_text() == lines.read_text().replace('"series": 3', '"series": 1')


def test_photos_come_as_a_run_finds_them_and_series_are_numbered_anew(tmp_path: Path) -> None:
    one = table(tmp_path / "1.jsonl", named(1, "b.dng"), named(2, "x/1.dng"), named(2, "x/2.dng"), named(3, "z/0.dng"))
    two = table(tmp_path / "2.jsonl", named(1, "a.dng"), named(1, "x-1/1.dng"), named(2, "x/y/1.dng"))
    merge(tmp_path / "all.jsonl", [one, two])
    rows = [json.loads(line) for line in (tmp_path / "all.jsonl").read_text().splitlines()]
    found = [(Path(row["path"]).relative_to("shoot").as_posix(), row["series"]) for row in rows]
    assert found == [
        *(("a.dng", 1), ("b.dng", 2), ("x/1.dng", 3), ("x/2.dng", 3)),
        *(("x/y/1.dng", 4), ("x-1/1.dng", 1), ("z/0.dng", 5)),
    ]


def test_a_photo_of_several_tables_is_there_once(tmp_path: Path) -> None:
    first, second = table(tmp_path / "1.csv", ALREADY), table(tmp_path / "2.jsonl", LABELLED)
    merged = merge(tmp_path / "all.jsonl", [first, second, first])
    assert (merged.photos, merged.several, merged.different) == (1, 1, 0)
    assert json.loads((tmp_path / "all.jsonl").read_text())["status"] == "labelled"


def test_where_tables_differ_both_are_told_and_the_last_counts(tmp_path: Path) -> None:
    failed = Result(LABELLED.path, "failed", Code.DAMAGED, reason="it is damaged")
    other = replace(LABELLED, sliders={slider.key: 2.0 for slider in SLIDERS})
    first, second = table(tmp_path / "1.csv", failed), table(tmp_path / "2.csv", LABELLED)
    third = table(tmp_path / "3.csv", other)
    told: list[Different] = []
    assert merge(tmp_path / "all.jsonl", [first, second], told.append).different == 1
    assert told == [Different(str(LABELLED.path), (first, second), ("failed (damaged)", "labelled (labelled)"))]
    assert json.loads((tmp_path / "all.jsonl").read_text())["status"] == "labelled"
    assert merge(tmp_path / "all.jsonl", [second, third]).different == 1
    assert json.loads((tmp_path / "all.jsonl").read_text())[SLIDERS[0].key] == 2.0


def test_a_table_may_be_put_into_itself(tmp_path: Path) -> None:
    whole = table(tmp_path / "all.csv", named(1, "a.dng"))
    more = table(tmp_path / "more.csv", named(1, "b.dng"))
    assert merge(whole, [whole, more]).photos == merge(whole, [whole]).photos == 2


def test_tables_that_lack_sliders_and_those_that_have_more_go_together(tmp_path: Path) -> None:
    more = replace(named(1, "a.dng"), sliders={**(LABELLED.sliders or {}), "Texture": 12.0})
    one, two = table(tmp_path / "1.csv", more), table(tmp_path / "2.csv", named(1, "b.dng"))
    shutil.copy(one, tmp_path / "kept.csv")
    merge(tmp_path / "all.csv", [two, one])
    lines = (tmp_path / "all.csv").read_text().splitlines()
    assert lines[0] == one.read_text().splitlines()[0]
    assert len({line.count(",") for line in lines}) == 1


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.csv", "name,other\nx,y\n"),
        ("a.csv", "path,status\nx\n"),
        ("a.csv", "path,Exposure2012\nx,high\n"),
        ("a.jsonl", "[1]\n"),
        ("a.jsonl", '{"path": "x"'),
        ("a.jsonl", "\x00"),
        ("a.jsonl", '{"path": 1}\n'),
    ],
)
def test_what_is_no_table_is_refused(tmp_path: Path, name: str, text: str) -> None:
    (tmp_path / name).write_text(text)
    with pytest.raises(FileError, match="is no table that autohdr label --report wrote"):
        merge(tmp_path / "all.csv", [tmp_path / name])
    assert not (tmp_path / "all.csv").exists()


def test_names_that_cannot_be_are_refused(tmp_path: Path) -> None:
    made = table(tmp_path / "1.csv", LABELLED)
    with pytest.raises(SettingsError, match="has an unknown ending"):
        merge(tmp_path / "all.txt", [made])
    with pytest.raises(SettingsError, match="has an unknown ending"):
        merge(tmp_path / "all.csv", [tmp_path / "1.txt"])
    with pytest.raises(SettingsError, match="does not exist"):
        merge(tmp_path / "all.csv", [tmp_path / "2.csv"])
