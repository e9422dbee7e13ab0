"""A quality model's input is PU21 of absolute luminance, as published; what no light could be is refused."""

import json

import numpy as np
import pytest

from autohdr.errors import ModelError, PhotoError, SettingsError
from autohdr.quality.inputs import Inputs, same_size

PLAIN = {"mean": (0.0, 0.0, 0.0), "std": (1.0, 1.0, 1.0)}


def grey(*luminances: float) -> np.ndarray:
    return np.repeat(np.array(luminances, np.float32)[None, :, None], 3, axis=2)


@pytest.mark.parametrize(("norm", "expected"), [("pmax", [0.0, 0.4306, 1.0]), ("255", [0.0, 1.0, 2.3223])])
def test_the_two_normalisations_are_as_published(norm: str, expected: list[float]) -> None:
    found = Inputs(norm=norm, **PLAIN).of(grey(0.005, 100.0, 10000.0))  # type: ignore[arg-type]
    assert found.shape == (3, 1, 3)
    assert found.dtype == np.float32
    np.testing.assert_allclose(found[0, 0], expected, atol=1e-4)


@pytest.mark.parametrize("variant", ["banding", "banding_glare", "peaks", "peaks_glare"])
def test_every_variant_spans_0_to_1(variant: str) -> None:
    found = Inputs(variant=variant, **PLAIN).of(grey(0.0, 1.0, 20000.0))[0, 0]  # type: ignore[arg-type]
    assert found[0] == 0.0
    assert 0.0 < found[1] < 1.0
    assert found[2] == 1.0


def test_mean_and_std_are_of_each_channel() -> None:
    inputs = Inputs(mean=(0.0, 0.5, 1.0), std=(1.0, 0.5, 2.0))
    np.testing.assert_allclose(inputs.of(grey(10000.0))[:, 0, 0], [1.0, 1.0, 0.0], atol=1e-6)


def test_rows_stay_rows() -> None:
    picture = np.random.default_rng(0).uniform(0, 500, (4, 6, 3)).astype(np.float32)
    found = Inputs().of(picture)
    assert found.shape == (3, 4, 6)
    np.testing.assert_array_equal(found[:, 2:3, 5:6], Inputs().of(picture[2:3, 5:6]))


def test_json_brings_it_back() -> None:
    inputs = Inputs("peaks", "255", (0.1, 0.2, 0.3), (0.4, 0.5, 0.6))
    assert Inputs.from_dict(json.loads(json.dumps(inputs.to_dict()))) == inputs
    for wrong in ({}, {**inputs.to_dict(), "norm": "none"}, {**inputs.to_dict(), "more": 1}):
        with pytest.raises(ModelError, match="inputs are"):
            Inputs.from_dict(wrong)


@pytest.mark.parametrize(("value", "word"), [(np.nan, "NaN"), (-0.01, "negative"), (np.inf, "infinite")])
def test_what_no_light_could_be_is_refused(value: float, word: str) -> None:
    picture = np.ones((3, 3, 3), np.float32)
    picture[1, 2, 0] = value
    with pytest.raises(PhotoError, match=word):
        Inputs().of(picture)


@pytest.mark.parametrize("shape", [(4, 4), (4, 4, 4), (0, 4, 3)])
def test_another_shape_is_refused(shape: tuple[int, ...]) -> None:
    with pytest.raises(PhotoError, match="expected rows, columns and 3 channels"):
        Inputs().of(np.ones(shape, np.float32))


def test_impossible_settings_are_refused() -> None:
    for wrong in ({"variant": "other"}, {"norm": "none"}, {"std": (1.0, 0.0, 1.0)}):
        with pytest.raises(SettingsError):
            Inputs(**wrong)


def test_two_sizes_cannot_be_compared() -> None:
    same_size(np.ones((2, 3, 3)), np.ones((2, 3, 3)))
    with pytest.raises(PhotoError, match="3 x 2 and 2 x 3 pixels"):
        same_size(np.ones((2, 3, 3)), np.ones((3, 2, 3)))
