"""The README names what there is, and its commands work."""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import click
import pytest

import autohdr.cli.doctor.command
import autohdr.cli.inspect
import autohdr.cli.label
import autohdr.cli.plans
import autohdr.cli.undo
import autohdr_bench.cli
import autohdr_export.cli
import autohdr_train.cli
from autohdr.engines.registry import ENGINES
from autohdr.sidecar import Document
from autohdr.sidecar.embedded import read_embedded

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")

SECTIONS = {part.split("\n")[0]: part for part in re.split(r"^## ", README, flags=re.MULTILINE)}
SECTION_OF = {
    "autohdr label": "Label a shoot",
    "autohdr undo": "Label a shoot",
    "autohdr doctor": "Label a shoot",
    "autohdr inspect": "Train on your own edits",
    **{f"autohdr plans {name}": "Label a shoot" for name in autohdr.cli.plans.command.commands},
    "autohdr-train": "Train on your own edits",
    "autohdr-export": "Train on your own edits",
    **{f"autohdr-bench {name}": "How fast" for name in autohdr_bench.cli.main.commands},
    "autohdr-bench labels": "Train on your own edits",
    "autohdr-bench shoot": "Synthetic shoots",
}

COMMANDS: dict[str, click.Command] = {
    "autohdr label": autohdr.cli.label.command,
    "autohdr undo": autohdr.cli.undo.command,
    "autohdr doctor": autohdr.cli.doctor.command.command,
    "autohdr inspect": autohdr.cli.inspect.command,
    **{f"autohdr plans {name}": command for name, command in autohdr.cli.plans.command.commands.items()},
    "autohdr-train": autohdr_train.cli.main,
    "autohdr-export": autohdr_export.cli.main,
    **{f"autohdr-bench {name}": command for name, command in autohdr_bench.cli.main.commands.items()},
}


def flags_in(text: str) -> set[str]:
    return set(re.findall(r"(?<![\w-])--[a-z][a-z0-9-]+", text))


@pytest.mark.parametrize("name", COMMANDS)
def test_each_command_and_flag_is_in_its_section_of_the_readme(name: str) -> None:
    section = SECTIONS[SECTION_OF[name]]
    assert name in section
    flags = {flag for option in COMMANDS[name].params for flag in option.opts if flag.startswith("--")}
    assert flags - flags_in(section) <= {"--version"}


@pytest.mark.parametrize("name", COMMANDS)
def test_each_command_shows_an_example_in_its_help(name: str) -> None:
    assert f"Example: {name}" in (COMMANDS[name].help or "")


def test_the_readme_tries_the_engines_in_the_order_of_the_code() -> None:
    """It named `openvino` before `cpu`, where the code tries `cpu` first."""
    assert re.findall(r"^\| `([\w-]+)` \|", SECTIONS["Engines"], re.MULTILINE) == list(ENGINES)
    assert f"else the first of\n{', '.join(f'`{name}`' for name in ENGINES)} that does" in README
    assert f"`auto` (default), {', '.join(f'`{name}`' for name in ENGINES)} (" in README


def test_the_readme_names_no_flag_that_is_gone() -> None:
    known = {
        flag for command in COMMANDS.values() for one in command.params for flag in [*one.opts, *one.secondary_opts]
    }
    assert flags_in(README) <= known | {"--help"}


def test_the_readme_has_no_placeholder_left() -> None:
    assert re.findall(r"@[A-Z]+@", README) == []


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
    assert "6 labelled, 0 skipped, 0 failed of 6 photos" in done.stdout
    photos = sorted((clone / "sample-shoot-labelled").glob("*.dng"))
    assert len(photos) == 6
    assert "6 of the 6 photos are DNGs: their labels go into the DNGs, where Lightroom reads them" in done.stdout
    assert all(len(Document.parse(read_embedded(photo) or b"").values()) == 8 for photo in photos)
    python = next(
        path for place in ("bin/python", "Scripts/python.exe") if (path := clone / ".venv-quickstart" / place).exists()
    )
    listed = subprocess.run([python, "-m", "pip", "list", "--format=json"], check=True, capture_output=True)
    installed = {item["name"] for item in json.loads(listed.stdout)}
    assert "autohdr" in installed
    assert not installed & {"torch", "transformers", "onnx"}
