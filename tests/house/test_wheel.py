"""The wheel holds all that the packages need, and nothing else."""

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = {
    "autohdr": "runtime",
    "autohdr_studio": "studio",
    "autohdr_scenes": "scenes",
    "autohdr_train": "train",
    "autohdr_export": "export",
    "autohdr_bench": "bench",
}
"""Each with the folder that it stands in."""
pytestmark = pytest.mark.slow


def files() -> list[str]:
    """All of the checkout but what git ignores."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        check=False,
        capture_output=True,
    )
    if listed.returncode:
        pytest.skip("needs a git checkout")
    return [name for name in listed.stdout.decode().split("\0") if (ROOT / name).is_file()]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> zipfile.ZipFile:
    """The distribution as users install it."""
    out = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", str(out), str(ROOT)]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    if done.returncode and "No matching distribution" in done.stderr:
        pytest.skip("needs a package index, for the tool that builds it")
    assert done.returncode == 0, done.stderr
    return zipfile.ZipFile(next(out.glob("*.whl")))


def test_every_file_of_the_packages_is_in_the_wheel_and_nothing_else(wheel: zipfile.ZipFile) -> None:
    folders = tuple(f"{folder}/{package}/" for package, folder in PACKAGES.items())
    ours = {name.split("/", 1)[1] for name in files() if name.startswith(folders)}
    assert {name for name in wheel.namelist() if ".dist-info/" not in name} == ours
    assert {"autohdr/default/model.onnx", "autohdr/default/README.md"} <= ours


def test_every_package_says_that_it_has_types(wheel: zipfile.ZipFile) -> None:
    assert {f"{package}/py.typed" for package in PACKAGES} <= set(wheel.namelist())


def test_the_wheel_brings_the_commands(wheel: zipfile.ZipFile) -> None:
    metadata = wheel.read(next(name for name in wheel.namelist() if name.endswith("entry_points.txt"))).decode()
    scripts = next(part for part in metadata.split("\n\n") if part.startswith("[console_scripts]"))
    named = {line.split(" = ")[0] for line in scripts.splitlines()[1:]}
    assert named == {"autohdr", "autohdr-run", "autohdr-train", "autohdr-export", "autohdr-bench"}
