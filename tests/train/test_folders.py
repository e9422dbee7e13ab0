"""Folders to write into: refused in one sentence, early, and without leaving anything behind."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from autohdr.errors import SettingsError
from autohdr_train.cli import main
from autohdr_train.folders import is_there, make_folder, refuse_impossible


@pytest.mark.parametrize("name", ["file", "file/below", "file/far/below"])
def test_a_file_in_the_way_is_named_before_anything_is_made(tmp_path: Path, name: str) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(SettingsError, match=r"^--out .* cannot be made, because .*file is not a folder"):
        refuse_impossible(tmp_path / name, "--out")


@pytest.mark.parametrize("name", ["", "new", "new/below"])
def test_what_can_be_made_is_made_when_asked_and_not_before(tmp_path: Path, name: str) -> None:
    refuse_impossible(tmp_path / name, "--out")
    assert not (tmp_path / "new").exists()
    make_folder(tmp_path / name, "--out")
    assert (tmp_path / name).is_dir()


def test_the_system_s_reason_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(SettingsError, match=r"--cache .* cannot be made \(Not a directory\); name another folder"):
        make_folder(tmp_path / "file" / "cache", "--cache")


def test_what_the_system_will_not_look_for_is_not_there(tmp_path: Path) -> None:
    assert is_there(tmp_path)
    assert not is_there(tmp_path / ("long" * 100))


def test_a_cache_that_cannot_be_written_is_made_up_for(shoot: Path, tmp_path: Path) -> None:
    """Without a home, learning and picking ended with an error."""
    (tmp_path / "file").touch()
    home = str(tmp_path / "file" / "home")
    places = {"HOME": home, "XDG_CACHE_HOME": f"{home}/cache", "LOCALAPPDATA": home, "TMPDIR": str(tmp_path / "left")}
    (tmp_path / "left").mkdir()
    for words in (["pick", shoot, "--count", "2"], [shoot, "--out", tmp_path / "m"]):
        done = subprocess.run(
            [sys.executable, "-c", "from autohdr_train.entry import main; main()", *map(str, words)],
            env={**os.environ, **places},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        assert done.stderr.count("cannot be written") == 1
    assert (tmp_path / "m" / "model.safetensors").is_file()
    assert [path for path in (tmp_path / "left").iterdir() if path.name.startswith("autohdr-")] == []


def test_a_cache_that_was_named_and_cannot_be_written_is_refused(shoot: Path, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    done = CliRunner().invoke(main, ["pick", str(shoot), "--cache", str(tmp_path / "file" / "cache")])
    assert done.exit_code == 2
    assert done.stderr.startswith("Error: --cache ")
