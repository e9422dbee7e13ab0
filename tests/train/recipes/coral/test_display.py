"""A photo on an SDR display, in absolute luminance."""

import dataclasses
import math
from pathlib import Path

import numpy as np
import pytest
import torch

from autohdr import pu21
from autohdr.encoding import encode
from autohdr.errors import SettingsError
from autohdr.raw.prepare import prepare
from autohdr.spec import InputSpec
from autohdr_train.network.light import Light
from autohdr_train.recipes.coral.display import Display, Shown

SPEC = InputSpec(size=16, encoding="pu21-pmax", mean=(0.2, 0.3, 0.4), std=(0.1, 0.2, 0.3))
GLARE = 0.005 * 100 / math.pi


def luminance_of(pixels: torch.Tensor, spec: InputSpec) -> np.ndarray:
    """What reaches the eye, cd/m2, (N, S, S, 3)."""
    luminance: torch.Tensor = Light(spec)(pixels) * spec.saturation_luminance
    return luminance.permute(0, 2, 3, 1).numpy()


def photo(linear: np.ndarray, spec: InputSpec) -> torch.Tensor:
    return torch.from_numpy(encode(linear, spec))[None]


def test_the_display_model_has_its_ends_and_its_gamma() -> None:
    shown = Display().luminance(torch.tensor([-1.0, 0.0, 0.5, 1.0, 3.0], dtype=torch.float64))
    expected = [0.1 + GLARE, 0.1 + GLARE, 99.9 * 0.5**2.2 + 0.1 + GLARE, 100 + GLARE, 100 + GLARE]
    np.testing.assert_allclose(shown.numpy(), expected, rtol=1e-12)
    in_the_dark = Display(peak=200, contrast=100, ambient=0).luminance(torch.tensor([0.0, 1.0]))
    np.testing.assert_allclose(in_the_dark.numpy(), [2.0, 200.0])


def test_diffuse_white_is_display_white_and_what_is_brighter_is_lost() -> None:
    white = 2.0**-SPEC.saturation_stops
    linear = np.full((16, 16, 3), 0.18 * white)
    linear[:4], linear[4:8], linear[8:12] = white, 1.0, 0.0
    shown = luminance_of(Shown(SPEC)(photo(linear, SPEC)), SPEC)[0, ::4, 0, 0]
    grey = 99.9 * (1.055 * 0.18 ** (1 / 2.4) - 0.055) ** 2.2 + 0.1 + GLARE
    np.testing.assert_allclose(shown, [100 + GLARE, 100 + GLARE, 0.1 + GLARE, grey], rtol=1e-3)


@pytest.mark.parametrize("encoding", ["pu21-pmax", "pu21-255", "pu21-255-peaks"])
def test_both_inputs_of_a_photo_are_in_the_same_encoding(encoding: str) -> None:
    spec = dataclasses.replace(SPEC, encoding=encoding)  # type: ignore[arg-type]
    display = Display(contrast=1e9, ambient=0.0)
    half = 2.0 ** (-spec.saturation_stops - 1)  # 0.5 of display white
    light = 100.0 * (1.055 * 0.5 ** (1 / 2.4) - 0.055) ** 2.2
    shown = Shown(spec, display)(photo(np.full((16, 16, 3), half), spec))
    direct = photo(np.full((16, 16, 3), light / spec.saturation_luminance), spec)
    torch.testing.assert_close(shown, direct, rtol=0, atol=1e-3)


def test_a_preview_is_shown_as_it_is() -> None:
    spec = dataclasses.replace(SPEC, source="preview")
    shown = luminance_of(Shown(spec)(photo(np.ones((16, 16, 3)), spec)), spec)
    np.testing.assert_allclose(shown, 100 + GLARE, rtol=1e-3)
    dim = luminance_of(Shown(spec)(photo(np.full((16, 16, 3), 2.0**-0.5), spec)), spec)
    assert dim.max() < 80


@pytest.mark.parametrize("number", [1, 2, 3])
def test_the_rendering_is_about_the_cameras_own_picture(number: int, shared_raws: Path) -> None:
    """Three exposures of one scene. A camera's tone curve is not ours, but its white and its mid-tones are near."""
    path = shared_raws / f"nikon_d5000_hdrmerge_sample{number}.dng"
    previews = dataclasses.replace(SPEC, source="preview")
    ours, theirs = (
        np.log2(luminance_of(Shown(spec)(torch.from_numpy(prepare(path, spec))[None]), spec))
        for spec in (SPEC, previews)
    )
    assert np.median(ours) == pytest.approx(np.median(theirs), abs=0.5)
    assert np.corrcoef(ours.ravel(), theirs.ravel())[0, 1] > 0.9


def test_an_encoding_without_luminance_is_refused() -> None:
    with pytest.raises(SettingsError, match="use a pu21 encoding"):
        Shown(InputSpec(encoding="srgb"))


def test_a_photo_on_a_display_spans_fewer_units_than_its_light() -> None:
    """What alignment is for: the two inputs of one photo are not alike."""
    linear = 2.0 ** np.random.default_rng(0).uniform(-12, 0, (16, 16, 3))
    pixels = photo(linear, SPEC)
    units = [pu21.encode(luminance_of(inputs, SPEC)) for inputs in (pixels, Shown(SPEC)(pixels))]
    assert np.ptp(units[1]) < 0.85 * np.ptp(units[0])
