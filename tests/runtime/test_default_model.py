"""The model that comes with autohdr: its labels of the sample shoot stay as they were when they were looked at."""

from pathlib import Path

import numpy as np

from autohdr.engines.network import open_network
from autohdr.raw.prepare import prepare
from autohdr.sliders import to_values

SHOOT = Path(__file__).resolve().parents[2] / "samples" / "shoot"
LABELS = {
    "hotel.dng": (0.2441, -5.058, 18.5189, 31.1996, 14.8744, -4.6971, 6.6911, 0.3764),
    "night.dng": (1.5918, -6.8277, 25.221, 44.486, 13.6131, -3.0252, 11.0259, 2.6918),
    "path.dng": (0.1765, -3.0592, 18.8865, 19.5303, 12.9855, -9.2484, 5.7255, -0.2101),
    "sunrise.dng": (1.1951, -2.3084, 23.7337, 44.1387, 1.1077, -7.1813, 6.142, -0.0417),
    "sunset.dng": (0.5925, -1.2266, 23.6727, 21.3076, 19.5739, -7.2109, 8.6962, 1.4079),
    "wharf.dng": (0.0284, -4.2934, 13.9936, 30.024, 17.3915, -5.9501, 8.074, 1.1171),
}
"""In Lightroom's units, in the order of `SLIDERS`, of the model whose graph still held its head (November 2026)."""


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
