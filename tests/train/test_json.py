"""`autohdr train --json` says to programs what it learnt, and what it left out."""

from pathlib import Path

from click.testing import CliRunner

from autohdr import SLIDERS
from autohdr_train.cli import main
from tests.json_lines import read


def test_programs_are_told_what_was_learnt_and_left_out(shoot: Path, foreign_vit: Path, tmp_path: Path) -> None:
    lonely = tmp_path / "lonely"
    lonely.mkdir()
    photo = next(iter(shoot.glob("*.dng")))
    (lonely / "none.dng").write_bytes(photo.read_bytes())
    out = tmp_path / "model"
    quickly = ["--start", str(foreign_vit), "--recipe", "autohdr2024", "--epochs", "1", "--json"]
    words = [str(shoot), str(lonely), "--out", str(out), "--cache", str(tmp_path / "cache"), *quickly]
    done = CliRunner().invoke(main, words)
    assert done.exit_code == 0, done.output
    lines = read("train", done.stdout)
    assert [line["code"] for line in lines if line["type"] == "left_out"] == ["no_sidecar"]
    assert [line["key"] for line in lines if line["type"] == "slider"] == [slider.key for slider in SLIDERS]
    assert (lines[-1]["type"], lines[-1]["out"], lines[-1]["left_out"]) == ("summary", str(out), 1)
    again = CliRunner().invoke(main, [str(lonely), "--out", str(tmp_path / "other"), *quickly])
    (error,) = read("train", again.stdout)
    assert (error["code"], error["exit"]) == ("nothing_to_learn", 3)
