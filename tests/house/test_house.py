"""The house: what is built, what is committed, what is promised of it."""

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def committed() -> list[str]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, check=False, capture_output=True)
    if listed.returncode:
        pytest.skip("needs a git checkout")
    return [name for name in listed.stdout.decode().split("\0") if name]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The distribution as users install it."""
    out = tmp_path_factory.mktemp("wheel")
    subprocess.run([sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", out, ROOT], check=True)
    return next(out.glob("*.whl"))


def test_the_wheel_holds_the_five_packages_and_the_default_model(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    tops = {name.split("/")[0] for name in names if ".dist-info/" not in name}
    assert tops == {"autohdr", "autohdr_scenes", "autohdr_train", "autohdr_export", "autohdr_bench"}
    assert {"autohdr/default/model.onnx", "autohdr/default/README.md"} <= set(names)
    metadata = zipfile.ZipFile(wheel).read(next(name for name in names if name.endswith("entry_points.txt"))).decode()
    scripts = next(part for part in metadata.split("\n\n") if part.startswith("[console_scripts]"))
    assert [line.split(" = ")[0] for line in scripts.splitlines()[1:]] == [
        "autohdr",
        "autohdr-bench",
        "autohdr-export",
        "autohdr-run",
        "autohdr-train",
    ]


def test_every_python_file_of_the_packages_is_in_the_wheel(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    folders = ("runtime", "scenes", "train", "export", "bench")
    ours = {name.split("/", 1)[1] for name in committed() if name.split("/")[0] in folders and name.endswith(".py")}
    assert ours <= names


def test_the_sample_shoot_and_the_default_model_stay_small() -> None:
    samples = [ROOT / name for name in committed() if name.startswith("samples/shoot/")]
    assert len(samples) <= 6
    assert sum(path.stat().st_size for path in samples) <= 12e6
    assert (ROOT / "runtime/autohdr/default/model.onnx").stat().st_size <= 24e6


def test_files_are_short_enough_to_be_read() -> None:
    long = [name for name in committed() if name.endswith(".py") and len((ROOT / name).read_bytes().splitlines()) > 350]
    assert not long


def test_imports_go_one_way() -> None:
    """bench > export > train > scenes > runtime; nothing under the last two imports torch, transformers or onnx."""
    command = [sys.executable, "-c", "from importlinter.cli import lint_imports_command; lint_imports_command()"]
    done = subprocess.run(command, cwd=ROOT, check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout
    assert "2 kept, 0 broken" in done.stdout
