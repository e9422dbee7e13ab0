"""The `cpu` engine: a photo's sliders depend neither on its batch nor on how the engine is tuned."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import onnx
import pytest
from numpy.typing import NDArray
from onnx import TensorProto, helper

from autohdr.engines import cpu
from autohdr.engines.cpu import CpuEngine
from autohdr.engines.tuning import CHALLENGERS, Setting
from autohdr.errors import EngineError, ModelError
from autohdr.model.info import DEFAULT_MODEL, ModelFile
from autohdr.model.onnx_file import read_model
from tests.conftest import AS_THEY_ARE, SMALL, SMALL_INFO, said, save_model


@pytest.fixture
def small(small_model: Path) -> ModelFile:
    return read_model(small_model)


def photos(count: int, size: int = SMALL.size) -> NDArray[np.float32]:
    return np.random.default_rng(0).normal(0, 1, (count, 3, size, size)).astype(np.float32)


def test_the_default_model_gives_each_photo_the_same_sliders_in_any_batch(tmp_path: Path) -> None:
    pixels = photos(5, 224)
    engine = CpuEngine(read_model(DEFAULT_MODEL), tmp_path)
    alone = np.concatenate([engine.infer(pixels[index : index + 1]) for index in range(5)])
    for count in (2, 5):
        np.testing.assert_array_equal(engine.infer(pixels[:count]), alone[:count])
    engine.close()


@pytest.mark.parametrize("setting", [Setting(), *CHALLENGERS])
def test_with_every_setting_each_photo_has_the_same_sliders_in_any_batch(
    small: ModelFile, tmp_path: Path, setting: Setting, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cpu, "SEARCH_AFTER", 8)
    monkeypatch.setattr(cpu, "search", lambda opened, pixels: setting)
    engine = CpuEngine(small, tmp_path)
    pixels = photos(11)
    before = engine.infer(pixels)
    described = engine.describe()
    assert (described["batch"], described["arena"], described["tuned"]) == (setting.batch, setting.arena, True)
    together = engine.infer(pixels)
    np.testing.assert_array_equal(np.concatenate([engine.infer(pixels[i : i + 1]) for i in range(11)]), together)
    np.testing.assert_allclose(together, before, atol=1e-6)
    engine.close()


def test_a_search_happens_once_after_many_photos_and_is_remembered(
    small: ModelFile, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cpu, "SEARCH_AFTER", 8)
    engine = CpuEngine(small, tmp_path)
    engine.infer(photos(7))
    assert not engine.describe()["tuned"]
    assert list(tmp_path.rglob("*.json")) == []
    engine.infer(photos(1))
    found = engine.describe()
    assert found["tuned"]
    engine.close()
    monkeypatch.setattr(cpu, "search", None)
    again = CpuEngine(small, tmp_path)
    again.infer(photos(16))
    assert again.describe() == found
    again.close()


def test_a_file_that_onnx_runtime_cannot_load_is_named(tmp_path: Path) -> None:
    path = tmp_path / "broken.onnx"
    with pytest.raises(ModelError, match=r"broken\.onnx cannot be loaded by ONNX Runtime"):
        CpuEngine(ModelFile(path, "0" * 12, SMALL_INFO, AS_THEY_ARE.head, {}, b"\x08\x0a no model"), tmp_path)


def test_a_model_in_bfloat16_is_left_to_an_engine_that_has_it(small_model: Path, tmp_path: Path) -> None:
    model = onnx.load(small_model)
    nodes = model.graph.node
    nodes[-1].output[0] = "narrow"
    nodes[-1].input[0] = "half"
    nodes.insert(2, helper.make_node("Cast", ["mixed"], ["half"], to=TensorProto.BFLOAT16))
    nodes.append(helper.make_node("Cast", ["narrow"], ["features"], to=TensorProto.FLOAT))
    info = replace(SMALL_INFO, precision="bfloat16")
    helper.set_model_props(model, said(info))
    save_model(model, tmp_path / "half.onnx")
    with pytest.raises(EngineError, match=r"half\.onnx is not for engine cpu .*use --engine openvino"):
        CpuEngine(read_model(tmp_path / "half.onnx"), tmp_path)
