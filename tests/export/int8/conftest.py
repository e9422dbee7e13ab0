"""The small exported model with photos for it."""

import numpy as np
import onnx
import pytest
from numpy.typing import NDArray

from autohdr_export.calibration import adversarial
from autohdr_export.exporting import Exported
from tests.export.conftest import SPEC, with_head


@pytest.fixture
def model(exported: Exported) -> onnx.ModelProto:
    """With a head so small that 8 bits, which this network has learnt nothing to stand up to, are within tolerance."""
    return with_head(exported.path, weight=lambda weight: 0.1 * weight)


@pytest.fixture(scope="session")
def pixels() -> NDArray[np.float32]:
    """Inputs (40, 3, 32, 32) of many kinds."""
    return adversarial(SPEC, 40)
