"""Engines: which one runs, what is refused, and that each photo is alone."""

import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from importlib.metadata import PackageNotFoundError
from pathlib import Path

import numpy as np
import pytest

from autohdr import EngineError, FileError
from autohdr.engines import registry, wheel
from autohdr.engines.base import Engine
from autohdr.engines.cpu import CpuEngine
from autohdr.engines.network import open_network
from autohdr.engines.seen import remember, seen
from autohdr.model import ModelFile
from autohdr.onnx_file import read_model
from tests.conftest import SMALL


def broken(model: ModelFile, cache: Path) -> Engine:
    raise EngineError("the abacus has no beads; buy some")


def test_auto_takes_the_first_engine_that_runs_and_says_which_and_why(
    small_model: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(registry, "ENGINES", {"abacus": broken, "cpu": CpuEngine, "later": broken})
    with open_network(small_model, "auto") as network:
        described = network.engine.describe()
        assert network.passed_over == {"abacus": "the abacus has no beads; buy some"}
    assert described["name"] == "cpu"
    assert described["provider"] == "CPUExecutionProvider"
    assert described["library"].startswith("onnxruntime ")


def test_the_engine_that_a_model_was_made_for_is_tried_first(small_model: Path) -> None:
    model = read_model(small_model)
    assert registry.preferred(model) == list(registry.ENGINES)
    made_for_cpu = replace(model, info=replace(model.info, precision="int8", target="cpu"))
    assert registry.preferred(made_for_cpu) == ["cpu", *(name for name in registry.ENGINES if name != "cpu")]


def test_engines_seen_to_work_here_come_before_the_others(
    small_model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried: list[str] = []

    def counted(model: ModelFile, cache: Path) -> Engine:
        tried.append("abacus")
        return broken(model, cache)

    monkeypatch.setattr(registry, "ENGINES", {"abacus": counted, "cpu": CpuEngine, "later": broken})
    pixels = np.zeros((1, 3, SMALL.size, SMALL.size), np.float32)
    for _ in range(2):
        with open_network(small_model, "auto", tmp_path) as network:
            network.predict(pixels)
    assert tried == ["abacus"]
    assert seen(tmp_path) == {"cpu"}
    (tmp_path / "engines.json").write_text((tmp_path / "engines.json").read_text().replace('"autohdr"', '"other"'))
    assert seen(tmp_path) == set()  # noted on a machine with other packages


@pytest.mark.parametrize("held", [b"", b"no JSON", b"[]", b'{"machine": 1}'])
def test_a_note_of_engines_that_is_damaged_counts_as_none(tmp_path: Path, held: bytes) -> None:
    (tmp_path / "engines.json").write_bytes(held)
    assert seen(tmp_path) == set()
    remember(tmp_path, ["cpu"])
    assert seen(tmp_path) == {"cpu"}


def test_an_engine_whose_cache_folder_cannot_be_written_is_passed_over(
    small_model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The FileError of a plan that could not be kept ended the run."""

    def unwritable(model: ModelFile, cache: Path) -> Engine:
        raise FileError(f"{cache} cannot be written; check the disk")

    (tmp_path / "file").touch()
    monkeypatch.setattr(registry, "ENGINES", {"abacus": unwritable, "cpu": CpuEngine})
    with open_network(small_model, "auto", tmp_path / "file" / "cache") as network:
        assert network.engine.name == "cpu"
        assert "cannot be written" in network.passed_over["abacus"]
        network.predict(np.zeros((1, 3, SMALL.size, SMALL.size), np.float32))


def test_an_engine_that_cannot_run_fails_rather_than_falls_back(
    small_model: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(registry.ENGINES, "abacus", broken)
    with pytest.raises(EngineError, match="no beads"), open_network(small_model, "abacus"):
        pass


def test_where_no_engine_runs_the_sentence_is_of_the_cpu_and_names_the_doctor(
    small_model: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(registry, "ENGINES", {"abacus": broken, "cpu": CpuEngine})
    monkeypatch.setattr(wheel, "version", installed())
    with pytest.raises(EngineError, match=r"autohdr\[cpu\].*; autohdr doctor"), open_network(small_model):
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
    with open_network(small_model, "cpu") as network:
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
    code = "import sys, autohdr.run.pipeline; sys.exit(bool({'onnxruntime', 'torch'} & sys.modules.keys()))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
