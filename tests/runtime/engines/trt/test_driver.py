"""The CUDA driver: what is missing is said in one sentence, and its errors become ours."""

import subprocess
import sys
from ctypes import CDLL

import numpy as np
import pytest

from autohdr.engines.nvidia import Driver, Gpu
from autohdr.engines.trt.driver import Card, Device, open_device
from autohdr.errors import DeviceLostError, EngineError, OutOfMemoryError
from tests.runtime.engines.trt.simulated import CARD, Cuda, CUresult


def test_a_card_is_known_by_name_architecture_and_driver() -> None:
    gpus = (Gpu("NVIDIA H200", "9.0", 1), Gpu("another", "12.0", 1))
    assert Card.of(Driver(CDLL(None), (13, 2), "580.65.06", gpus)) == Card("NVIDIA H200", "sm90", "13.2")


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
    device = Device(cuda, CARD)
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
    assert "another engine" in sentence


def test_the_real_bindings_take_every_argument_that_we_give() -> None:
    """Without a driver, too: an argument of a wrong type is refused before the driver is looked for."""
    cuda = pytest.importorskip("cuda.bindings.driver", reason="needs cuda-python (the extras [trt] and [rtx])")
    address, stream = np.zeros(8).ctypes.data, cuda.CUstream(0)
    calls = {
        "cuMemAlloc": (10,),
        "cuMemHostAlloc": (10, 0),
        "cuMemFreeHost": (0,),
        "cuMemFree": (0,),
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
