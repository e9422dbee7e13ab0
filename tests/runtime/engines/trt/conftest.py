"""The installed TensorRT-RTX, which builds plans without a GPU; a small model and its plan; and the GPU, if any."""

from pathlib import Path

import pytest

from autohdr.engines.trt.build import Plan, build
from autohdr.engines.trt.driver import Card, open_device
from autohdr.engines.trt.key import PlanKey, Profile
from autohdr.engines.trt.library import Library, for_card, installed
from autohdr.errors import EngineError
from autohdr.model.info import ModelFile
from autohdr.model.onnx_file import read_model
from tests.conftest import SMALL

PROFILE = Profile(SMALL.size, 8)


@pytest.fixture(scope="session")
def rtx() -> Library:
    module = pytest.importorskip("tensorrt_rtx", reason="needs tensorrt-rtx (the extra [rtx])")
    return Library("tensorrt_rtx", module)


@pytest.fixture(scope="session")
def model(small_model: Path) -> ModelFile:
    return read_model(small_model)


@pytest.fixture(scope="session")
def plan(rtx: Library, small_model: Path) -> Plan:
    return build(rtx, small_model.read_bytes(), "small.onnx", PROFILE, ("sm86",))


@pytest.fixture
def card() -> Card:
    """This machine's GPU."""
    try:
        device = open_device()
    except EngineError as error:
        pytest.skip(f"needs an NVIDIA GPU: {error}")
    device.close()
    return device.card


@pytest.fixture
def supported(card: Card) -> None:
    """There is a TensorRT for this machine's GPU, so the engine has to run."""
    try:
        for_card(installed(), card.name, card.arch)
    except EngineError as error:
        pytest.skip(f"needs a TensorRT for this GPU: {error}")


@pytest.fixture
def key(model: ModelFile) -> PlanKey:
    """The key of a plan for a card; no library is needed for it."""
    return PlanKey(
        model.digest, model.info.precision, "tensorrt_rtx", "1.2.3", "sm86", PROFILE, "GeForce RTX 3060", "13.0"
    )
