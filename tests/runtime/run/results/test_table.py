"""The labels as a table for other programs."""

import csv
import json
import os
import sys
from pathlib import Path

import pytest

from autohdr import SLIDERS, FileError, Result, SettingsError, label
from autohdr.codes import Code
from autohdr.run.results.table import COLUMNS, check_report, write_report


def test_both_formats_hold_the_same(shoot: Path, small_model: Path, tmp_path: Path) -> None:
    (shoot / "IMG_3.dng").write_text("not a photo")
    results = label([shoot], model=small_model).results
    for name in ("labels.csv", "labels.JSONL"):
        write_report(tmp_path / name, results)
    with (tmp_path / "labels.csv").open(newline="", encoding="utf-8") as file:
        table = list(csv.DictReader(file))
    lines = [json.loads(line) for line in (tmp_path / "labels.JSONL").read_text().splitlines()]
    assert [row["path"] for row in table] == [row["path"] for row in lines] == [str(r.path) for r in results]
    for row, line, result in zip(table, lines, results, strict=True):
        assert tuple(row) == tuple(line) == COLUMNS
        assert row["status"] == line["status"] == result.status
        if result.sliders is None:
            assert line["hdr"] is None
            assert {row[slider.key] for slider in SLIDERS} | {row["hdr"]} == {""}
            assert row["reason"] == line["reason"] == result.reason
        else:
            assert {slider.key: float(row[slider.key]) for slider in SLIDERS} == result.sliders
            assert {slider.key: line[slider.key] for slider in SLIDERS} == result.sliders
            assert (row["hdr"], line["hdr"]) == ("true", True)
            assert row["decoder"] == line["decoder"] == result.decoder
            assert (row["difference"], line["difference"]) == ("", None), "a model without a style expects no errors"


@pytest.mark.skipif(sys.platform != "linux", reason="names that are no text are Linux's")
def test_names_that_are_no_text_are_told_too(tmp_path: Path) -> None:
    result = Result(Path(os.fsdecode(b"IMG_\xff.dng")), "skipped", Code.EDITED, reason='a\nb, "c"')
    for name in ("labels.csv", "labels.jsonl"):
        write_report(tmp_path / name, [result])
        assert b"udcff" in (tmp_path / name).read_bytes()


@pytest.mark.parametrize("name", ["labels.txt", "labels", "gone/labels.csv"])
def test_an_impossible_name_is_refused_before_the_run(tmp_path: Path, name: str) -> None:
    with pytest.raises(SettingsError, match="--report "):
        check_report(tmp_path / name)


def test_a_folder_is_refused_before_the_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "labels.csv").mkdir()
    with pytest.raises(SettingsError, match=r"labels\.csv cannot be written, because it is a folder"):
        check_report(tmp_path / "labels.csv")
    monkeypatch.setattr(os, "access", lambda path, mode: (path, mode) != (tmp_path, os.W_OK))
    with pytest.raises(SettingsError, match="is read-only; name another"):
        check_report(tmp_path / "others.csv")


def test_a_table_that_cannot_be_written_leaves_the_old_one(tmp_path: Path) -> None:
    path = tmp_path / "labels.csv"
    path.write_text("old")
    path.chmod(0o444)
    with pytest.raises(FileError):
        write_report(path, [])
    assert path.read_text() == "old"
