"""Which engine runs, and what is said of those that cannot."""

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from autohdr import EngineError, FileError
from autohdr.engines import registry, wheel
from autohdr.engines.base import Engine, EngineFactory
from autohdr.engines.cpu import CpuEngine
from autohdr.engines.network import open_network
from autohdr.engines.seen import seen
from autohdr.model.info import ModelFile
from autohdr.model.onnx_file import read_model
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


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Three engines, of which the second one runs; filled with the names of those that are opened."""
    names: list[str] = []

    def factory(name: str, works: bool) -> EngineFactory:
        def open_it(model: ModelFile, cache: Path) -> Engine:
            names.append(name)
            return CpuEngine(model, cache) if works else broken(model, cache)

        return open_it

    works = {"abacus": False, "cpu": True, "slide rule": False}
    monkeypatch.setattr(registry, "ENGINES", {name: factory(name, able) for name, able in works.items()})
    return names


def test_one_that_is_named_is_opened_alone_and_never_replaced(
    small_model: Path, tmp_path: Path, opened: list[str]
) -> None:
    model = read_model(small_model)
    registry.open_engine("cpu", model, tmp_path).close()
    with pytest.raises(EngineError, match="no beads"):
        registry.open_engine("slide rule", model, tmp_path)
    assert opened == ["cpu", "slide rule"]


def test_an_unknown_name_is_refused_with_the_choices(small_model: Path, tmp_path: Path, opened: list[str]) -> None:
    with pytest.raises(EngineError, match="engine 'tpu' is unknown; expected one of auto, abacus, cpu, slide rule"):
        registry.open_engine("tpu", read_model(small_model), tmp_path)
    assert opened == []


def test_auto_stops_at_the_first_that_runs_and_keeps_the_reasons(
    small_model: Path, tmp_path: Path, opened: list[str]
) -> None:
    reasons: dict[str, str] = {}
    registry.open_engine("auto", read_model(small_model), tmp_path, reasons).close()
    assert opened == ["abacus", "cpu"]
    assert reasons == {"abacus": "the abacus has no beads; buy some"}


def test_the_order_is_the_targets_then_those_seen_then_the_rest(small_model: Path) -> None:
    model = read_model(small_model)
    made = replace(model, info=replace(model.info, precision="int8", target="openvino"))
    order = registry.preferred(made, seen={"cpu"})
    assert order[:2] == ["openvino", "cpu"]
    assert order[2:] == [name for name in registry.ENGINES if name not in order[:2]]
    assert registry.preferred(model, seen=registry.ENGINES) == list(registry.ENGINES)


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
    assert seen(tmp_path, read_model(small_model).digest) == {"cpu"}
    (tmp_path / "engines.json").write_text((tmp_path / "engines.json").read_text().replace('"autohdr"', '"other"'))
    assert seen(tmp_path, read_model(small_model).digest) == set()  # noted on a machine with other packages


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
    monkeypatch.setattr(wheel, "installed", lambda name: None)
    with pytest.raises(EngineError, match=r"autohdr\[cpu\].*; autohdr doctor"), open_network(small_model):
        pass


def test_no_engine_is_imported_before_it_is_opened() -> None:
    code = "import sys, autohdr.run.pipeline; sys.exit(bool({'onnxruntime', 'torch'} & sys.modules.keys()))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
