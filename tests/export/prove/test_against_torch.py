"""Against torch: whatever of a model file is not as it was trained is seen, in Lightroom's units."""

from pathlib import Path

import numpy as np
import pytest

from autohdr.engines.prove.difference import TOLERANCES
from autohdr.sliders import LIMITS
from autohdr_export.errors import ExportError
from autohdr_export.exporting import Exported
from autohdr_export.prove.against_torch import against_torch
from autohdr_train.network.checkpoint import Checkpoint, load
from tests.export.conftest import head_of, with_head


@pytest.fixture
def trained(checkpoint: Path) -> Checkpoint:
    return load(checkpoint)


def test_a_shift_is_measured_in_each_sliders_unit(exported: Exported, trained: Checkpoint) -> None:
    shift = np.linspace(0.001, 0.008, 8).astype(np.float32)
    head = head_of(with_head(exported.path, bias=lambda bias: bias + shift))
    difference = against_torch(exported.made.data, head, trained)
    assert difference.sliders.shape == (42, 8)
    np.testing.assert_allclose(difference.worst, shift * LIMITS, rtol=0.01)
    assert not difference.within(TOLERANCES["float32"])


def test_a_network_that_answers_nothing_finite_is_never_within(exported: Exported, trained: Checkpoint) -> None:
    head = head_of(with_head(exported.path, bias=lambda bias: np.where(np.arange(8) == 2, np.nan, bias)))
    difference = against_torch(exported.made.data, head, trained)
    assert np.isinf(difference.worst[2])
    assert np.isfinite(np.delete(difference.worst, 2)).all()
    assert not difference.within(TOLERANCES["float32"])


def test_what_onnx_runtime_cannot_open_is_refused(exported: Exported, trained: Checkpoint) -> None:
    with pytest.raises(ExportError, match="refuses the exported model"):
        against_torch(b"no model", exported.base.file.head, trained)
