import numpy as np
import pytest
from numpy.typing import NDArray

from autohdr.sliders import Slider
from autohdr.style.experts.people import load
from autohdr.style.further.fitting import fit_further
from autohdr.style.further.inputs import PLACES, SPREAD, USUAL
from autohdr.style.further.labels import SLIDERS
from autohdr.style.further.model import Further

Array = NDArray[np.float64]
COUNT = 20
KEYS = [slider.key for slider in SLIDERS]


def _described(count: int = COUNT) -> Array:
    """Descriptions of photos of anything."""
    people, random = load(), np.random.default_rng(5)
    mean, deviation = np.concatenate([people.mean, USUAL]), np.concatenate([people.deviation, SPREAD])
    return np.asarray(mean + deviation * random.normal(size=(count, len(mean))))


def _labels(**columns: Array | float) -> Array:
    labels = np.zeros((COUNT, len(SLIDERS)))
    for key, values in columns.items():
        labels[:, KEYS.index(key)] = values
    return labels


def _fit(labels: Array, described: Array) -> Further:
    captured = np.arange(float(len(labels))) * 86400.0
    fitted = fit_further(labels, described, captured, np.zeros(len(labels), bool), load())
    assert fitted is not None
    assert [row.key for row in fitted.scores] == list(fitted.further.keys)
    return fitted.further


def test_a_style_of_edits_that_move_no_further_slider_has_none() -> None:
    nothing = _labels()
    nothing[:, 3] = np.nan
    assert fit_further(nothing, _described(), np.full(COUNT, np.nan), np.zeros(COUNT, bool), load()) is None


@pytest.mark.parametrize("slider", SLIDERS, ids=lambda slider: slider.key)
def test_each_slider_of_the_table_is_learnt_as_a_constant(slider: Slider) -> None:
    further = _fit(_labels(**{slider.key: 12.0}), _described())
    assert slider.key in further.keys
    values, errors = further.answer(_described(3), np.full(3, np.nan))
    np.testing.assert_allclose(values[:, further.keys.index(slider.key)], 12.0)
    assert (errors >= 0.0).all()


@pytest.mark.parametrize("slider", SLIDERS, ids=lambda slider: slider.key)
def test_each_slider_of_the_table_follows_the_photo_where_its_edits_do(slider: Slider) -> None:
    described = _described(60)
    warm = described[:, PLACES["white"].start]
    truth = 8.0 + 0.5 * (warm - warm.mean())
    further = _fit(_labels(**{slider.key: truth[:COUNT]}), described[:COUNT])
    column = further.keys.index(slider.key)
    assert further.shares[column, 1] > 0.5
    said = further.answer(described[COUNT:], np.full(40, np.nan))[0][:, column]
    usual = np.abs(np.median(truth[:COUNT]) - truth[COUNT:]).mean()
    assert np.abs(said - truth[COUNT:]).mean() < 0.6 * usual


def test_a_slider_that_nothing_tells_errs_hardly_more_than_its_usual_value() -> None:
    described, ratios = _described(120), []
    for seed in range(8):
        values = np.random.default_rng(seed).normal(15.0, 10.0, 120)
        further = _fit(_labels(Texture=values[:COUNT]), described[:COUNT])
        assert further.keys == ("Texture",)
        said = further.answer(described[COUNT:], np.full(100, np.nan))[0][:, 0]
        usual = np.median(values[:COUNT])
        ratios.append(np.abs(said - values[COUNT:]).mean() / np.abs(usual - values[COUNT:]).mean())
    assert np.mean(ratios) < 1.04


def test_who_mostly_leaves_white_balance_as_shot_has_it_as_shot() -> None:
    values = np.where(np.arange(COUNT) % 5 == 0, 25.0, 0.0)
    further = _fit(_labels(Temperature=values, Tint=0.2 * values), _described())
    assert further.keys == ("Temperature", "Tint")
    said = further.answer(_described(40), np.full(40, np.nan))[0]
    assert (np.abs(said[:, 0]) < 2.5).mean() > 0.9


def test_temperature_and_tint_are_learnt_together() -> None:
    assert _fit(_labels(Temperature=12.0), _described()).keys == ("Temperature", "Tint")


def test_a_slider_without_a_label_in_some_photos_is_learnt_from_the_others() -> None:
    labels = _labels(SDRContrast=15.0)
    labels[::2, KEYS.index("SDRContrast")] = np.nan
    further = _fit(labels, _described())
    np.testing.assert_allclose(further.answer(_described(2), np.full(2, np.nan))[0], 15.0)


def test_a_style_keeps_its_further_sliders_as_arrays() -> None:
    described = _described(60)
    truth = 8.0 + 2.0 * described[:COUNT, 30]
    further = _fit(_labels(Dehaze=truth, ParametricDarks=-7.0), described[:COUNT])
    again = Further.from_arrays(further.keys, further.to_arrays())
    for before, after in zip(*(one.answer(described, np.full(60, 3e8)) for one in (further, again)), strict=True):
        np.testing.assert_allclose(after, before, rtol=2e-2, atol=1e-3)


def test_arrays_that_do_not_fit_are_refused() -> None:
    arrays = _fit(_labels(Dehaze=3.0), _described()).to_arrays()
    with pytest.raises(ValueError, match="sets Nonsense"):
        Further.from_arrays(["Nonsense"], arrays)
    with pytest.raises(ValueError, match="further sliders"):
        Further.from_arrays(["Dehaze", "Texture"], arrays)
    with pytest.raises(KeyError):
        Further.from_arrays(["Dehaze"], {name: values for name, values in arrays.items() if name != "usual"})


def test_no_more_edits_are_remembered_than_fit() -> None:
    count = 300
    described, labels = _described(count), np.zeros((count, len(SLIDERS)))
    labels[:, KEYS.index("Texture")] = np.round(10.0 + 5.0 * described[:, 1])
    assert len(_fit(labels, described).people.points) == 250
