"""Plans are built without a GPU, of what was asked for; what cannot be built is told."""

from pathlib import Path

import pytest

from autohdr.engines.trt import contents
from autohdr.engines.trt.build import Plan, build
from autohdr.engines.trt.contents import check, read
from autohdr.engines.trt.key import Profile
from autohdr.engines.trt.library import Library
from autohdr.errors import EngineError
from autohdr.model import ModelFile
from tests.conftest import SMALL, SMALL_INFO, write_model
from tests.runtime.engines.trt.conftest import PROFILE


def test_a_plan_holds_the_inputs_outputs_types_and_batches_that_were_asked_for(rtx: Library, plan: Plan) -> None:
    found = read(plan.data, rtx, PROFILE)
    assert found is not None, f"{rtx.name} {rtx.version} writes plans of another layout"
    assert found.version == rtx.version
    assert found.archs == ("sm86",)
    assert [(tensor.name, tensor.type, tensor.shape) for tensor in found.tensors] == [
        ("pixels", "float", (None, 3, SMALL.size, SMALL.size)),
        ("features", "float", (None, 8)),
    ]
    assert found.has_profile
    assert check(plan.data, rtx, PROFILE, ("sm86",))


def test_a_plan_for_another_card_or_other_batches_is_not_taken_for_it(rtx: Library, plan: Plan) -> None:
    for profile, archs in (
        (PROFILE, ("sm89",)),
        (Profile(SMALL.size, 8, steady=9), ("sm86",)),
        (Profile(64, 8), ("sm86",)),
    ):
        with pytest.raises(EngineError, match="expected"):
            check(plan.data, rtx, profile, archs)


def test_what_is_no_plan_is_refused(rtx: Library, plan: Plan) -> None:
    with pytest.raises(EngineError, match="does not know its own plan"):
        check(b"x" * 1000, rtx, PROFILE, ("sm86",))
    assert read(plan.data[:-1], rtx, PROFILE) is None
    assert read(b"", rtx, PROFILE) is None


def test_a_plan_of_another_layout_is_not_read_and_that_is_said(
    rtx: Library, plan: Plan, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(contents, "_LAYOUT", 3)
    assert not check(plan.data, rtx, PROFILE, ("sm86",))


def test_one_plan_can_be_for_several_cards(rtx: Library, model: ModelFile) -> None:
    archs = ("sm120", "sm80")
    built = build(rtx, model.path.read_bytes(), "small.onnx", PROFILE, archs)
    assert check(built.data, rtx, PROFILE, archs)


def test_what_is_no_onnx_file_is_refused(rtx: Library) -> None:
    with pytest.raises(EngineError, match=r"does not take junk\.onnx \(.*Failed to parse"):
        build(rtx, b"junk", "junk.onnx", PROFILE, ("sm86",))


def test_operators_that_the_library_does_not_know_are_named(rtx: Library, tmp_path: Path) -> None:
    model = write_model(tmp_path / "odd.onnx", SMALL_INFO.to_json(), mix="Bernoulli")
    with pytest.raises(EngineError, match=r"does not take odd\.onnx \(Bernoulli\)"):
        build(rtx, model.read_bytes(), "odd.onnx", PROFILE, ("sm86",))


def test_a_card_that_cannot_compute_in_this_precision_is_told_by_the_library(rtx: Library, model: ModelFile) -> None:
    with pytest.raises(EngineError, match=r"cannot build small\.onnx for sm75 \(.*FP32 GEMM is not supported"):
        build(rtx, model.path.read_bytes(), "small.onnx", PROFILE, ("sm75",))


@pytest.mark.filterwarnings("ignore:Use Deprecated in TensorRT-RTX:DeprecationWarning")
def test_what_a_build_learns_of_speed_goes_into_the_next(
    rtx: Library, model: ModelFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    """TensorRT-RTX still has the calls, without effect; what TensorRT does with them can be seen on a GPU only."""
    monkeypatch.setattr(Library, "compiles_late", False)
    first = build(rtx, model.path.read_bytes(), "small.onnx", PROFILE, ("sm86",))
    assert first.timing
    assert build(rtx, model.path.read_bytes(), "small.onnx", PROFILE, ("sm86",), first.timing).data
