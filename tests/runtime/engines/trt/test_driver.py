"""The CUDA driver: what is missing is said in one sentence, and its errors become ours."""

import subprocess
import sys

import numpy as np
import pytest

from autohdr.engines.trt.driver import Card, Device, open_device
from autohdr.errors import DeviceLostError, EngineError, OutOfMemoryError
from tests.runtime.engines.trt.simulated import Cuda, CUresult


def test_a_card_is_known_by_name_architecture_and_driver() -> None:
    assert Device(Cuda()).card == Card("Simulated", "sm86", "13.2")


def test_without_a_gpu_the_sentence_says_so() -> None:
    cuda = Cuda()
    cuda.fails["cuInit"] = CUresult.CUDA_ERROR_NO_DEVICE
    with pytest.raises(EngineError, match="no NVIDIA GPU that CUDA shows"):
        Device(cuda)


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (CUresult.CUDA_ERROR_OUT_OF_MEMORY, OutOfMemoryError),
        (CUresult.CUDA_ERROR_ILLEGAL_ADDRESS, DeviceLostError),
        (CUresult.CUDA_ERROR_INVALID_VALUE, EngineError),
    ],
)
def test_errors_of_cuda_are_memory_or_loss_or_refusal(status: CUresult, error: type[EngineError]) -> None:
    cuda = Cuda()
    device = Device(cuda)
    cuda.fails["cuMemAlloc"] = status
    with pytest.raises(EngineError) as raised:
        device.allocate(1)
    assert type(raised.value) is error


def test_without_a_driver_the_real_bindings_end_in_a_sentence() -> None:
    pytest.importorskip("cuda.bindings.driver", reason="needs cuda-python (the extras [trt] and [rtx])")
    try:
        open_device().close()
    except EngineError as error:
        sentence = str(error)
    else:
        pytest.skip("needs a machine without a GPU")
    assert "--engine cpu" in sentence


def test_the_real_bindings_take_every_argument_that_we_give() -> None:
    """Without a driver, too: an argument of a wrong type is refused before the driver is looked for."""
    cuda = pytest.importorskip("cuda.bindings.driver", reason="needs cuda-python (the extras [trt] and [rtx])")
    address, stream = np.zeros(8).ctypes.data, cuda.CUstream(0)
    attribute = cuda.CUdevice_attribute.CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MINOR
    calls = {
        "cuMemAlloc": (10,),
        "cuMemHostAlloc": (10, 0),
        "cuMemFreeHost": (0,),
        "cuMemFree": (0,),
        "cuDeviceGetAttribute": (attribute, cuda.CUdevice(99)),
        "cuDeviceGetName": (128, cuda.CUdevice(99)),
        "cuMemcpyHtoDAsync": (0, address, 0, stream),
        "cuMemcpyDtoHAsync": (address, 0, 0, stream),
        "cuStreamCreate": (cuda.CUstream_flags.CU_STREAM_NON_BLOCKING.value,),
        "cuStreamBeginCapture": (cuda.CUstream(0), cuda.CUstreamCaptureMode.CU_STREAM_CAPTURE_MODE_THREAD_LOCAL),
        "cuGraphInstantiate": (cuda.CUgraph(0), 0),
    }
    reasons = []
    for name, arguments in calls.items():
        try:
            getattr(cuda, name)(*arguments)
        except RuntimeError as error:
            reasons.append(str(error))
    assert all("driver" in reason for reason in reasons)


@pytest.mark.gpu
def test_memory_of_a_real_gpu_holds_what_is_copied_there(card: Card) -> None:
    device = open_device()
    with device.current():
        stream, sent, back = device.stream(), device.pinned((1000,)), device.pinned((1000,))
        sent[:] = np.arange(1000)
        address = device.allocate(sent.nbytes)
        device.upload(address, sent, stream)
        device.download(back, address, stream)
        device.wait(stream)
        np.testing.assert_array_equal(back, sent)
        device.free(address)
        device.free_pinned(sent)
        device.free_pinned(back)
    device.close()


def test_no_gpu_library_is_imported_before_the_engine_opens() -> None:
    code = (
        "import sys, autohdr.engines.trt.engine; "
        "sys.exit(bool({'tensorrt', 'tensorrt_rtx', 'cuda', 'onnx', 'torch'} & sys.modules.keys()))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
