"""Engines: which one runs, what is refused, and that each photo is alone."""

import subprocess
import sys
from collections.abc import Callable
from importlib.metadata import PackageNotFoundError
from pathlib import Path

import numpy as np
import pytest

from autohdr import EngineError
from autohdr.engines import wheel
from autohdr.engines.network import open_network
from autohdr.engines.registry import PLANNED
from tests.conftest import SMALL


def test_auto_takes_an_engine_that_runs_and_says_which(small_model: Path) -> None:
    with open_network(small_model, "auto") as network:
        described = network.engine.describe()
    assert described["name"] == "cpu"
    assert described["provider"] == "CPUExecutionProvider"
    assert described["library"].startswith("onnxruntime ")


@pytest.mark.parametrize("name", PLANNED)
def test_an_engine_that_cannot_run_fails_rather_than_falls_back(small_model: Path, name: str) -> None:
    with pytest.raises(EngineError, match=name), open_network(small_model, name):
        pass


def installed(*names: str) -> Callable[[str], str]:
    def version(name: str) -> str:
        if name not in names:
            raise PackageNotFoundError(name)
        return "1.0"

    return version


def test_without_onnxruntime_the_sentence_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wheel, "version", installed())
    with pytest.raises(EngineError, match=r'pip install "autohdr\[cpu\]"'):
        wheel.require_onnxruntime()


def test_two_onnxruntimes_over_each_other_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wheel, "version", installed("onnxruntime", "onnxruntime-gpu"))
    with pytest.raises(EngineError, match="pip uninstall -y onnxruntime onnxruntime-gpu"):
        wheel.require_onnxruntime()


@pytest.mark.parametrize("batch", [1, 2, 7, 32])
def test_a_photo_is_labelled_the_same_in_any_batch(small_model: Path, batch: int) -> None:
    pixels = np.random.default_rng(0).normal(0, 1, (32, 3, SMALL.size, SMALL.size)).astype(np.float32)
    with open_network(small_model) as network:
        alone = np.concatenate([network.predict(pixels[i : i + 1]) for i in range(batch)])
        np.testing.assert_array_equal(network.predict(pixels[:batch]), alone)


@pytest.mark.parametrize(
    ("shape", "dtype"),
    [((3, 32, 32), "float32"), ((0, 3, 32, 32), "float32"), ((1, 3, 64, 64), "float32"), ((1, 3, 32, 32), "float64")],
)
def test_a_batch_of_another_form_never_reaches_an_engine(small_model: Path, shape: tuple[int, ...], dtype: str) -> None:
    with open_network(small_model) as network, pytest.raises(ValueError, match=r"expected float32 \(N, 3, 32, 32\)"):
        network.predict(np.zeros(shape, dtype))


def test_no_engine_is_imported_before_it_is_opened() -> None:
    code = "import sys, autohdr.cli; sys.exit(bool({'onnxruntime', 'torch'} & sys.modules.keys()))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
