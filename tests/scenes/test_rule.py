"""The simulated photographer is sensible, smooth, and looks at nothing but the picture."""

import numpy as np
import pytest
from numpy.typing import NDArray

from autohdr.sliders import LIMITS, SLIDERS
from autohdr_scenes.camera import BODIES, developed
from autohdr_scenes.metering import centre_weighted
from autohdr_scenes.procedural import KINDS, scene
from autohdr_scenes.rule import NOISE, inconsistent, label
from autohdr_scenes.scene import luminance

NAMES = [slider.name for slider in SLIDERS]


def light(kind: str, seed: int = 0) -> NDArray[np.float32]:
    return scene(kind, np.random.default_rng(seed), (96, 144)).linear


def photo(kind: str, seed: int = 0, stops: float = 0.0) -> NDArray[np.float32]:
    linear = light(kind, seed)
    return developed(linear, BODIES[0], centre_weighted(linear) * 2.0**stops)


def edit(picture: NDArray[np.float32]) -> dict[str, float]:
    return dict(zip(NAMES, label(picture).tolist(), strict=True))


def usual(kind: str, slider: str) -> float:
    return float(np.mean([edit(photo(kind, seed))[slider] for seed in range(8)]))


def key(picture: NDArray[np.float32]) -> float:
    """Median luminance after Exposure, stops from saturation."""
    return float(np.median(np.log2(luminance(picture) + 1e-9))) + edit(picture)["Exposure"]


def test_capture_exposure_is_made_up_for_stop_by_stop_away_from_both_ends() -> None:
    flat = np.random.default_rng(0).lognormal(-3.2, 0.5, (64, 96, 3)).astype(np.float32)
    edits = [edit(np.minimum(flat * np.float32(2.0**stops), 1.0))["Exposure"] for stops in (-1.0, 0.0, 0.5)]
    assert edits[0] - edits[1] == pytest.approx(1.0, abs=0.03)
    assert edits[1] - edits[2] == pytest.approx(0.5, abs=0.03)


@pytest.mark.parametrize("kind", KINDS)
def test_a_brighter_frame_never_gets_more_exposure(kind: str) -> None:
    exposures = [edit(photo(kind, 1, stops))["Exposure"] for stops in np.arange(-3.0, 3.1, 0.5)]
    assert (np.diff(exposures) < 0.0).all()


def test_night_stays_darker_than_day() -> None:
    nights, days = ([key(photo(kind, seed)) for seed in range(6)] for kind in ("night", "day"))
    assert max(nights) < min(days)
    assert np.mean(nights) < np.mean(days) - 1.0


def test_mid_tones_of_an_ordinary_day_come_near_grey_however_it_was_exposed() -> None:
    for stops in (-2.0, -1.0, 0.0):
        assert key(photo("day", 3, stops)) == pytest.approx(-3.1, abs=0.8)


def test_shadows_are_lifted_more_before_a_bright_sky_than_in_fog() -> None:
    assert usual("silhouette", "Shadows") > usual("fog", "Shadows") + 20.0


def test_fog_gets_contrast_and_deeper_blacks() -> None:
    assert usual("fog", "Contrast") > usual("room", "Contrast") + 7.0
    assert usual("fog", "Blacks") < usual("room", "Blacks") - 7.0


def test_highlights_open_where_there_is_range_and_not_where_the_sensor_clipped() -> None:
    protected, blown = edit(photo("room", 0, -2.0)), edit(photo("day", 1, 3.0))
    assert protected["Highlights"] > 15.0
    assert blown["Highlights"] < 0.0


def test_pale_pictures_get_vibrance_and_no_picture_much_saturation() -> None:
    picture = photo("day")
    grey = np.repeat(luminance(picture)[..., None], 3, axis=2)
    assert edit(grey)["Vibrance"] > edit(picture)["Vibrance"]
    assert abs(edit(grey)["Saturation"]) < 6.0


@pytest.mark.parametrize("kind", KINDS)
def test_turning_or_mirroring_a_picture_changes_nothing(kind: str) -> None:
    picture = photo(kind)
    for other in (picture[::-1], picture[:, ::-1], picture.transpose(1, 0, 2)):
        np.testing.assert_allclose(label(np.ascontiguousarray(other)), label(picture), atol=1e-3)


def test_a_small_change_of_light_makes_a_small_change_of_the_edit() -> None:
    step = np.array([label(photo("room", 2, stops)) for stops in np.arange(-2.0, 2.0, 0.05)])
    assert (np.abs(np.diff(step, axis=0)).max(axis=0) < 0.05 * LIMITS).all()


@pytest.mark.parametrize("level", [0.0, 1e-5, 1.0])
def test_black_and_white_pictures_get_a_finite_edit_within_the_limits(level: float) -> None:
    values = label(np.full((8, 8, 3), level, dtype=np.float32))
    assert np.isfinite(values).all()
    assert (np.abs(values) <= LIMITS).all()


def test_inconsistency_has_the_size_that_is_published() -> None:
    rng, clean = np.random.default_rng(0), label(photo("day"))
    drawn = np.array([inconsistent(clean, rng) for _ in range(4000)])
    np.testing.assert_allclose(drawn.std(axis=0), NOISE, rtol=0.05)
    np.testing.assert_allclose(drawn.mean(axis=0), clean, atol=0.3)


def test_inconsistency_stays_within_the_limits() -> None:
    rng = np.random.default_rng(0)
    assert (np.abs([inconsistent(LIMITS, rng) for _ in range(50)]) <= LIMITS).all()
