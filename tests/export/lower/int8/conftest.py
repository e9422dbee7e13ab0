"""The small exported model with photos for it."""

import numpy as np
import onnx
import pytest
from numpy.typing import NDArray

from autohdr.engines.prove.inputs import adversarial
from autohdr_export.exporting import Exported
from autohdr_export.graph.file import to_bytes
from autohdr_export.prove.samples import Samples
from autohdr_export.prove.trial import Yardstick
from tests.export.conftest import SPEC, with_head


@pytest.fixture
def model(exported: Exported) -> onnx.ModelProto:
    """With a head so small that 8 bits, which this network has learnt nothing to stand up to, are within tolerance."""
    return with_head(exported.path, weight=lambda weight: 0.1 * weight)


def yardstick(
    model: onnx.ModelProto,
    photos: NDArray[np.float32],
    extremes: NDArray[np.float32] | None = None,
    engine: str = "cpu",
) -> Yardstick:
    """The yardstick of a model over photos; None takes them for the extreme inputs as well."""
    return Yardstick(to_bytes(model), engine, Samples(photos, photos, photos if extremes is None else extremes, True))


@pytest.fixture(scope="session")
def pixels() -> NDArray[np.float32]:
    """Inputs (40, 3, 32, 32) of many kinds."""
    return adversarial(SPEC, 40)
