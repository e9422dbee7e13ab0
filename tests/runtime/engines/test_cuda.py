"""The `cuda` engine, and what it shares with `ort-trt`: what is missing is named, and nothing strays unseen."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from onnx import TensorProto, helper

from autohdr import SLIDERS, EngineError
from autohdr.engines import ort_gpu, wheel
from autohdr.engines.network import open_network
from autohdr.engines.nvidia import LIBRARY, open_driver
from autohdr.engines.ort_gpu import Session, failure, missing_libraries
from autohdr.errors import DeviceLostError, OutOfMemoryError
from autohdr.model.onnx_file import read_model
from autohdr.sliders import LIMITS
from tests.conftest import SMALL, SMALL_INFO, said, save_model
from tests.runtime.engines.test_wheel import installed

CPU = [("CPUExecutionProvider", dict[str, str]())]


def why_not() -> str | None:
    """Why no GPU can be used here, in the engine's own words; None where one can."""
    try:
        ort_gpu.require_gpu(["cuda"])
    except EngineError as error:
        return str(error)
    return None


WHY_NOT = why_not()
needs_gpu = pytest.mark.skipif(WHY_NOT is not None, reason=f"needs an NVIDIA GPU: {WHY_NOT}")


def has_driver() -> bool:
    try:
        open_driver()
    except EngineError:
        return False
    return True


@pytest.mark.skipif(has_driver(), reason="NVIDIA's driver is installed here")
@pytest.mark.parametrize("name", ["cuda", "ort-trt"])
def test_without_a_driver_the_sentence_names_it_and_no_library_is_loaded(small_model: Path, name: str) -> None:
    code = (
        "import sys; from pathlib import Path; from autohdr.engines.network import open_network\n"
        "from autohdr import EngineError\n"
        "try:\n"
        f"    with open_network(Path(sys.argv[1]), {name!r}): pass\n"
        "except EngineError as error: print(error)\n"
        "print('onnxruntime' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code, small_model], capture_output=True, text=True, check=True)
    sentence, imported = done.stdout.splitlines()
    assert imported == "False"
    assert done.stderr == ""
    assert ("macOS" if sys.platform == "darwin" else "NVIDIA's driver") in sentence
    assert sys.platform == "darwin" or LIBRARY in sentence


def test_the_wheel_for_cpus_is_not_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wheel, "version", installed("onnxruntime"))
    with pytest.raises(EngineError, match=r"for CPUs alone; run: pip uninstall -y onnxruntime, then .*autohdr\[gpu\]"):
        wheel.require_onnxruntime("gpu")
    monkeypatch.setattr(wheel, "version", installed())
    with pytest.raises(EngineError, match=r'pip install "autohdr\[gpu\]"$'):
        wheel.require_onnxruntime("gpu")
    monkeypatch.setattr(wheel, "version", installed("onnxruntime-gpu"))
    assert wheel.require_onnxruntime("gpu") == wheel.require_onnxruntime() == "onnxruntime-gpu 1.0"


@pytest.mark.skipif(sys.platform != "linux", reason="names are as Linux has them")
def test_each_missing_library_is_named_once_in_its_newest_version(tmp_path: Path) -> None:
    """As it stands in a provider of onnxruntime-gpu 1.31, in which an older runtime is named as well."""
    provider = tmp_path / "libonnxruntime_providers_tensorrt.so"
    assert missing_libraries(tmp_path, "tensorrt") == [provider.name]
    provider.write_bytes(
        b"\x7fELF\0libcudart.so.912\0libcudart.so.913\0libnvinfer.so.910\0libnvinfer.so.910\0libc.so.6\0libcublasLt.so.913"
    )
    missing = missing_libraries(tmp_path, "tensorrt")
    assert missing == ["libcublasLt.so.913", "libcudart.so.913", "libnvinfer.so.910"]
    nvidia = '--extra-index-url https://pypi.nvidia.com "tensorrt-cu13==910.*"'
    assert ort_gpu._packages(missing, 13) == f'{nvidia} "onnxruntime-gpu[cuda,cudnn]"'
    assert ort_gpu._packages(missing[:2], 13) == '"onnxruntime-gpu[cuda,cudnn]"'
    assert ort_gpu._packages(missing[2:], 13) == nvidia


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Non-zero status code returned while running Mul. Failed to allocate memory for requested buffer", "room"),
        ("CUDA failure 2: out of memory ; GPU=0 ; hostname=x", "room"),
        ("CUBLAS failure 3: CUBLAS_STATUS_ALLOC_FAILED ; GPU=0", "room"),
        ("/src/x.cc:1 f()\nCUDA failure 719: unspecified launch failure ; GPU=0 ; hostname=x", "lost"),
        ("CUDNN failure 4: CUDNN_STATUS_INTERNAL_ERROR ; GPU=0", "lost"),
    ],
)
def test_what_a_gpu_says_in_a_run_is_memory_or_the_device(text: str, kind: str) -> None:
    error = failure("cuda", RuntimeError(text), 8)
    assert isinstance(error, OutOfMemoryError if kind == "room" else DeviceLostError)
    assert "\n" not in str(error)
    if kind == "lost":
        assert text[text.index("CUD") : text.index(" ;")] in str(error)
        assert "use another engine" in str(error)


