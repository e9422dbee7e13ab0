"""Standard streams that are closed, full or read by nobody are not the end of the work."""

import os
import subprocess
from pathlib import Path

import pytest

from autohdr.cli.console import printable
from tests.runtime.cli.running import PROGRAM

FULL = Path("/dev/full")


def command(shoot: Path, model: Path, *more: str | Path) -> list[str]:
    return [*PROGRAM, "label", *map(str, (shoot, "--model", model, "--engine", "cpu", *more))]


@pytest.mark.skipif(not FULL.exists(), reason="needs a file on which nothing can be written, as Linux has one")
@pytest.mark.parametrize("unbuffered", ["", "1"])
def test_labels_go_on_where_standard_output_is_full(shoot: Path, small_model: Path, unbuffered: str) -> None:
    """The run ended with a traceback after one photo."""
    with FULL.open("w") as full:
        done = subprocess.run(
            command(shoot, small_model),
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
            env={**os.environ, "PYTHONUNBUFFERED": unbuffered},
        )
    assert done.returncode == 3
    assert done.stderr.startswith("Standard output cannot be written")
    assert done.stderr.count("\n") == 1
    assert len(list(shoot.glob("*_xmp_original"))) == 5


@pytest.mark.skipif(os.name == "nt", reason="Windows gives a program no closed streams in this way")
@pytest.mark.parametrize("closed", ["2>&-", ">&-", "<&-", ">&- 2>&- <&-"])
def test_labels_are_written_without_standard_streams(shoot: Path, small_model: Path, closed: str) -> None:
    """Without standard error the run ended at once, without a word."""
    words = " ".join(f"'{word}'" for word in command(shoot, small_model))
    assert subprocess.run(["sh", "-c", f"{words} {closed}"], capture_output=True, check=False).returncode == 0
    assert len(list(shoot.glob("*_xmp_original"))) == 5


@pytest.mark.skipif(os.name == "nt", reason="needs a shell with pipes")
@pytest.mark.parametrize("unbuffered", ["", "1"])
def test_nobody_reads_to_the_end(shoot: Path, small_model: Path, unbuffered: str) -> None:
    """As in `autohdr label ... | head -1`."""
    words = " ".join(f"'{word}'" for word in command(shoot, small_model))
    done = subprocess.run(
        ["bash", "-c", f"{words} | head -1 > /dev/null; exit ${{PIPESTATUS[0]}}"],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONUNBUFFERED": unbuffered},
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert len(list(shoot.glob("*_xmp_original"))) == 5


def test_what_a_terminal_acts_on_is_escaped_and_scripts_stay() -> None:
    assert printable("a\nb\x1b[2J\udce8") == "a\\nb\\x1b[2J\\udce8"
    assert printable("Zürich 東京 \u0915\u094d\u200d\u0937") == "Zürich 東京 \u0915\u094d\u200d\u0937"
