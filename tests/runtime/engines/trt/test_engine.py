"""Engine `trt`: what it says where it cannot run, and, on a GPU, that its sliders are the network's."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from autohdr.engines.network import open_network
from autohdr.engines.trt import engine, plans, record
from autohdr.engines.trt.build import Plan
from autohdr.engines.trt.driver import Device
from autohdr.engines.trt.engine import TrtEngine, _built
from autohdr.engines.trt.key import FLAGS, PlanKey
from autohdr.engines.trt.library import Library
from autohdr.engines.trt.load import is_own
from autohdr.errors import DeviceLostError, EngineError
from autohdr.model.info import ModelFile
from autohdr.model.onnx_file import read_model
from tests.conftest import SMALL, SMALL_INFO, write_model
from tests.runtime.engines.trt.conftest import PROFILE
from tests.runtime.engines.trt.simulated import (
    CARD,
    Context,
    Cuda,
    CUresult,
    Engine,
    Kernels,
    Settings,
    answer,
    tensorrt,
)


def photos(count: int) -> NDArray[np.float32]:
    return np.random.default_rng(0).normal(0, 1, (count, 3, SMALL.size, SMALL.size)).astype(np.float32)


def test_without_a_gpu_it_says_what_is_missing(rtx: Library, model: ModelFile, tmp_path: Path) -> None:
    pytest.importorskip("cuda.bindings.driver", reason="needs cuda-python (the extras [trt] and [rtx])")
    try:
        TrtEngine(model, tmp_path).close()
    except EngineError as error:
        sentence = str(error)
    else:
        pytest.skip("needs a machine without a GPU")
    assert "NVIDIA" in sentence
    assert "another engine" in sentence
    assert not list(tmp_path.iterdir())


def test_an_int8_model_for_another_engine_is_refused_and_that_one_named(model: ModelFile, tmp_path: Path) -> None:
    other = replace(model, info=replace(model.info, precision="int8", target="openvino"))
    with pytest.raises(EngineError, match="use --engine openvino"):
        TrtEngine(other, tmp_path)


def test_what_is_built_is_what_was_read_whatever_has_become_of_the_file_since(rtx: Library, tmp_path: Path) -> None:
    model = read_model(write_model(tmp_path / "other.onnx", SMALL_INFO.to_json()))
    model.path.write_bytes(b"half of another model")
    assert is_own(rtx, _built(rtx, model, PROFILE, "sm86", b"").data)


def test_eight_photos_at_once_are_what_a_run_hands_over() -> None:
    from autohdr.words import BATCH

    assert PROFILE.steady == BATCH


@pytest.fixture(params=["tensorrt", "tensorrt_rtx"])
def simulated(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Cuda:
    """A GPU of numpy's with one of the two libraries, whose plans are the size of a photo."""
    cuda, name = Cuda(), str(request.param)
    monkeypatch.setattr(engine, "open_device", lambda: Device(cuda, CARD))
    monkeypatch.setattr(engine, "installed", lambda: [Library(name, tensorrt(cuda, rtx=name != "tensorrt"))])
    monkeypatch.setattr(engine, "build", lambda *given, **named: Plan(str(SMALL.size).encode(), b"times"))
    return cuda


def test_from_the_model_to_the_sliders_on_a_simulated_gpu(simulated: Cuda, model: ModelFile, tmp_path: Path) -> None:
    opened, pixels = TrtEngine(model, tmp_path), photos(19)
    np.testing.assert_array_equal(opened.infer(pixels), answer(pixels))
    told = json.loads(json.dumps(opened.describe()))
    opened.close()
    assert (told["device"], told["arch"], told["driver"]) == ("Simulated", "sm86", "CUDA 13.2")
    assert (told["plan"], told["batch"], told["cuda_graphs"]) == ("from the plan cache", 8, True)
    assert simulated.current == 0
    assert not simulated.held


