"""`autohdr export --trt`: plans are built without a GPU, checked, and found by engine `trt` beside their model."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from autohdr.engines.trt import driver, plans
from autohdr.engines.trt.key import PlanKey, Profile
from autohdr.engines.trt.library import Library
from autohdr.errors import EngineError, ModelError, SettingsError
from autohdr.model.info import DEFAULT_MODEL
from autohdr.model.onnx_file import read_model
from autohdr_export.errors import ExportError
from autohdr_export.exporting import Exported
from autohdr_export.plans import build_plans
from tests.conftest import SMALL_INFO, write_model

trt = pytest.importorskip("tensorrt_rtx", reason="needs tensorrt-rtx (the extra [rtx])")


@pytest.fixture
def model(tmp_path: Path) -> Path:
    return write_model(tmp_path / "wedding.onnx", SMALL_INFO.to_json())


def test_each_card_gets_a_plan_and_its_record_beside_the_model(model: Path) -> None:
    built = build_plans(model, ["sm86", "SM_89", "8.6", "120"])
    assert [plan.path.name for plan in built] == ["wedding.sm86.plan", "wedding.sm89.plan", "wedding.sm120.plan"]
    for plan in built:
        told = json.loads(plan.record.read_bytes())
        assert told["key"]["arch"] == plan.arch
        assert told["model"] == json.loads(SMALL_INFO.to_json())
        assert plan.size == plan.path.stat().st_size == told["size"]
        assert "MB" in str(plan)


def test_the_engine_finds_it_on_such_a_card_and_with_this_library_only(model: Path) -> None:
    build_plans(model, ["sm86"])
    found = read_model(model)
    key = PlanKey(
        found.digest, "float32", "tensorrt_rtx", trt.__version__, "sm86", Profile(32, 8), "GeForce RTX 3060", "13.0"
    )
    assert plans.beside(found, key) == (model.parent / "wedding.sm86.plan").read_bytes()
    assert plans.beside(found, replace(key, version="1.6.0.1")) is None
    assert plans.beside(found, replace(key, arch="sm89")) is None
    write_model(model, SMALL_INFO.to_json(), mix="Sigmoid")
    assert plans.beside(read_model(model), replace(key, model=read_model(model).digest)) is None


def test_a_transformer_builds_for_sm86(exported: Exported, tmp_path: Path) -> None:
    model = tmp_path / "small.onnx"
    model.write_bytes(exported.path.read_bytes())
    (plan,) = build_plans(model, ["sm86"])
    assert plan.size > exported.size


def test_the_default_model_builds_for_sm86(tmp_path: Path) -> None:
    model = tmp_path / "model.onnx"
    model.write_bytes(DEFAULT_MODEL.read_bytes())
    (plan,) = build_plans(model, ["sm86"])
    assert plan.path.exists()


def test_an_unknown_card_is_refused_with_those_that_there_are(model: Path) -> None:
    with pytest.raises(SettingsError, match=r"--gpu sm90 .* expected one of sm75, sm80, sm86"):
        build_plans(model, ["sm86", "sm90"])
    assert not list(model.parent.glob("*.plan*"))


def test_where_one_card_cannot_compute_it_no_plan_is_written(model: Path) -> None:
    with pytest.raises(ExportError, match=r"--gpu sm75: .*FP32 GEMM is not supported"):
        build_plans(model, ["sm86", "sm75"])
    assert not list(model.parent.glob("*.plan*"))


def test_a_plan_that_is_not_what_was_asked_for_is_not_kept(model: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Profile, "of", lambda info: Profile(info.spec.size + 1, info.features))
    with pytest.raises(ExportError):
        build_plans(model, ["sm86"])
    assert not list(model.parent.glob("*.plan*"))


def test_without_a_card_here_one_must_be_named(model: Path) -> None:
    pytest.importorskip("cuda.bindings.driver", reason="needs cuda-python (the extras [trt] and [rtx])")
    try:
        driver.open_device().close()
    except EngineError:
        with pytest.raises(EngineError, match=r"name the card that will run the plan with --gpu, one of sm75"):
            build_plans(model)
    else:
        pytest.skip("needs a machine without a GPU")


def test_a_file_of_another_kind_is_refused(tmp_path: Path) -> None:
    (tmp_path / "model.onnx").write_bytes(b"no model")
    with pytest.raises(ModelError, match=r"model\.onnx"):
        build_plans(tmp_path / "model.onnx", ["sm86"])


def test_a_tensorrt_that_needs_the_gpu_cannot_build_ahead_of_time(model: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Library, "targets", ())
    with pytest.raises(EngineError, match=r"autohdr\[rtx\]"):
        build_plans(model, ["sm86"])
