"""The doors of the commands: without what an extra brings, one sentence says which to install."""

import subprocess
import sys

import pytest

COMMAND = "from importlib.metadata import entry_points; entry_points(group='console_scripts')[{name!r}].load()()"
DEFAULT = "import runpy; runpy.run_module('autohdr_train.default', run_name='__main__')"


def run_without(package: str, code: str) -> subprocess.CompletedProcess[str]:
    blocked = f"import sys; sys.argv = ['command', '--help']; sys.modules[{package!r}] = None; {code}"
    return subprocess.run([sys.executable, "-c", blocked], capture_output=True, text=True, check=False)


@pytest.mark.parametrize(
    ("package", "code", "extra"),
    [
        ("torch", COMMAND.format(name="autohdr-train"), "train"),
        ("transformers", COMMAND.format(name="autohdr-train"), "train"),
        ("onnx", COMMAND.format(name="autohdr-train"), "train"),
        ("torch", DEFAULT, "train"),
        ("OpenEXR", DEFAULT, "train"),
        ("onnx", COMMAND.format(name="autohdr-export"), "export"),
        ("OpenEXR", COMMAND.format(name="autohdr-bench"), "bench"),
    ],
)
def test_a_missing_package_is_one_sentence_that_names_the_extra(package: str, code: str, extra: str) -> None:
    done = run_without(package, code)
    assert done.returncode == 4
    assert done.stderr == f'Error: {package} is not installed; run: pip install "autohdr[{extra}]"\n'


def test_a_module_of_ours_that_is_missing_is_a_bug() -> None:
    done = run_without("autohdr_bench.cli", COMMAND.format(name="autohdr-bench"))
    assert "Traceback" in done.stderr


@pytest.mark.parametrize("code", [DEFAULT, *(COMMAND.format(name=f"autohdr-{name}") for name in ("export", "bench"))])
def test_behind_the_door_is_the_command(code: str) -> None:
    done = run_without("nothing", code)
    assert done.returncode == 0, done.stderr
    assert "Example: " in done.stdout


@pytest.mark.parametrize("name", ["autohdr-train", "autohdr-export", "autohdr-bench"])
def test_python_without_docstrings_is_one_sentence(name: str) -> None:
    """transformers ended with a traceback: it builds its classes from docstrings."""
    command = [sys.executable, "-OO", "-c", COMMAND.format(name=name)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert done.stderr.startswith("Error: torch's libraries need docstrings; ")
    assert done.stderr.count("\n") == 1


def test_labelling_needs_no_docstrings() -> None:
    command = f"import sys; sys.argv = ['command', '--version']; {COMMAND.format(name='autohdr-run')}"
    assert subprocess.run([sys.executable, "-OO", "-c", command], capture_output=True, check=False).returncode == 0
