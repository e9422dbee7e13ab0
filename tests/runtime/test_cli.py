"""`autohdr-run` as a user meets it."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from autohdr import SLIDERS
from tests.conftest import write_model


def run(*arguments: str | Path, **environment: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", "from autohdr.cli import main; main()", *map(str, arguments)]
    env = {**os.environ, **environment}
    return subprocess.run(
        command, capture_output=True, text=True, encoding="utf-8", errors="replace", check=False, env=env
    )


def test_json_is_one_object_on_standard_output(shoot: Path, small_model: Path) -> None:
    (shoot / "IMG_3.dng").write_text("not a photo")
    done = run(shoot, "--model", small_model, "--json")
    report = json.loads(done.stdout)
    assert done.returncode == 3
    assert {key: report[key] for key in ("photos", "labelled", "skipped", "failed")} == {
        "photos": 5,
        "labelled": 4,
        "skipped": 0,
        "failed": 1,
    }
    assert report["engine"]["name"] == "cpu"
    assert report["model"]["name"] == "small 1"
    assert report["seconds"] > 0
    assert report["raws_per_minute"] > 0
    first = report["results"][0]
    assert set(first) == {"path", "status", "sliders", "sidecar", "reason", "decoder", "white_balance"}
    assert list(first["sliders"]) == [slider.key for slider in SLIDERS]
    assert Path(first["sidecar"]).is_file()


def test_people_see_each_photo_and_a_sum(shoot: Path, small_model: Path) -> None:
    done = run(shoot, "--model", small_model)
    assert done.returncode == 0
    assert "IMG_0.dng -> IMG_0.xmp  Exposure " in done.stdout
    assert "5 labelled, 0 skipped, 0 failed of 5 photos" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "code", "sentence"),
    [
        (["--model", "gone.onnx"], 4, "gone.onnx does not exist"),
        (["--engine", "trt"], 4, "engine trt"),
        (["--engine", "abacus"], 2, "abacus"),
        (["--batch", "0"], 2, "--batch"),
    ],
)
def test_a_mistake_is_one_sentence_and_an_exit_code(
    shoot: Path, small_model: Path, arguments: list[str], code: int, sentence: str
) -> None:
    done = run(shoot, "--model", small_model, *arguments)
    assert done.returncode == code
    assert sentence in done.stderr
    assert "Traceback" not in done.stderr
    assert not list(shoot.glob("*.xmp"))


@pytest.mark.parametrize("encoding", ["cp1252", "utf-8:strict"])
def test_a_name_that_the_terminal_cannot_show_stops_nothing(shoot: Path, small_model: Path, encoding: str) -> None:
    (shoot / "IMG_0.dng").rename(shoot / "\u65e5\u672c.dng")
    for extra in ([], ["--json"]):
        done = run(shoot, "--model", small_model, *extra, PYTHONIOENCODING=encoding)
        assert done.returncode == 0, done.stderr
        assert "Traceback" not in done.stderr
    assert json.loads(done.stdout)["results"][-1]["path"].endswith("\u65e5\u672c.dng")


def test_a_folder_without_photos_is_told_so_by_name(tmp_path: Path, small_model: Path) -> None:
    done = run(tmp_path, "--model", small_model)
    assert done.returncode == 0
    assert f"No RAW files in {tmp_path}" in done.stdout


def test_a_skipped_photo_is_named_with_its_folder(shoot: Path, small_model: Path) -> None:
    run(shoot, "--model", small_model)
    sidecar = shoot / "IMG_2.xmp"
    sidecar.write_text(sidecar.read_text().replace('crs:Contrast2012="', 'crs:Contrast2012="+9'))
    assert f"skipped: {shoot / 'IMG_2.dng'}: " in run(shoot, "--model", small_model).stdout


def test_a_path_that_is_not_there_is_wrong_usage(tmp_path: Path) -> None:
    done = run(tmp_path / "gone")
    assert done.returncode == 2
    assert done.stderr.startswith("Error: ")


def test_a_foreign_model_is_refused(shoot: Path, tmp_path: Path) -> None:
    done = run(shoot, "--model", write_model(tmp_path / "theirs.onnx"))
    assert done.returncode == 4
    assert "does not say what it was trained on" in done.stderr
