"""The default model's own sliders: what they are solved from, and the errors that it states."""

from pathlib import Path

import numpy as np
import pytest

from autohdr.spec import InputSpec
from autohdr_train.data.photographs import apart, read_photographs
from autohdr_train.default import examples
from autohdr_train.default.own import STATED, own, probe, score_own, teach_own
from autohdr_train.network.model import SliderNet

SPEC = InputSpec(size=32, encoding="pu21-pmax", mean=(0.26, 0.26, 0.26), std=(0.12, 0.12, 0.12))


def test_what_was_learnt_is_answered_and_scored(
    network: SliderNet, photographs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(examples, "BLANK", 8)
    network.describe_tones(SPEC)
    learnt, unseen = apart(read_photographs(photographs))
    found = teach_own(network, SPEC, learnt, tmp_path)
    assert network.error is not None
    np.testing.assert_allclose(network.error.numpy(), STATED, rtol=1e-6)
    off = np.abs(own(network, found)[:, 0] - 5 * found.labels[:, 0]).mean()
    assert off < np.abs(5 * found.labels[:, 0]).mean()
    scores = score_own(network, SPEC, unseen, found, tmp_path)
    assert [row.photos for row in scores] == [examples.SCORED * len(unseen)] * 8
    assert len(probe(unseen, SPEC, tmp_path)) == len(unseen)
