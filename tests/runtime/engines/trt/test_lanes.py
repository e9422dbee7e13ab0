"""Batches through two lanes, on a GPU of numpy's: the order of things, too little memory, and a GPU that is lost."""

from collections.abc import Iterator
from types import SimpleNamespace

import numpy as np
import pytest
from numpy.typing import NDArray

from autohdr.engines.trt.driver import Device
from autohdr.engines.trt.key import Profile
from autohdr.engines.trt.lane import Lane
from autohdr.engines.trt.lanes import COUNT, Lanes
from autohdr.errors import DeviceLostError, EngineError, OutOfMemoryError
from tests.runtime.engines.trt.simulated import CARD, Context, Cuda, CUresult, answer

SIZE, BATCH = 4, 8
PHOTO = 4 * 3 * SIZE * SIZE + 4 * 8 + 1000
"""Bytes of the GPU's that a photo of a lane takes: input, output, and what `Context` says it needs."""


@pytest.fixture
def cuda() -> Cuda:
    return Cuda()


@pytest.fixture
def device(cuda: Cuda) -> Iterator[Device]:
    device = Device(cuda, CARD)
    with device.current():
        yield device


def lanes(device: Device, *, refuses: bool = False, errors: tuple[str, ...] = ()) -> Lanes:
    def lane(number: int, batch: int) -> Lane:
        context = Context(device.cuda, refuses=refuses)
        return Lane(device, context, SimpleNamespace(errors=list(errors)), batch, Profile(SIZE, 8))

    return Lanes(lane, BATCH)


def photos(count: int, seed: int = 0) -> NDArray[np.float32]:
    return np.random.default_rng(seed).normal(0, 1, (count, 3, SIZE, SIZE)).astype(np.float32)


@pytest.mark.parametrize("count", [1, 2, 7, 8, 9, 16, 17, 24, 25, 256])
def test_each_photo_gets_its_own_sliders_in_a_batch_of_any_length(device: Device, count: int) -> None:
    run = lanes(device)
    for seed in range(2):
        pixels = photos(count, seed)
        np.testing.assert_array_equal(run.infer(pixels), answer(pixels))


def test_all_the_work_of_a_piece_is_one_cuda_graph(device: Device, cuda: Cuda) -> None:
    run = lanes(device)
    run.infer(photos(17))
    assert run.are_graphs
    assert cuda.launched == 3


def test_without_cuda_graphs_the_sliders_are_the_same(device: Device, cuda: Cuda) -> None:
    cuda.fails["cuGraphInstantiate"] = CUresult.CUDA_ERROR_STREAM_CAPTURE_INVALIDATED
    run, pixels = lanes(device), photos(17)
    assert not run.are_graphs
    np.testing.assert_array_equal(run.infer(pixels), answer(pixels))


@pytest.mark.parametrize(("room", "batch"), [(8, 8), (7, 4), (4, 4), (3, 2), (1, 1)])
def test_pieces_are_halved_until_the_memory_does(device: Device, cuda: Cuda, room: int, batch: int) -> None:
    cuda.memory = COUNT * room * PHOTO
    run, pixels = lanes(device), photos(17)
    assert run.batch == batch
    np.testing.assert_array_equal(run.infer(pixels), answer(pixels))


def test_memory_that_runs_out_in_the_middle_costs_no_photo(device: Device, cuda: Cuda) -> None:
    run, pixels = lanes(device), photos(17)
    run.infer(pixels)
    cuda.fails["cuGraphLaunch"] = CUresult.CUDA_ERROR_OUT_OF_MEMORY
    make = run._make

    def recover(number: int, batch: int) -> Lane:
        cuda.fails.clear()
        return make(number, batch)

    run._make = recover
    np.testing.assert_array_equal(run.infer(pixels), answer(pixels))
    assert run.batch == BATCH // 2


def test_without_memory_for_one_photo_it_says_so(device: Device, cuda: Cuda) -> None:
    cuda.memory = PHOTO // 2
    with pytest.raises(OutOfMemoryError, match="too little memory"):
        lanes(device)
    assert not cuda.held
    assert not cuda.streams


def test_a_gpu_that_stops_answering_is_lost(device: Device, cuda: Cuda) -> None:
    run = lanes(device)
    cuda.fails["cuStreamSynchronize"] = CUresult.CUDA_ERROR_ILLEGAL_ADDRESS
    with pytest.raises(DeviceLostError, match="ILLEGAL_ADDRESS"):
        run.infer(photos(9))


def test_what_tensorrt_refuses_is_told_in_its_own_words(device: Device) -> None:
    with pytest.raises(EngineError, match=r"cannot run its plan \(no such kernel\)"):
        lanes(device, refuses=True, errors=("no such kernel.",))


def test_memory_that_tensorrt_misses_counts_as_memory(device: Device) -> None:
    with pytest.raises(OutOfMemoryError, match="OutOfMemory"):
        lanes(device, refuses=True, errors=("OutOfMemory (no further information)",))


def test_all_is_given_back(device: Device, cuda: Cuda) -> None:
    before = cuda.memory
    run = lanes(device)
    run.infer(photos(9))
    assert cuda.memory < before
    run.close()
    assert cuda.memory == before
    assert not cuda.held
    assert not cuda.streams
