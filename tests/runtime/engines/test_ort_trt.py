"""The `ort-trt` engine: its options, and that only what it wrote itself is loaded again."""

from pathlib import Path

import numpy as np
import pytest

from autohdr import SLIDERS, EngineError
from autohdr.engines import ort_gpu
from autohdr.engines.network import open_network
from autohdr.engines.ort_trt import options, sealed
from autohdr.sliders import LIMITS


def why_not() -> str | None:
    try:
        ort_gpu.require_gpu(["cuda", "tensorrt"])
    except EngineError as error:
        return str(error)
    return None


WHY_NOT = why_not()


def test_the_graph_says_the_precision_and_plans_are_kept(tmp_path: Path) -> None:
    said = options(224, tmp_path)
    assert {said[f"trt_{kind}_enable"] for kind in ("fp16", "bf16", "int8")} == {"False"}
    assert said["trt_profile_min_shapes"] == "pixels:1x3x224x224"
    assert said["trt_profile_max_shapes"] == "pixels:256x3x224x224"
    assert said["trt_engine_cache_path"] == said["trt_timing_cache_path"] == str(tmp_path)


def test_a_plan_that_is_not_as_it_was_left_is_removed_before_it_is_loaded(tmp_path: Path) -> None:
    names = ["a.engine", "a.profile", "sm86.timing"]
    with sealed(tmp_path):
        for name in names:
            (tmp_path / name).write_bytes(name.encode())
    with sealed(tmp_path):
        assert sorted(path.name for path in tmp_path.iterdir() if path.name != "seal.json") == names
    (tmp_path / "a.engine").write_bytes(b"b.engine")
    (tmp_path / "foreign.engine").write_bytes(b"theirs")
    (tmp_path / "notes.txt").write_text("mine")
    with sealed(tmp_path):
        assert {path.name for path in tmp_path.iterdir()} == {"a.profile", "sm86.timing", "notes.txt", "seal.json"}


@pytest.mark.parametrize("seal", [None, "not json", "{}"])
def test_without_a_seal_nothing_is_trusted(tmp_path: Path, seal: str | None) -> None:
    (tmp_path / "a.engine").write_bytes(b"a")
    if seal is not None:
        (tmp_path / "seal.json").write_text(seal)
    with sealed(tmp_path):
        assert not (tmp_path / "a.engine").exists()


def test_a_build_that_fails_leaves_nothing_that_is_trusted(tmp_path: Path) -> None:
    def build() -> None:
        with sealed(tmp_path):
            (tmp_path / "half.engine").write_bytes(b"ha")
            raise EngineError("no room")

    with pytest.raises(EngineError, match="no room"):
        build()
    with sealed(tmp_path):
        assert not (tmp_path / "half.engine").exists()


@pytest.mark.skipif(WHY_NOT is not None, reason=f"needs an NVIDIA GPU and TensorRT 10: {WHY_NOT}")
@pytest.mark.gpu
def test_on_a_gpu_it_says_what_the_cpu_says_within_the_float32_tolerance(tmp_path: Path) -> None:
    pixels = np.random.default_rng(0).normal(0, 1, (17, 3, 224, 224)).astype(np.float32)
    with open_network(None, "cpu") as network:
        expected = network.predict(pixels)
    tolerance = [0.002 if slider.unit == "EV" else 0.05 for slider in SLIDERS]
    for _ in range(2):  # built, then from the cache
        with open_network(None, "ort-trt", tmp_path) as network:
            assert network.engine.describe()["provider"] == "TensorrtExecutionProvider"
            together = network.predict(pixels)
            alone = np.concatenate([network.predict(pixels[index : index + 1]) for index in range(len(pixels))])
        assert (np.abs((together - alone) * LIMITS).max(axis=0) <= tolerance).all()
        assert (np.abs((together - expected) * LIMITS).max(axis=0) <= tolerance).all()
    assert list(tmp_path.rglob("*.engine"))
