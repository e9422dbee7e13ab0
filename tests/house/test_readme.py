"""The README is short, and its commands do what it says."""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

import autohdr.cli.doctor.command
import autohdr.cli.inspect
import autohdr.cli.label
import autohdr.cli.learn
import autohdr.cli.pick
import autohdr.cli.plans
import autohdr.cli.undo
import autohdr_bench.cli
import autohdr_export.cli
import autohdr_train.cli
from autohdr.cli.main import main
from autohdr.sidecar import Document
from autohdr.sidecar.dng.embedded import read_embedded
from autohdr_scenes.shoot import write_shoot

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")

COMMANDS: dict[str, click.Command] = {
    "autohdr label": autohdr.cli.label.command,
    "autohdr undo": autohdr.cli.undo.command,
    "autohdr doctor": autohdr.cli.doctor.command.command,
    "autohdr inspect": autohdr.cli.inspect.command,
    **{f"autohdr plans {name}": command for name, command in autohdr.cli.plans.command.commands.items()},
    "autohdr learn": autohdr.cli.learn.command,
    "autohdr pick": autohdr.cli.pick.command,
    "autohdr train": autohdr_train.cli.main,
    "autohdr export": autohdr_export.cli.main,
    **{f"autohdr bench {name}": command for name, command in autohdr_bench.cli.main.commands.items()},
}


@pytest.mark.parametrize("name", COMMANDS)
def test_each_command_shows_an_example_in_its_help(name: str) -> None:
    assert f"Example: {name}" in (COMMANDS[name].help or "")


def test_the_readme_is_at_most_6_kilobytes() -> None:
    assert len(README.encode()) <= 6144


def test_the_commands_of_the_readme_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In the order in which they stand, on a shoot of which twelve photos are edited."""
    shoot = tmp_path / "Pictures" / "wedding"
    write_shoot(shoot, 16, size=(128, 192))
    for sidecar in sorted(shoot.glob("*.xmp"))[12:]:
        sidecar.unlink()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    commands = re.findall(r"^autohdr .+$", README, re.MULTILINE)
    assert {line.split()[1] for line in commands} == {"label", "undo", "pick", "learn"}
    for line in commands:
        done = CliRunner().invoke(main, line.replace("~", str(tmp_path)).split()[1:])
        assert done.exit_code == 0, done.output
    assert "4 labelled, 12 skipped" in done.output
    assert "with style wedding.style" in done.output


def shape_of(text: str) -> list[str]:
    """The lines of an output without its figures, which differ a little from machine to machine."""
    return [re.sub(r"[+-]?\d+(\.\d+)?", "#", line) for line in text.strip().splitlines()]


@pytest.mark.slow
def test_the_quick_start_labels_the_sample_shoot_without_torch(tmp_path: Path) -> None:
    """The README's first command in a fresh clone; the environment that it makes is used, not this one."""
    assert "python scripts/quickstart.py" in README
    clone = tmp_path / "autohdr"
    files = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    for name in filter(None, files.stdout.decode().split("\0")):
        if (ROOT / name).is_file():
            (clone / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / name, clone / name)
    done = subprocess.run(
        [sys.executable, "scripts/quickstart.py"],
        cwd=clone,
        check=False,
        capture_output=True,
        text=True,
        encoding="utf-8",
    )
    if done.returncode and "No matching distribution" in done.stderr:
        pytest.skip("needs a package index")
    assert done.returncode == 0, done.stderr
    printed = shape_of(done.stdout.split("\n", 2)[2])
    told = README.split("```text\n")[1].split("```")[0]
    assert [line for line in shape_of(told) if line != "..."] == [*printed[:2], printed[-1]]
    photos = sorted((clone / "sample-shoot-labelled").glob("*.dng"))
    assert len(photos) == 6
    assert all(len(Document.parse(read_embedded(photo) or b"").values()) == 8 for photo in photos)
    python = next(
        path for place in ("bin/python", "Scripts/python.exe") if (path := clone / ".venv-quickstart" / place).exists()
    )
    listed = subprocess.run([python, "-m", "pip", "list", "--format=json"], check=True, capture_output=True)
    installed = {item["name"] for item in json.loads(listed.stdout)}
    assert "autohdr" in installed
    assert not installed & {"torch", "transformers", "onnx"}
