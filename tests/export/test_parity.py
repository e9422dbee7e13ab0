"""Parity: it sees what differs, in Lightroom's units, and never calls what is not finite equal."""

from pathlib import Path

import numpy as np
import pytest

from autohdr.model import Precision
from autohdr.sliders import LIMITS
from autohdr.spec import InputSpec
from autohdr_export.errors import ExportError
from autohdr_export.exporting import Exported
from autohdr_export.parity import EDGES, TOLERANCES, Parity, Tolerance, compare, difference, to_json
from autohdr_train.network.checkpoint import load
from autohdr_train.network.model import SliderNet
from tests.export.conftest import with_head


@pytest.fixture
def trained(checkpoint: Path) -> tuple[SliderNet, InputSpec]:
    saved = load(checkpoint)
    return saved.network, saved.spec


def test_a_shift_is_measured_in_each_sliders_unit(exported: Exported, trained: tuple[SliderNet, InputSpec]) -> None:
    shift = np.linspace(0.001, 0.008, 8).astype(np.float32)
    model = with_head(exported.path, bias=lambda bias: bias + shift)
    parity = compare(model.SerializeToString(), *trained)
    assert parity.differences.shape == (42, 8)
    np.testing.assert_allclose(parity.worst, shift * LIMITS, rtol=0.01)
    assert not parity.within(TOLERANCES["float32"])


def test_a_network_that_answers_nothing_finite_is_never_within(
    exported: Exported, trained: tuple[SliderNet, InputSpec]
) -> None:
    model = with_head(exported.path, bias=lambda bias: np.where(np.arange(8) == 2, np.nan, bias))
    parity = compare(model.SerializeToString(), *trained)
    assert np.isinf(parity.worst[2])
    assert np.isfinite(np.delete(parity.worst, 2)).all()
    assert not parity.within(TOLERANCES["float32"])


def test_one_answer_of_a_thousand_that_is_not_finite_is_no_matter_of_percentiles() -> None:
    got = np.zeros((1000, 8), np.float32)
    got[7, 3] = np.nan
    assert not difference(got, np.zeros((1000, 8))).within(Tolerance(1.0, 1.0, 0.99))


def test_what_onnx_runtime_cannot_open_is_refused(trained: tuple[SliderNet, InputSpec]) -> None:
    with pytest.raises(ExportError, match="refuses the exported model"):
        compare(b"no model", *trained)


@pytest.mark.parametrize(
    ("precision", "ev", "other"), [("float32", 0.002, 0.05), ("float16", 0.01, 0.25), ("bfloat16", 0.01, 0.25)]
)
@pytest.mark.parametrize("slider", range(8))
def test_of_floats_every_photo_is_within_the_tolerance(
    precision: Precision, ev: float, other: float, slider: int
) -> None:
    differences = np.zeros((200, 8))
    differences[0, slider] = 0.99 * (ev if slider == 0 else other)
    assert Parity(differences).within(TOLERANCES[precision])
    differences[0, slider] = 1.01 * (ev if slider == 0 else other)
    assert not Parity(differences).within(TOLERANCES[precision])


@pytest.mark.parametrize(("slider", "limit"), [(0, 0.05), (4, 1.0)])
def test_of_int8_one_photo_in_a_hundred_may_be_further_off(slider: int, limit: float) -> None:
    differences = np.zeros((1000, 8))
    differences[:9, slider] = 20 * limit
    assert Parity(differences).within(TOLERANCES["int8"])
    differences[:11, slider] = 1.01 * limit
    assert not Parity(differences).within(TOLERANCES["int8"])


def test_what_is_beyond_is_named_with_its_unit() -> None:
    differences = np.array([[0.02, 0.1, 0, 0, 1.25, 0, 0, 0]])
    assert Parity(differences).beyond(TOLERANCES["float16"]) == "Exposure 0.02 EV, Whites 1.2"
    assert str(TOLERANCES["int8"]) == "0.05 EV and 1 for 99% of photos"


def test_a_histogram_counts_every_photo_once_in_shares_of_the_tolerance() -> None:
    differences = np.zeros((5, 8))
    differences[:, 1] = np.array([0.0, 0.1, 0.9, 1.5, np.inf]) * 0.25
    counts = Parity(differences).histogram(TOLERANCES["float16"])
    assert counts.shape == (8, len(EDGES) + 1)
    assert (counts.sum(axis=1) == 5).all()
    assert counts[0].tolist() == [5, 0, 0, 0, 0, 0, 0, 0, 0]
    assert counts[1].tolist() == [1, 0, 0, 1, 0, 0, 1, 1, 1]


def test_the_json_holds_each_slider_by_its_key() -> None:
    differences = np.zeros((200, 8))
    differences[0, 4] = 0.123456
    found = to_json(Parity(differences), TOLERANCES["float16"])
    assert found["Whites2012"]["worst"] == 0.123
    assert found["Whites2012"]["p99"] == 0
    assert sum(found["Whites2012"]["histogram"]) == 200
