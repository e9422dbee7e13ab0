"""`autohdr label` as a user meets it, and what undoes it."""

import json
import re
from functools import partial
from pathlib import Path

import pytest

from autohdr import SLIDERS
from autohdr.engines.registry import ENGINES
from autohdr.sidecar import Document
from autohdr.sidecar.dng.embedded import read_embedded
from tests.conftest import SMALL_INFO, write_model
from tests.json_lines import read
from tests.runtime.cli.running import run
from tests.runtime.run.processes import many, start

RATED = """<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmp:Rating="3"/></rdf:RDF></x:xmpmeta>"""


label, undo = partial(run, "label"), partial(run, "undo")


def test_json_is_a_line_a_photo_and_the_summary(shoot: Path, small_model: Path) -> None:
    (shoot / "IMG_3.dng").write_text("not a photo")
    done = label(shoot, "--model", small_model, "--json")
    note, *results, report = read("label", done.stdout)
    assert done.returncode == 3
    assert [result["status"] for result in results] == ["labelled"] * 3 + ["failed", "labelled"]
    assert report.pop("seconds") > 0
    assert report.pop("raws_per_minute") > 0
    assert report.pop("engine")["name"] == "cpu"
    assert report.pop("model")["name"] == "small 1"
    assert report == {
        "schema": 1,
        "type": "summary",
        "code": "some_failed",
        "shard": None,
        "photos": 5,
        "labelled": 4,
        "skipped": 0,
        "failed": 1,
        "not_done": 0,
        "to_check": None,
        "series": 0,
        "in_series": 0,
        "marked": 0,
        "stopped": None,
        "dng_labels": "inside",
        "next_step": None,
    }
    first = results[0]
    assert note["code"] == "dngs_inside"
    assert list(first["sliders"]) == [slider.key for slider in SLIDERS]
    assert first["hdr"] is True
    assert Path(first["sidecar"]).is_file()


def test_json_lines_come_as_the_photos_are_done(shoot: Path, small_model: Path) -> None:
    """The lines of 300 photos are more than a pipe holds, so the run is not over when the first is read."""
    process = start(many(shoot, 300), "--model", small_model, "--json", "--no-embed")
    assert process.stdout is not None
    assert json.loads(process.stdout.readline())["type"] == "note"
    assert json.loads(process.stdout.readline())["status"] == "labelled"
    assert process.poll() is None
    assert len(list(process.stdout)) == 300  # communicate() may lose lines that have come with the first ones
    process.communicate()


def test_people_see_each_photo_and_a_sum(shoot: Path, small_model: Path) -> None:
    done = label(shoot, "--model", small_model)
    assert done.returncode == 0
    assert "IMG_0.dng -> IMG_0.dng  Exposure " in done.stdout
    assert "5 labelled" in done.stdout
    again = label(shoot, "--model", small_model)
    assert again.returncode == 0
    assert "labelled already" in again.stdout


def test_quiet_shows_the_summary_alone_and_verbose_how_each_was_read(shoot: Path, small_model: Path) -> None:
    (shoot / "IMG_3.dng").write_text("not a photo")
    quiet = label(shoot, "--model", small_model, "--quiet", "--dry-run").stdout.splitlines()
    assert quiet[0].startswith("      1 failed: ")
    assert not any(line.startswith("failed: ") for line in quiet)
    assert not any("->" in line and "IMG_0" in line for line in quiet)
    verbose = label(shoot, "--model", small_model, "--verbose", "--decoder", "libraw").stdout
    assert len(re.findall(r"\[libraw, white balance as shot, \d+\.\d{3} s\]", verbose)) == 4


def test_a_dry_run_shows_the_sliders_before_and_after(shoot: Path, small_model: Path, tmp_path: Path) -> None:
    assert "Exposure unset -> " in label(shoot, "--model", small_model, "--dry-run").stdout
    label(shoot, "--model", small_model)
    already, again = (label(shoot, "--model", small_model, *more).stdout for more in (["--dry-run"], []))
    assert [text.count("labelled already") for text in (already, again)] == [6, 6]
    other = write_model(tmp_path / "other.onnx", SMALL_INFO.to_json(), mix="Sin")
    lines = label(shoot, "--model", other, "--dry-run").stdout.splitlines()[1:6]
    before = Document.parse(read_embedded(shoot / "IMG_0.dng") or b"").values()["Exposure2012"]
    assert f"Exposure {SLIDERS[0].spell(before)} -> " in lines[0]


