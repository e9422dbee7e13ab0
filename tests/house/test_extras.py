"""A command that lacks what an extra brings says in one sentence which to install; its help is there."""

import subprocess
import sys

import pytest

VERB = "from autohdr.cli.main import main; main({words!r}.split())"
DEFAULT = "import runpy; runpy.run_module('autohdr_train.default', run_name='__main__')"
TRAIN = VERB.format(words="train shoot --out model")
EXPORT = VERB.format(words="export model")
SHOOT = VERB.format(words="bench shoot --out shoot")
CLUSTER = VERB.format(words="label . --cluster ray")


def run_without(package: str, code: str) -> subprocess.CompletedProcess[str]:
    blocked = f"import sys; sys.argv = ['command', '--help']; sys.modules[{package!r}] = None; {code}"
    return subprocess.run([sys.executable, "-c", blocked], capture_output=True, text=True, check=False)


@pytest.mark.parametrize(
    ("package", "code", "extra"),
    [
        ("torch", TRAIN, "train"),
        ("transformers", TRAIN, "train"),
        ("torch", DEFAULT, "train"),
        ("OpenEXR", DEFAULT, "train"),
        ("onnx", EXPORT, "export"),
        ("OpenEXR", SHOOT, "bench"),
        ("ray", CLUSTER, "cluster"),
    ],
)
def test_a_missing_package_is_one_sentence_that_names_the_extra(package: str, code: str, extra: str) -> None:
    done = run_without(package, code)
    assert done.returncode == 4
    assert done.stderr == f'Error: {package} is not installed; run: pip install "autohdr[{extra}]"\n'


def test_a_module_of_ours_that_is_missing_is_a_bug() -> None:
    assert "Traceback" in run_without("autohdr_scenes.shoot", SHOOT).stderr


@pytest.mark.parametrize("verb", ["train", "export", "bench"])
def test_help_needs_no_extra(verb: str) -> None:
    done = run_without("torch", VERB.format(words=f"{verb} --help"))
    assert done.returncode == 0, done.stderr
    assert "Example: " in done.stdout


def test_the_default_model_is_trained_by_a_command() -> None:
    done = run_without("nothing", DEFAULT)
    assert done.returncode == 0, done.stderr
    assert "Example: " in done.stdout


@pytest.mark.parametrize("words", ["train shoot --out model", "export model", "bench shoot --out shoot"])
def test_python_without_docstrings_is_one_sentence(words: str) -> None:
    """transformers ended with a traceback: it builds its classes from docstrings."""
    command = [sys.executable, "-OO", "-m", "autohdr", *words.split()]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert done.stderr.startswith("Error: torch's libraries need docstrings; ")
    assert done.stderr.count("\n") == 1


def test_labelling_needs_no_docstrings() -> None:
    command = [sys.executable, "-OO", "-m", "autohdr", "label", "--version"]
    assert subprocess.run(command, capture_output=True, check=False).returncode == 0
