"""The folder of prepared photos, where it cannot be written."""

import os
import subprocess
import sys
from pathlib import Path

from click.testing import CliRunner

from autohdr.cli.pick import command


def test_a_cache_that_cannot_be_written_is_made_up_for(shoot: Path, tmp_path: Path) -> None:
    """Without a home, learning and picking ended with an error."""
    (tmp_path / "file").touch()
    home = str(tmp_path / "file" / "home")
    places = {"HOME": home, "XDG_CACHE_HOME": f"{home}/cache", "LOCALAPPDATA": home, "TMPDIR": str(tmp_path / "left")}
    (tmp_path / "left").mkdir()
    for words in (["pick", shoot, "--count", "2"], ["learn", shoot, "--style", tmp_path / "a.style"]):
        done = subprocess.run(
            [sys.executable, "-m", "autohdr", *map(str, words), "--engine", "cpu"],
            env={**os.environ, **places},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        assert done.stderr.count("cannot be written") == 1
    assert (tmp_path / "a.style").is_file()
    assert [path for path in (tmp_path / "left").iterdir() if path.name.startswith("autohdr-")] == []


def test_a_cache_that_was_named_and_cannot_be_written_is_refused(shoot: Path, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    done = CliRunner().invoke(command, [str(shoot), "--cache", str(tmp_path / "file" / "cache")])
    assert done.exit_code == 2
    assert done.stderr.startswith("Error: --cache ")
