"""Plans are built without a GPU, of what was asked for; what cannot be built is told."""

from pathlib import Path

import pytest

from autohdr.engines.trt.build import Plan, build
from autohdr.engines.trt.key import Profile
from autohdr.engines.trt.library import Library
from autohdr.engines.trt.load import is_own
from autohdr.errors import EngineError
from autohdr.model.info import ModelFile
from tests.conftest import SMALL, SMALL_INFO, write_model
from tests.runtime.engines.trt.conftest import PROFILE


def test_the_library_knows_its_plan_again_and_nothing_else(rtx: Library, plan: Plan) -> None:
    assert is_own(rtx, plan.data)
    for other in (b"x" * 1000, b""):
        assert not is_own(rtx, other)


def test_a_model_of_another_size_or_number_of_features_is_refused(rtx: Library, model: ModelFile) -> None:
    for profile in (Profile(64, 8), Profile(SMALL.size, 9)):
        with pytest.raises(EngineError, match="other inputs and outputs"):
            build(rtx, model.data, "small.onnx", profile, ("sm86",))


def test_one_plan_can_be_for_several_cards(rtx: Library, model: ModelFile) -> None:
    assert is_own(rtx, build(rtx, model.data, "small.onnx", PROFILE, ("sm120", "sm80")).data)


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
