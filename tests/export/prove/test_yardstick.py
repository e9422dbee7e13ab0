"""The yardstick: what a float32 model gives, on each engine, and the time that another takes beside it."""

from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
import pytest
from numpy.typing import NDArray

from autohdr.engines.network import Network
from autohdr.engines.prove.inputs import adversarial
from autohdr.engines.prove.speed import in_turn
from autohdr_export.exporting import Exported
from autohdr_export.prove.samples import Samples
from autohdr_export.prove.trial import Yardstick, opened
from tests.export.conftest import SPEC


@pytest.fixture(scope="module")
def over() -> Samples:
    photos = adversarial(SPEC, 17)
    return Samples(photos, photos, adversarial(SPEC, 9, seed=1), real=True)


def test_a_model_is_as_far_from_itself_as_nothing(exported: Exported, over: Samples) -> None:
    compared = Yardstick(exported.made.data, "cpu", over).compare(exported.made.data)
    assert [part.sliders.shape for part in compared] == [(17, 8), (9, 8)]
    assert compared.sliders.shape == (26, 8)
    assert not compared.sliders.any()
    assert compared.photos.features == compared.extremes.features == 0.0


def test_both_engines_give_the_same_in_float32(exported: Exported, over: Samples) -> None:
    pytest.importorskip("openvino", reason="openvino is not installed")
    on_cpu, on_openvino = (Yardstick(exported.made.data, engine, over) for engine in ("cpu", "openvino"))
    np.testing.assert_allclose(on_openvino._photos[1:], on_cpu._photos[1:], atol=2e-3)


def test_fewer_are_evenly_spaced(over: Samples) -> None:
    few = over.fewer(3)
    np.testing.assert_array_equal(few.photos, over.photos[[0, 8, 16]])
    np.testing.assert_array_equal(few.extremes, over.extremes[[0, 4, 8]])
    assert len(over.fewer(100).photos) == 17


@contextmanager
def often(exported: Exported) -> Iterator[Network]:
    """A network that does its work ten times."""
    with opened(exported.made.data, "cpu") as network:
        infer = network.engine.infer

        def repeated(pixels: NDArray[np.float32]) -> NDArray[np.float32]:
            for _ in range(9):
                infer(pixels)
            return infer(pixels)

        network.engine.infer = repeated  # type: ignore[method-assign]
        yield network


def test_work_that_is_done_ten_times_takes_longer(exported: Exported, over: Samples) -> None:
    with opened(exported.made.data, "cpu") as once, often(exported) as more:
        short, long = in_turn([once, more], over.photos)
    assert long.processor > 2 * short.processor
    assert Yardstick(exported.made.data, "cpu", over).time(exported.made.data).model.clock > 0
