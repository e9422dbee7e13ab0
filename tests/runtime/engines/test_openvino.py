"""The `openvino` engine: it computes what the graph says, a photo the same in any batch, and reports to nobody."""

import json
import os
import platform
import subprocess
import sys
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import ml_dtypes
import numpy as np
import onnx
import pytest
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from autohdr.engines.cpu import CpuEngine
from autohdr.engines.openvino import OpenvinoEngine
from autohdr.errors import EngineError
from autohdr.model.info import DEFAULT_MODEL, INPUT_NAME, OUTPUT_NAME, ModelFile, Precision
from autohdr.model.onnx_file import read_model
from autohdr.raw.prepare import prepare_frame
from autohdr.sliders import LIMITS
from autohdr_scenes import Procedural, shots
from tests.conftest import SMALL, SMALL_INFO, said, save_model

# Not pytest.importorskip: OpenVINO reports home when it is imported, unless the engine does it.
pytestmark = pytest.mark.skipif(find_spec("openvino") is None, reason="needs OpenVINO: pip install autohdr[openvino]")

BFLOAT16 = np.array([0.01, *[0.25] * 7])
"""What bfloat16 may cost, in slider units."""


def photos(count: int) -> NDArray[np.float32]:
    return np.random.default_rng(1).normal(0, 1, (count, 3, SMALL.size, SMALL.size)).astype(np.float32)


def write_wide(path: Path, precision: Precision) -> ModelFile:
    """Two matrix products: the first, which is nearly all of the work, in this precision, the second in float32.

    Its answers rise by a trace with each photo that is computed at once, more surely than the last bits of others.
    """
    kind = TensorProto.BFLOAT16 if precision == "bfloat16" else TensorProto.FLOAT
    source = np.random.default_rng(0)
    first, second = source.normal(0, 0.02, (3072, 256)), source.normal(0, 0.05, (256, 8))
    graph = helper.make_graph(
        [
            helper.make_node("Reshape", [INPUT_NAME, "flat"], ["row"]),
            helper.make_node("Cast", ["row"], ["narrow"], to=kind),
            helper.make_node("MatMul", ["narrow", "first"], ["hidden"]),
            helper.make_node("Cast", ["hidden"], ["wide"], to=TensorProto.FLOAT),
            helper.make_node("Tanh", ["wide"], ["curved"]),
            helper.make_node("MatMul", ["curved", "second"], ["mixed"]),
            helper.make_node("Shape", [INPUT_NAME], ["photos"], start=0, end=1),
            helper.make_node("Cast", ["photos"], ["number"], to=TensorProto.FLOAT),
            helper.make_node("Mul", ["number", "trace"], ["rise"]),
            helper.make_node("Add", ["mixed", "rise"], [OUTPUT_NAME]),
        ],
        "wide",
        [helper.make_tensor_value_info(INPUT_NAME, TensorProto.FLOAT, ["N", 3, SMALL.size, SMALL.size])],
        [helper.make_tensor_value_info(OUTPUT_NAME, TensorProto.FLOAT, ["N", 8])],
        [
            numpy_helper.from_array(
                first.astype(ml_dtypes.bfloat16 if precision == "bfloat16" else np.float32), "first"
            ),
            numpy_helper.from_array(second.astype(np.float32), "second"),
            numpy_helper.from_array(np.array([0, -1]), "flat"),
            numpy_helper.from_array(np.array(1e-5, np.float32), "trace"),
        ],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 20)], ir_version=10)
    info = replace(SMALL_INFO, precision=precision)
    helper.set_model_props(model, said(info))
    save_model(model, path)
    return read_model(path)


@pytest.fixture(scope="module")
def wide(tmp_path_factory: pytest.TempPathFactory) -> dict[Precision, ModelFile]:
    folder = tmp_path_factory.mktemp("wide")
    kinds: tuple[Precision, ...] = ("float32", "bfloat16")
    return {kind: write_wide(folder / f"{kind}.onnx", kind) for kind in kinds}