def test_the_second_start_builds_nothing(
    simulated: Cuda, model: ModelFile, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    TrtEngine(model, tmp_path).close()
    monkeypatch.delattr(engine, "build")
    TrtEngine(model, tmp_path).close()
    (found,) = plans.listed(tmp_path)
    assert found.key["gpu"] == "Simulated"


def test_kernels_that_were_compiled_are_kept(simulated: Cuda, model: ModelFile, tmp_path: Path) -> None:
    opened = TrtEngine(model, tmp_path)
    kept = [path.name for path in (tmp_path / plans.FOLDER).glob("*.kernels")]
    assert len(kept) == opened.describe()["library"].startswith("tensorrt_rtx")
    opened.close()


def test_a_plan_made_ahead_of_time_is_taken(simulated: Cuda, model: ModelFile, tmp_path: Path) -> None:
    moved = replace(model, path=tmp_path / "wedding.onnx")
    moved.path.write_bytes(model.path.read_bytes())
    TrtEngine(moved, tmp_path).close()
    (found,) = plans.listed(tmp_path)
    key = replace(PlanKey(**{**found.key, "profile": PROFILE, "flags": FLAGS}), gpu=None, driver=None)
    record.write(tmp_path / "wedding.sm86.plan", b"32", key, model.info)
    opened = TrtEngine(moved, tmp_path)
    assert opened.describe()["plan"] == "built ahead of time"
    opened.close()


def test_a_plan_that_does_not_load_is_told_in_the_librarys_words(
    simulated: Cuda, model: ModelFile, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "build", lambda *given, **named: Plan(b"broken", b""))
    with pytest.raises(EngineError, match=r"cannot load its plan \(Error Code 6: it is broken\)"):
        TrtEngine(model, tmp_path)
    assert simulated.current == 0


def test_a_plan_of_another_network_is_refused(
    simulated: Cuda, model: ModelFile, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "build", lambda *given, **named: Plan(b"33", b""))
    with pytest.raises(EngineError, match="the TensorRT plan has"):
        TrtEngine(model, tmp_path)


def test_a_plan_of_other_types_is_refused(
    simulated: Cuda, model: ModelFile, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Engine, "get_tensor_dtype", lambda plan, name: "half")
    with pytest.raises(EngineError, match="the TensorRT plan has"):
        TrtEngine(model, tmp_path)


def test_a_lost_gpu_can_still_be_closed(simulated: Cuda, model: ModelFile, tmp_path: Path) -> None:
    opened = TrtEngine(model, tmp_path)
    for call in ("cuCtxPushCurrent", "cuStreamSynchronize", "cuMemFree"):
        simulated.fails[call] = CUresult.CUDA_ERROR_ILLEGAL_ADDRESS
    with pytest.raises(DeviceLostError):
        opened.infer(photos(1))
    opened.close()


def test_the_real_library_has_all_that_is_called_to_run_a_plan(rtx: Library) -> None:
    calls = {
        "Runtime": ["deserialize_cuda_engine", "get_engine_validity"],
        "ICudaEngine": ["create_execution_context", "create_runtime_config"],
        "IExecutionContext": ["is_stream_capturable"],
        "IRuntimeConfig": [],
        "IRuntimeCache": [],
    }
    ours = {"ICudaEngine": Engine, "IExecutionContext": Context, "IRuntimeConfig": Settings, "IRuntimeCache": Kernels}
    for name, simulation in ours.items():
        calls[name] += [call for call in vars(simulation) if not call.startswith("_")]
    ours_only = {"strategy", "cache", "kernels"}
    missing = [
        f"{name}.{call}"
        for name, wanted in calls.items()
        for call in set(wanted) - ours_only
        if not hasattr(getattr(rtx.trt, name), call)
    ]
    assert not missing
    assert hasattr(rtx.trt.ExecutionContextAllocationStrategy, "USER_MANAGED")
    assert hasattr(rtx.trt.DynamicShapesKernelSpecializationStrategy, "EAGER")


@pytest.mark.gpu
@pytest.mark.parametrize("count", [1, 2, 7, 8, 33, 256])
def test_on_a_gpu_the_sliders_are_those_of_engine_cpu_whatever_the_batch(
    supported: None, small_model: Path, tmp_path_factory: pytest.TempPathFactory, count: int
) -> None:
    pixels = photos(count)
    cache = tmp_path_factory.getbasetemp() / "plans-of-a-gpu"
    with open_network(small_model, "trt", cache) as network:
        found = network.predict(pixels)
        alone = np.concatenate([network.predict(pixels[index : index + 1]) for index in range(min(count, 16))])
        json.dumps(network.engine.describe())
    with open_network(small_model, "cpu", cache) as network:
        np.testing.assert_allclose(found, network.predict(pixels), rtol=0, atol=1e-5)
    np.testing.assert_array_equal(found[:16], alone)


@pytest.mark.gpu
def test_on_a_gpu_the_second_start_builds_nothing(
    supported: None, small_model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with open_network(small_model, "trt", tmp_path):
        pass

    def build(*arguments: object) -> None:
        raise AssertionError("the plan was in the cache")

    monkeypatch.setattr(engine, "build", build)
    with open_network(small_model, "trt", tmp_path) as network:
        assert network.engine.describe()["plan"] == "from the plan cache"