def test_a_dry_run_shows_that_the_mode_would_change(shoot: Path, small_model: Path) -> None:
    words = (shoot, "--model", small_model, "--no-embed")
    label(*words)
    done = label(*words, "--dry-run", "--sdr")
    assert done.stdout.count(".xmp  HDR on -> off") == 5
    _, *photos, _ = read("label", label(*words, "--dry-run", "--sdr", "--json").stdout)
    assert [photo["changes"]["HDREditMode"] for photo in photos] == [[1, 0]] * 5
    label(*words, "--sdr")
    assert label(*words, "--dry-run").stdout.count(".xmp  HDR off -> on") == 5


def test_labels_that_are_there_already_are_not_counted_as_new(shoot: Path, small_model: Path) -> None:
    words = ("--model", small_model, "--no-embed")
    label(shoot, *words)
    done = label(shoot, *words, "--existing", "replace")
    assert "0 labelled, 5 skipped, 0 failed of 5 photos in" in done.stdout
    assert "5 skipped: labelled already" in done.stdout
    assert "a minute" not in done.stdout


@pytest.mark.parametrize("name", ["labels.csv", "labels.jsonl"])
def test_a_report_is_written_beside_what_is_shown(shoot: Path, small_model: Path, tmp_path: Path, name: str) -> None:
    done = label(shoot, "--model", small_model, "--report", tmp_path / name)
    assert done.returncode == 0
    assert f"The labels are in {tmp_path / name}." in done.stdout
    assert len((tmp_path / name).read_text().splitlines()) == 5 + name.endswith(".csv")


@pytest.mark.parametrize("extra", [[], ["--json"]])
def test_a_report_that_cannot_be_written_does_not_take_the_summary_away(
    shoot: Path, small_model: Path, tmp_path: Path, extra: list[str]
) -> None:
    table = tmp_path / "labels.csv"
    table.write_text("old")
    table.chmod(0o444)
    done = label(shoot, "--model", small_model, "--report", table, *extra)
    table.chmod(0o644)
    assert done.returncode == 3
    assert "labels.csv cannot be written (it is marked read-only)" in done.stderr
    assert "The labels are in" not in done.stdout
    if extra:
        *_, summary, error = read("label", done.stdout)
        assert (summary["labelled"], error["code"]) == (5, "file_refused")
    else:
        assert "5 labelled" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "code", "sentence"),
    [
        (["--model", "gone.onnx"], 4, "gone.onnx does not exist"),
        (["--engine", "cuda"], 4, "NVIDIA"),
        (["--engine", "abacus"], 2, "abacus"),
        (["--batch", "0"], 2, "--batch"),
        (["--report", "labels.txt"], 2, "expected one of .csv, .jsonl"),
    ],
)
def test_a_mistake_is_one_sentence_and_an_exit_code(
    shoot: Path, small_model: Path, arguments: list[str], code: int, sentence: str
) -> None:
    done = label(shoot, "--model", small_model, *arguments, CUDA_VISIBLE_DEVICES="")
    assert done.returncode == code
    assert sentence in done.stderr
    assert "Traceback" not in done.stderr
    assert not list(shoot.glob("*.xmp"))


@pytest.mark.parametrize("encoding", ["cp1252", "utf-8:strict"])
def test_a_name_that_the_terminal_cannot_show_stops_nothing(shoot: Path, small_model: Path, encoding: str) -> None:
    (shoot / "IMG_0.dng").rename(shoot / "\u65e5\u672c.dng")
    for extra in ([], ["--json"]):
        done = label(shoot, "--model", small_model, *extra, PYTHONIOENCODING=encoding)
        assert done.returncode == 0, done.stderr
        assert "Traceback" not in done.stderr
    assert json.loads(done.stdout.splitlines()[-2])["path"].endswith("\u65e5\u672c.dng")


def test_a_folder_without_photos_is_told_so_by_name(tmp_path: Path, small_model: Path) -> None:
    done = label(tmp_path, "--model", small_model)
    assert done.returncode == 0
    assert f"No RAW files in {tmp_path}" in done.stdout