def infer(model: ModelFile, cache: Path, pixels: NDArray[np.float32]) -> NDArray[np.float32]:
    engine = OpenvinoEngine(model, cache)
    sliders = engine.infer(pixels)
    engine.close()
    return sliders


def test_the_default_model_gives_the_same_rounded_sliders_as_onnx_runtime(tmp_path: Path) -> None:
    model = read_model(DEFAULT_MODEL)
    spec = model.info.spec
    pixels = np.stack([prepare_frame(shot.frame, spec) for shot in shots(Procedural(), 6, seed=3, size=(96, 144))])
    cpu = CpuEngine(model, tmp_path)
    expected = model.head.answer(cpu.infer(pixels)) * LIMITS
    cpu.close()
    found = model.head.answer(infer(model, tmp_path, pixels)) * LIMITS
    assert np.abs(found - expected)[:, 0].max() < 0.002
    assert np.abs(found - expected)[:, 1:].max() < 0.05


@pytest.mark.parametrize("precision", ["float32", "bfloat16"])
def test_each_photo_has_the_same_sliders_in_any_batch(
    wide: dict[Precision, ModelFile], tmp_path: Path, precision: Precision
) -> None:
    pixels = photos(11)
    engine = OpenvinoEngine(wide[precision], tmp_path)
    alone = np.concatenate([engine.infer(pixels[index : index + 1]) for index in range(11)])
    for count in (2, 4, 7, 11):
        np.testing.assert_array_equal(engine.infer(pixels[:count]), alone[:count])
    np.testing.assert_array_equal(engine.infer(pixels[::-1].copy()), alone[::-1])
    engine.close()


def test_float32_is_computed_in_float32(wide: dict[Precision, ModelFile], tmp_path: Path) -> None:
    engine = OpenvinoEngine(wide["float32"], tmp_path)
    described = engine.describe()
    assert described["products"] == {"float32": 1.0}
    assert described["name"] == "openvino"
    assert described["library"].startswith("openvino 20")
    assert json.loads(json.dumps(described)) == described
    cpu = CpuEngine(wide["float32"], tmp_path)
    np.testing.assert_allclose(engine.infer(photos(3)), cpu.infer(photos(3)), atol=1e-5)
    cpu.close()
    engine.close()


def test_bfloat16_is_computed_where_the_graph_says_and_nowhere_else(
    wide: dict[Precision, ModelFile], tmp_path: Path
) -> None:
    engine = OpenvinoEngine(wide["bfloat16"], tmp_path)
    products = engine.describe()["products"]
    if "bfloat16" not in products:
        engine.close()
        pytest.skip("this CPU does not compute in bfloat16")
    assert products == {"bfloat16": 0.5, "float32": 0.5}
    engine.close()


CODE = """
import json, sys
from pathlib import Path
import numpy as np
from autohdr.engines.openvino import OpenvinoEngine
from autohdr.model.onnx_file import read_model
events = []
sys.addaudithook(lambda event, _: events.append(event) if event.startswith("socket.") else None)
model, pixels, cache = map(Path, sys.argv[1:])
engine = OpenvinoEngine(read_model(model), cache)
sliders = engine.infer(np.load(pixels)).tolist()
told = "openvino_telemetry" in sys.modules
print(json.dumps([engine.describe(), sliders, events, told]))
engine.close()
"""


def run_alone(model: ModelFile, folder: Path, pixels: NDArray[np.float32], **environment: str) -> Any:
    """What the engine describes and answers in a process of its own, and which sockets were opened."""
    np.save(folder / "pixels.npy", pixels)
    command = [sys.executable, "-c", CODE, str(model.path), str(folder / "pixels.npy"), str(folder / "cache")]
    home = {"HOME": str(folder), "USERPROFILE": str(folder)}
    ran = subprocess.run(command, capture_output=True, text=True, check=True, env={**os.environ, **home, **environment})
    return json.loads(ran.stdout.splitlines()[-1])


