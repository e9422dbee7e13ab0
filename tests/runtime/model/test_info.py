"""What a model file must say before the runtime uses it."""

import dataclasses
import json
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest

from autohdr import InputSpec, ModelError
from autohdr.mode import HDR, SDR, Mode
from autohdr.model.head import Head, Learnt
from autohdr.model.info import HEAD_KEY, METADATA_KEY, ModelInfo, find_model
from autohdr.model.onnx_file import read_model
from tests.conftest import SMALL, SMALL_INFO, save_model, write_model

INFO = ModelInfo("a name", InputSpec(encoding="pu21-pmax"), {"photos": 3}, "0.1.0", 20, 282, 96)
OTHER = Learnt(Head(np.zeros((8, 7), np.float32), np.zeros(8, np.float32))).to_text()
"""A head for seven features."""


@pytest.mark.parametrize("mode", [HDR, SDR, Mode(headroom=2.3)])
def test_what_a_model_says_survives_json(mode: Mode) -> None:
    info = dataclasses.replace(INFO, mode=mode)
    assert ModelInfo.from_json(info.to_json()) == info


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"format": 99}, "update autohdr"),
        ({"format": 2}, "sliders where this autohdr needs features; export it again"),
        ({"features": 95}, "damaged"),
        ({"learnt": -1}, "damaged"),
        ({"activation": "sigmoid"}, "damaged"),
        ({"mode": {"hdr": True, "headroom": None}}, "damaged"),
        ({"mode": {"hdr": 1, "headroom": 4.0}}, "damaged"),
        ({"mode": {"hdr": True, "headroom": -1.0}}, "damaged"),
        ({"sliders": [{"key": "Exposure2012", "limit": 4.0}]}, "other sliders"),
        ({"input": {**InputSpec().to_dict(), "version": 99}}, "update autohdr"),
        ({"input": {}}, "input spec has fields"),
        ({"opset": None}, "damaged"),
        ({"format": None}, "damaged"),
    ],
)
def test_a_model_that_cannot_be_used_rightly_is_refused(change: dict[str, Any], sentence: str) -> None:
    with pytest.raises(ModelError, match=sentence):
        ModelInfo.from_json(json.dumps({**json.loads(INFO.to_json()), **change}))


@pytest.mark.parametrize(
    ("metadata", "sentence"),
    [(None, "does not say what it was trained on"), ("no json", "has damaged autohdr metadata")],
)
def test_a_model_without_our_metadata_is_refused_by_name(tmp_path: Path, metadata: str | None, sentence: str) -> None:
    path = write_model(tmp_path / "theirs.onnx", metadata)
    with pytest.raises(ModelError, match=rf"theirs\.onnx {sentence}"):
        read_model(path)


def test_a_graph_that_is_not_what_its_metadata_says_is_refused(tmp_path: Path) -> None:
    path = write_model(tmp_path / "odd.onnx", SMALL_INFO.to_json(), size=64)
    with pytest.raises(ModelError, match=r"odd\.onnx has inputs and outputs .*64, 64.*expected .*32, 32"):
        read_model(path)


@pytest.mark.parametrize(
    ("head", "sentence"),
    [
        (None, "holds a damaged head"),
        ("AAAA", "holds a damaged head"),
        ("no base64", "holds a damaged head"),
        (OTHER, r"8 features and a head of \(8, 7\)"),
    ],
)
def test_a_head_that_does_not_fit_is_refused(tmp_path: Path, head: str | None, sentence: str) -> None:
    model = onnx.load(write_model(tmp_path / "odd.onnx", SMALL_INFO.to_json()))
    texts = {METADATA_KEY: SMALL_INFO.to_json()} | ({} if head is None else {HEAD_KEY: head})
    onnx.helper.set_model_props(model, texts)
    save_model(model, tmp_path / "odd.onnx")
    with pytest.raises(ModelError, match=rf"odd\.onnx .*{sentence}"):
        read_model(tmp_path / "odd.onnx")


def test_styles_belong_to_the_float32_network(small_model: Path, tmp_path: Path) -> None:
    wide = read_model(small_model)
    assert wide.network == wide.digest
    info = dataclasses.replace(SMALL_INFO, precision="float16", proof={"reference": wide.digest})
    half = read_model(write_model(tmp_path / "half.onnx", info.to_json()))
    assert half.digest != half.network == wide.digest


def test_a_file_that_is_no_model_is_refused(tmp_path: Path) -> None:
    (tmp_path / "text.onnx").write_text("hello")
    with pytest.raises(ModelError, match="not an ONNX model"):
        read_model(tmp_path / "text.onnx")


def test_a_model_tells_its_input(small_model: Path) -> None:
    assert read_model(small_model).info.spec == SMALL


def test_a_folder_stands_for_the_only_model_in_it(small_model: Path, tmp_path: Path) -> None:
    assert find_model(small_model.parent) == small_model
    with pytest.raises(ModelError, match=r"holds 0 \.onnx files"):
        find_model(tmp_path)
    with pytest.raises(ModelError, match="does not exist"):
        find_model(tmp_path / "gone.onnx")


def test_a_trained_model_that_is_not_exported_yet_is_told_from_an_empty_folder(tmp_path: Path) -> None:
    (tmp_path / "model.safetensors").touch()
    with pytest.raises(ModelError, match=f"not exported yet; run: autohdr export {tmp_path}"):
        find_model(tmp_path)


def test_of_several_models_in_a_folder_the_float32_one_is_meant(tmp_path: Path) -> None:
    for name in ("model.onnx", "model-fp16.onnx"):
        (tmp_path / name).touch()
    assert find_model(tmp_path) == tmp_path / "model.onnx"
    (tmp_path / "model-int8-cpu.onnx").touch()
    (tmp_path / "model.onnx").unlink()
    with pytest.raises(ModelError, match=r"holds 2 \.onnx files"):
        find_model(tmp_path)