def test_a_skipped_photo_is_named_with_its_folder(shoot: Path, small_model: Path) -> None:
    label(shoot, "--model", small_model, "--no-embed")
    sidecar = shoot / "IMG_2.xmp"
    sidecar.write_text(sidecar.read_text().replace('crs:Contrast2012="', 'crs:Contrast2012="+9'))
    assert f"skipped: {shoot / 'IMG_2.dng'}: " in label(shoot, "--model", small_model, "--no-embed").stdout


def test_without_paths_the_usage_is_shown() -> None:
    done = label()
    assert done.returncode == 2
    assert "Missing argument 'PATHS...'" in done.stderr


def test_verbose_says_which_engines_auto_passed_over_and_others_do_not(shoot: Path, small_model: Path) -> None:
    plain = label(shoot, "--model", small_model, "--dry-run")
    assert "passed over" not in plain.stdout + plain.stderr
    new = shoot.parent / "cache"  # in which no engine has been seen to work
    verbose = label(shoot, "--model", small_model, "--dry-run", "--verbose", "--cache", new)
    taken = re.search(r", with model small 1 on engine ([\w-]+);", verbose.stdout)
    assert taken is not None
    better = list(ENGINES)[: list(ENGINES).index(taken[1])]
    assert re.findall(r"^Engine ([\w-]+) was passed over: .+", verbose.stdout, re.MULTILINE) == better


def test_a_path_that_is_not_there_is_wrong_usage(tmp_path: Path) -> None:
    done = label(tmp_path / "gone")
    assert done.returncode == 2
    assert done.stderr.startswith("Error: ")


def test_what_cannot_be_remembered_is_one_warning(shoot: Path, small_model: Path, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    done = label(shoot, "--model", small_model, AUTOHDR_STATE=str(tmp_path / "file" / "state"))
    assert done.returncode == 0
    assert done.stderr.startswith("autohdr cannot remember what is finished")
    assert len(done.stderr.splitlines()) == 1


def test_undo_takes_every_label_back(shoot: Path, small_model: Path) -> None:
    rated = shoot / "IMG_1.xmp"
    rated.write_text(RATED)
    label(shoot, "--model", small_model, "--no-embed")
    moved = shoot / "IMG_2.xmp"
    moved.write_text(moved.read_text().replace('crs:Contrast2012="', 'crs:Contrast2012="+9'))
    before = {path: path.read_bytes() for path in shoot.iterdir()}
    rehearsed = undo(shoot, "--dry-run")
    assert {path: path.read_bytes() for path in shoot.iterdir()} == before

    done = undo(shoot)
    for printed in (rehearsed.stdout, done.stdout):
        assert f"restored: {rated}" in printed
        assert f"removed: {shoot / 'IMG_0.xmp'}" in printed
        assert f"left: {moved}: " in printed
        assert "1 restored, 3 removed, 1 left as they are of 5 sidecars and 0 DNGs that autohdr wrote" in printed
    assert rehearsed.returncode == done.returncode == 3
    assert rated.read_text() == RATED
    assert sorted(path.name for path in shoot.glob("*.xmp*")) == ["IMG_1.xmp", "IMG_2.xmp"]

    moved.unlink()
    label(shoot, "--model", small_model, "--no-embed")
    again = undo(shoot, "--json")
    *results, sums = read("undo", again.stdout)
    assert again.returncode == 0
    assert {result["status"] for result in results} == {"restored", "removed"}
    assert [sums[name] for name in ("sidecars", "dngs", "restored", "removed", "left")] == [5, 0, 1, 4, 0]
    assert rated.read_text() == RATED


def test_darktables_names_are_used_when_asked(shoot: Path, small_model: Path) -> None:
    label(shoot, "--model", small_model, "--sidecar", "darktable")
    assert sorted(path.name for path in shoot.glob("*.xmp")) == [f"IMG_{index}.dng.xmp" for index in range(5)]
    assert "5 skipped: labelled already" in label(shoot, "--model", small_model, "--sidecar", "darktable").stdout
    assert "5 labelled" in label(shoot, "--model", small_model, "--no-embed").stdout
    assert "10 removed" in undo(shoot).stdout
    assert not list(shoot.glob("*.xmp"))


def test_a_foreign_model_is_refused(shoot: Path, tmp_path: Path) -> None:
    done = label(shoot, "--model", write_model(tmp_path / "theirs.onnx"))
    assert done.returncode == 4
    assert "does not say what it was trained on" in done.stderr
