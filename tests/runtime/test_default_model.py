"""The model that comes with autohdr: its labels of the sample shoot stay as they were when they were looked at."""

import csv
from pathlib import Path

import numpy as np
import pytest

from autohdr.encoding import encode
from autohdr.engines.network import open_network
from autohdr.model.info import DEFAULT_MODEL
from autohdr.raw.prepare import prepare
from autohdr.sliders import to_values

SHOOT = Path(__file__).resolve().parents[2] / "samples" / "shoot"
LABELS = {
    "hotel.dng": (0.0359, 4.437, -13.1805, 21.4551, 1.2654, -1.7345, 6.8004, 0.0),
    "night.dng": (0.4698, 2.3666, -1.0692, 23.2466, 1.8211, -1.3364, 8.3791, 0.0),
    "path.dng": (0.1432, 4.7136, -6.6302, 23.6976, 1.7686, -1.9119, 4.1279, 0.0),
    "sunrise.dng": (0.2818, 3.574, -1.804, 22.7676, 1.7761, -1.399, 5.6702, 0.0),
    "sunset.dng": (-0.2347, 4.8814, -2.104, 24.2787, 4.1926, -1.393, 7.0081, 0.0),
    "wharf.dng": (0.2517, 5.092, -16.1586, 29.4554, 1.0873, -2.0632, 6.7204, 0.0),
}
"""In Lightroom's units, in the order of `SLIDERS`, of the model whose own sliders are learnt from finished photographs
(November 2026)."""


def test_its_labels_of_the_sample_shoot_are_what_they_were() -> None:
    with open_network(None, "cpu") as network:
        pixels = np.stack([prepare(SHOOT / name, network.info.spec) for name in LABELS])
        apart = np.abs(to_values(network.predict(pixels)) - np.array(list(LABELS.values())))
    assert apart[:, 0].max() < 0.002
    assert apart[:, 1:].max() < 0.05


def test_it_brings_what_is_expected_of_photographers() -> None:
    with open_network(None, "cpu") as network:
        learnt, prior = network.info.learnt, network.model.prior
        assert (network.info.features, learnt) == (282, 96)
        assert network.model.network == network.model.digest
    shapes = {name: values.shape for name, values in prior.items()}
    of_each = dict.fromkeys(("mean.bias", "log_curved", "log_constant", "log_noise"), (8,))
    assert shapes == of_each | dict.fromkeys(("mean.weight", "log_slope", "log_bend"), (8, learnt))


def test_it_states_errors_that_grow_with_exposure_and_ends_what_goes_too_far() -> None:
    with open_network(None, "cpu") as network:
        head = network.model.head
    assert head.most is not None
    assert head.most[0] * 5 == np.float32(1.5)
    small, large = np.zeros((1, 8)), np.zeros((1, 8))
    large[0, 0] = 0.2
    errors = [head.errors(scaled) for scaled in (small, large)]
    assert errors[0] is not None
    assert errors[1] is not None
    assert errors[0][0, 0] < errors[1][0, 0]
    assert (errors[0] > 0).all()


@pytest.mark.parametrize("level", [0.0, 1e-3, 0.6, 1.0])
def test_a_black_or_a_white_frame_is_left_nearly_alone(level: float) -> None:
    """Black frames were brightened by 4.7 EV, white ones darkened by 3."""
    with open_network(None, "cpu") as network:
        spec = network.info.spec
        pixels = encode(np.full((spec.size, spec.size, 3), level), spec)[None].astype(np.float32)
        values = to_values(network.predict(pixels))[0]
    assert abs(values[0]) < 0.6
    assert np.abs(values[1:]).max() < 20


def test_those_whose_photographs_it_learnt_from_are_named() -> None:
    rows = list(csv.DictReader((DEFAULT_MODEL.parent / "CREDITS.csv").read_text(encoding="utf-8").splitlines()))
    with open_network(None, "cpu") as network:
        learnt = network.info.trained_on["photos"]["train"]
    assert sum(int(row["photographs"]) for row in rows) == learnt
    assert all(row["source"] and row["licence"] for row in rows)
