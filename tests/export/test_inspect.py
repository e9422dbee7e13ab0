"""`inspect` tells all that a model file says of itself, and `nodes` in what it computes."""

import json
from pathlib import Path

import numpy as np
import onnx
import pytest
from click.testing import CliRunner, Result
from onnx import TensorProto, helper, numpy_helper

from autohdr import inspect
from autohdr.cli.inspect import command
from autohdr.errors import ModelError
from autohdr.model.inspection import text
from autohdr.model.onnx_file import read_model
from autohdr_export.exporting import Exported
from autohdr_export.nodes import nodes
from autohdr_export.plans import build_plans


def test_it_tells_all_of_a_model(half: Exported) -> None:
    found = inspect(half.path)
    model = read_model(half.path)
    assert json.loads(json.dumps(found)) == found
    assert (found["sha256"], found["size"]) == (model.digest, half.size)
    assert (found["name"], found["precision"], found["target"], found["opset"]) == ("small", "float16", None, 20)
    assert (found["input"]["size"], found["input"]["encoding"]) == (32, "pu21-255")
    assert (found["proof"], found["trained_on"]) == (model.info.proof, model.info.trained_on)
    assert sum(nodes(onnx.load(half.path))["nodes"].values()) == len(onnx.load(half.path).graph.node)


def test_it_counts_nodes_by_what_they_compute_in(exported: Exported, half: Exported) -> None:
    whole, narrow = (nodes(onnx.load(one.path))["compute"] for one in (exported, half))
    assert set(whole) == {"float32"}
    assert narrow["float16"] / sum(narrow.values()) == pytest.approx(half.made.told["share"], abs=1e-4)
    assert sum(narrow.values()) == whole["float32"]


def test_a_matmul_between_dequantised_values_computes_in_int8() -> None:
    values = {"scale": np.float32(0.1), "zero": np.int8(0), "weights": np.ones((3, 8), np.int8)}
    made = [
        helper.make_node("QuantizeLinear", ["pixels", "scale", "zero"], ["narrow"]),
        helper.make_node("DequantizeLinear", ["narrow", "scale", "zero"], ["wide"]),
        helper.make_node("DequantizeLinear", ["weights", "scale", "zero"], ["wide_weights"]),
        helper.make_node("MatMul", ["wide", "wide_weights"], ["mixed"]),
        helper.make_node("MatMul", ["mixed", "square"], ["features"]),
    ]
    graph = helper.make_graph(
        made,
        "quantised",
        [helper.make_tensor_value_info("pixels", TensorProto.FLOAT, ["N", 3])],
        [helper.make_tensor_value_info("features", TensorProto.FLOAT, ["N", 8])],
        [numpy_helper.from_array(np.asarray(value), name) for name, value in values.items()]
        + [numpy_helper.from_array(np.eye(8, dtype=np.float32), "square")],
    )
    found = nodes(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 20)]))
    assert found["compute"] == {"int8": 1, "float32": 1}
    assert found["nodes"] == {"DequantizeLinear": 2, "MatMul": 2, "QuantizeLinear": 1}
    assert found["weights"]["int8"] >= 24


def test_people_read_names_sliders_and_differences(exported: Exported, half: Exported) -> None:
    told = text(inspect(half.path))
    for word in (
        "small",
        "float16",
        "encoding pu21-255",
        "Highlights",
        "extreme inputs",
        "Trained on",
        "data: nothing",
    ):
        assert word in told
    assert "    Whites     0.005" in text(inspect(exported.path))


def test_a_model_that_nobody_compared_is_told_as_such(small_model: Path) -> None:
    assert "Nobody has compared it with what was trained." in text(inspect(small_model))


def test_a_file_that_is_not_ours_is_refused(tmp_path: Path) -> None:
    (tmp_path / "m.onnx").write_bytes(b"something")
    with pytest.raises(ModelError, match="is not an ONNX model"):
        inspect(tmp_path / "m.onnx")


def test_a_plan_says_what_it_was_built_from_and_for(half: Exported, tmp_path: Path) -> None:
    pytest.importorskip("tensorrt_rtx", reason="builds plans without a GPU")
    model = tmp_path / "m.onnx"
    model.write_bytes(half.path.read_bytes())
    (built,) = build_plans(model, ["sm86"])
    found = inspect(built.path)
    assert json.loads(json.dumps(found)) == found
    assert (found["name"], found["precision"], found["whole"]) == ("small", "float16", True)
    assert (found["for"]["arch"], found["for"]["model"]) == ("sm86", read_model(model).digest)
    assert [tensor["name"] for tensor in found["tensors"]] == ["pixels", "features"]
    assert "sm86" in text(found)
    built.record.write_text("{}", encoding="utf-8")
    with pytest.raises(ModelError, match="is damaged; build the plan again"):
        inspect(built.path)
    built.record.unlink()
    with pytest.raises(ModelError, match=r"m\.sm86\.plan\.json does not exist"):
        inspect(built.path)


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(command, list(map(str, arguments)))


def test_the_verb_speaks_to_people_and_to_programs(half: Exported) -> None:
    assert "precision  float16" in run(half.path).output
    assert json.loads(run(half.path, "--json").output)["precision"] == "float16"


def test_a_folder_is_inspected_by_the_model_in_it(half: Exported, checkpoint: Path, tmp_path: Path) -> None:
    """It failed with "Is a directory"."""
    (tmp_path / "model.onnx").write_bytes(half.path.read_bytes())
    assert "precision  float16" in run(tmp_path).output
    (tmp_path / "model.onnx").unlink()
    refused = run(tmp_path)
    assert refused.exit_code == 4
    assert "holds 0 .onnx files" in refused.stderr
    assert f"run: autohdr export {checkpoint}" in run(checkpoint).stderr
