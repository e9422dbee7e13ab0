"""The sample shoot gets the same labels, as they are written, from every engine that runs here."""

from dataclasses import replace
from pathlib import Path

import onnx
import pytest

import autohdr
from autohdr.engines.registry import ENGINES
from autohdr.errors import EngineError
from autohdr.model.info import DEFAULT_MODEL
from autohdr.model.onnx_file import read_model
from autohdr_export.graph.file import describe, to_bytes
from autohdr_export.lower.half import halve

SHOOT = Path(__file__).resolve().parents[2] / "samples" / "shoot"


def labels(model: Path, engine: str) -> list[dict[str, float] | None]:
    try:
        report = autohdr.label(SHOOT, model=model, engine=engine, existing="replace", dry_run=True)
    except EngineError as error:
        pytest.skip(str(error))
    assert report.engine["name"] == engine
    return [result.sliders for result in report.results]


@pytest.fixture(scope="module")
def expected() -> list[dict[str, float] | None]:
    return labels(DEFAULT_MODEL, "cpu")


@pytest.fixture(scope="module")
def half(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = halve(onnx.load(DEFAULT_MODEL), "float16").model
    describe(made, replace(read_model(DEFAULT_MODEL).info, precision="float16"))
    path = tmp_path_factory.mktemp("half") / "half.onnx"
    path.write_bytes(to_bytes(made))
    return path


@pytest.mark.parametrize("engine", ENGINES)
def test_in_float32(expected: list[dict[str, float] | None], engine: str) -> None:
    assert len(expected) == 6
    assert None not in expected
    assert labels(DEFAULT_MODEL, engine) == expected


@pytest.mark.parametrize("engine", ENGINES)
def test_in_float16(expected: list[dict[str, float] | None], engine: str, half: Path) -> None:
    assert labels(half, engine) == expected