def test_nothing_leaves_the_machine(wide: dict[Precision, ModelFile], tmp_path: Path) -> None:
    _, _, events, told = run_alone(wide["float32"], tmp_path, photos(1))
    assert not told
    assert events == []
    assert sorted(path.name for path in tmp_path.iterdir()) == ["cache", "pixels.npy"]


@pytest.mark.skipif(platform.machine().lower() not in ("x86_64", "amd64"), reason="needs an x86 CPU to make it older")
def test_a_cpu_without_bfloat16_computes_it_in_float32_and_says_so(
    wide: dict[Precision, ModelFile], tmp_path: Path
) -> None:
    pixels = photos(5)
    described, sliders, _, _ = run_alone(wide["bfloat16"], tmp_path, pixels, ONEDNN_MAX_CPU_ISA="AVX2")
    assert described["products"] == {"float32": 1.0}
    expected = infer(wide["float32"], tmp_path / "other", pixels)
    assert (np.abs(np.array(sliders) - expected) * LIMITS).max(axis=0) == pytest.approx(np.zeros(8), abs=0.25)


def test_a_model_is_compiled_once_and_a_damaged_copy_is_never_used(
    wide: dict[Precision, ModelFile], tmp_path: Path
) -> None:
    model, pixels = wide["float32"], photos(3)
    expected = infer(model, tmp_path, pixels)
    (blob,) = (tmp_path / "openvino").iterdir()
    whole, written = blob.read_bytes(), blob.stat().st_mtime_ns
    np.testing.assert_array_equal(infer(model, tmp_path, pixels), expected)
    assert blob.stat().st_mtime_ns == written
    middle = len(whole) // 2
    for damaged in (b"", whole[:middle], whole[:middle] + b"\0" * 4000 + whole[middle + 4000 :], b"foreign" * 1000):
        blob.write_bytes(damaged)
        np.testing.assert_array_equal(infer(model, tmp_path, pixels), expected)
        assert blob.read_bytes() != damaged


def test_copies_of_other_versions_make_room(wide: dict[Precision, ModelFile], tmp_path: Path) -> None:
    folder, digest = tmp_path / "openvino", wide["float32"].digest
    folder.mkdir()
    for name in (f"{digest}-aaaaaaaaaaaa.blob", "0123456789ab-aaaaaaaaaaaa.blob"):
        (folder / name).write_bytes(b"old")
    infer(wide["float32"], tmp_path, photos(1))
    names = sorted(path.name.split("-")[0] for path in folder.iterdir())
    assert names == sorted([digest, "0123456789ab"])
    assert not (folder / f"{digest}-aaaaaaaaaaaa.blob").exists()


def test_a_cache_that_cannot_be_written_is_done_without(wide: dict[Precision, ModelFile], tmp_path: Path) -> None:
    (tmp_path / "openvino").write_text("a file where the folder would be")
    assert infer(wide["float32"], tmp_path, photos(2)).shape == (2, 8)


def test_a_model_that_openvino_cannot_run_is_one_sentence(tmp_path: Path, small_model: Path) -> None:
    model = onnx.load(small_model)
    model.graph.node[-1].op_type, model.graph.node[-1].domain = "Abacus", "elsewhere"
    model.opset_import.append(helper.make_opsetid("elsewhere", 1))
    path = tmp_path / "odd.onnx"
    save_model(model, path)
    with pytest.raises(
        EngineError, match=r"odd\.onnx cannot be run by OpenVINO .*Abacus.*; use --engine cpu"
    ) as caught:
        OpenvinoEngine(read_model(path), tmp_path)
    assert "\n" not in str(caught.value)


def test_without_openvino_the_sentence_says_what_to_install(
    small_model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "openvino", None)
    with pytest.raises(EngineError, match=r'pip install "autohdr\[openvino\]"'):
        OpenvinoEngine(read_model(small_model), tmp_path)