def test_a_bound_session_says_what_a_plain_one_does_whatever_the_batch(small_model: Path) -> None:
    """On the CPU provider, which is here: buffers that are reused and regrown hold the right photos."""
    pixels = np.random.default_rng(0).normal(0, 1, (9, 3, SMALL.size, SMALL.size)).astype(np.float32)
    with open_network(small_model, "cpu") as network:
        expected = network.predict(pixels)
    session = Session("cuda", read_model(small_model), CPU, None)
    answers = [session.infer(pixels[:count]) for count in (2, 9, 1)]
    session.close()
    for count, sliders in zip((2, 9, 1), answers, strict=True):
        np.testing.assert_allclose(sliders, expected[:count], atol=1e-6)


def test_a_session_that_would_run_elsewhere_is_refused(small_model: Path) -> None:
    session = Session("cuda", read_model(small_model), CPU, None)
    with pytest.raises(EngineError, match="engine cuda would run on CPUExecutionProvider"):
        session._check(["CUDAExecutionProvider"])
    session._session.get_providers = lambda: ["CUDAExecutionProvider"]
    with pytest.raises(EngineError, match="engine cuda would leave MatMul, ReduceMean, Tanh to another device"):
        session._check(["CUDAExecutionProvider"])
    assert session.placed == {"CPUExecutionProvider": 3}
    session.close()


def test_an_onnx_runtime_that_does_not_say_where_it_computes_is_refused(
    small_model: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    collection = "onnxruntime.capi.onnxruntime_inference_collection"
    monkeypatch.delattr(f"{collection}.Session.get_provider_graph_assignment_info")
    with pytest.raises(EngineError, match=r"before 1\.24 .* pip install -U onnxruntime-gpu"):
        Session("cuda", read_model(small_model), CPU, None)


def test_a_model_that_cannot_be_loaded_is_one_sentence(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """ONNX Runtime's own way out, to print and go to the CPU, is closed."""
    graph = helper.make_graph(
        [helper.make_node("Unheard", ["pixels"], ["features"])],
        "odd",
        [helper.make_tensor_value_info("pixels", TensorProto.FLOAT, ["N", 3, SMALL.size, SMALL.size])],
        [helper.make_tensor_value_info("features", TensorProto.FLOAT, ["N", 8])],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 20)], ir_version=10)
    helper.set_model_props(model, said(SMALL_INFO))
    save_model(model, tmp_path / "odd.onnx")
    with pytest.raises(EngineError, match=r"engine cuda cannot load .*odd\.onnx .*; use another engine"):
        Session("cuda", read_model(tmp_path / "odd.onnx"), CPU, None)
    assert capfd.readouterr() == ("", "")


@needs_gpu
@pytest.mark.gpu
def test_on_a_gpu_a_photo_is_labelled_the_same_in_any_batch_within_the_float32_tolerance() -> None:
    """cuBLAS and cuDNN choose their kernels by the batch's size, so that sums are rounded otherwise."""
    pixels = np.random.default_rng(0).normal(0, 1, (17, 3, 224, 224)).astype(np.float32)
    with open_network(None, "cpu") as network:
        expected = network.predict(pixels)
    with open_network(None, "cuda") as network:
        described = network.engine.describe()
        assert described["provider"] == "CUDAExecutionProvider"
        together = network.predict(pixels)
        alone = np.concatenate([network.predict(pixels[index : index + 1]) for index in range(len(pixels))])
    tolerance = [0.002 if slider.unit == "EV" else 0.05 for slider in SLIDERS]
    assert (np.abs((together - alone) * LIMITS).max(axis=0) <= tolerance).all()
    assert (np.abs((together - expected) * LIMITS).max(axis=0) <= tolerance).all()
