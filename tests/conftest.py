"""Fixtures that all packages' tests share."""

import os

if "PYTEST_XDIST_WORKER" in os.environ:
    # A process of tests on each core: what they start keeps to one, too. torch reads this when it is imported.
    os.environ.setdefault("OMP_NUM_THREADS", "1")

from collections.abc import Iterator
from pathlib import Path

import hypothesis
import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper

from autohdr import InputSpec
from autohdr.model.head import Head, Learnt
from autohdr.model.info import HEAD_KEY, INPUT_NAME, METADATA_KEY, OUTPUT_NAME, ModelInfo
from autohdr.model.seal import seal
from autohdr_scenes import Procedural, shots, write_dng
from tests.s3.store import S3, served

# What an example may take depends on the machine.
hypothesis.settings.register_profile("autohdr", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow])
hypothesis.settings.load_profile("autohdr")

SHARED = Path(os.environ.get("AUTOHDR_SHARED", Path(__file__).resolve().parents[2] / "shared"))
"""A folder of real files that are not ours to publish: raws/, xmp/, cases/ and more. Tests skip where it is missing."""


def _shared(name: str) -> Path:
    folder = SHARED / name
    if not folder.is_dir():
        pytest.skip(f"needs the real files of {folder} (or the folder that AUTOHDR_SHARED names)")
    return folder


@pytest.fixture(scope="session")
def shared_raws() -> Path:
    """Real RAW files of many cameras; `bad/` holds broken ones."""
    return _shared("raws")


@pytest.fixture(scope="session")
def shared_catalogs() -> Path:
    """Real Lightroom catalogs."""
    return _shared("catalogs")


@pytest.fixture(scope="session")
def shared_cases() -> Path:
    """Files and folders over which this project, or others like it, have stumbled, a folder for each fault."""
    return _shared("cases")


@pytest.fixture(scope="session")
def shared_xmp() -> Path:
    """Real Lightroom and Camera Raw documents."""
    return _shared("xmp")


@pytest.fixture(scope="session")
def shared_hdris() -> Path:
    """Real radiance images, OpenEXR."""
    return _shared("hdris")


@pytest.fixture(scope="session")
def shared_camera_raw() -> Path:
    """Camera Raw's own values on probes and charts, as pch/rawmakase (MIT) measured them."""
    return _shared("camera_raw")


@pytest.fixture(scope="session")
def shared_photos() -> Path:
    """Finished photographs by others, with their sources, licences and credits."""
    return _shared("photos")


@pytest.fixture(scope="session")
def shared_edits() -> Path:
    """Finished pictures by real photographers with their settings: to measure with."""
    return _shared("edits")


@pytest.fixture(scope="session", autouse=True)
def state(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Runs remember what they have finished in a folder of the tests', not the user's."""
    folder = tmp_path_factory.mktemp("state")
    os.environ["AUTOHDR_STATE"] = str(folder)
    return folder


@pytest.fixture
def shoot(tmp_path: Path) -> Path:
    """A folder of five small simulated photos."""
    folder = tmp_path / "shoot"
    folder.mkdir()
    for index, photo in enumerate(shots(Procedural(), 5, seed=0, size=(96, 144))):
        write_dng(folder / f"IMG_{index}.dng", photo.frame, photo.camera)
    return folder


@pytest.fixture(scope="session")
def s3_server() -> Iterator[S3]:
    """A local S3, one for each process of tests."""
    with served() as server:
        yield server


@pytest.fixture
def s3(s3_server: S3, monkeypatch: pytest.MonkeyPatch) -> S3:
    """An empty bucket in a local S3 that the environment names, with no faults planned."""
    s3_server.clear()
    for name, value in s3_server.environment.items():
        monkeypatch.setenv(name, value)
    return s3_server


SMALL = InputSpec(size=32)
"""What the small model's input is."""
SMALL_INFO = ModelInfo("small 1", SMALL, {"data": "none"}, "0.1.0", 20, features=8)
AS_THEY_ARE = Learnt(Head(np.eye(8, dtype=np.float32), np.zeros(8, np.float32)))
"""A head that answers with eight features as they are."""


def said(info: ModelInfo, beside: Learnt = AS_THEY_ARE) -> dict[str, str]:
    """The metadata of a model file."""
    return {METADATA_KEY: info.to_json(), HEAD_KEY: beside.to_text()}


def save_model(model: onnx.ModelProto, path: Path) -> None:
    """A model file with a digest of itself, as autohdr export writes them."""
    path.write_bytes(seal(model.SerializeToString()))


def write_model(path: Path, metadata: str | None = None, *, mix: str = "Tanh", size: int = SMALL.size) -> Path:
    """A network of three nodes with real outputs: the average colour, mixed into eight features, through `mix`. They
    are the sliders as well."""
    weights = np.random.default_rng(0).normal(0, 0.8, (3, 8)).astype(np.float32)
    graph = helper.make_graph(
        [
            helper.make_node("ReduceMean", [INPUT_NAME, "axes"], ["colour"], keepdims=0),
            helper.make_node("MatMul", ["colour", "weights"], ["mixed"]),
            helper.make_node(mix, ["mixed"], [OUTPUT_NAME]),
        ],
        "small",
        [helper.make_tensor_value_info(INPUT_NAME, TensorProto.FLOAT, ["N", 3, size, size])],
        [helper.make_tensor_value_info(OUTPUT_NAME, TensorProto.FLOAT, ["N", 8])],
        [numpy_helper.from_array(weights, "weights"), numpy_helper.from_array(np.array([2, 3]), "axes")],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 20)], ir_version=10)
    if metadata is not None:
        helper.set_model_props(model, {METADATA_KEY: metadata, HEAD_KEY: AS_THEY_ARE.to_text()})
    save_model(model, path)
    return path


@pytest.fixture(scope="session")
def small_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model file of autohdr's that is quick to run."""
    return write_model(tmp_path_factory.mktemp("model") / "small.onnx", SMALL_INFO.to_json())
