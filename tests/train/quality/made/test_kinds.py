"""The twenty-five distortions."""

import numpy as np
import pytest

from autohdr.quality.display import HDR, SDR, Domain
from autohdr_train.quality.made.curves import LUMA, Array, codes_of, light_of, luminance
from autohdr_train.quality.made.delta_e import pooled
from autohdr_train.quality.made.distort import detail, noise, tone
from autohdr_train.quality.made.files import stored
from autohdr_train.quality.made.kinds import KINDS, distorted


@pytest.fixture(scope="module")
def picture() -> Array:
    """Codes (64, 64, 3) with edges, a ramp and colours, by SDR's scale."""
    rng = np.random.default_rng(0)
    blocks = rng.uniform(0.15, 0.85, (13, 13, 3)).repeat(5, 0).repeat(5, 1)[:64, :64]
    return 0.7 * blocks + 0.3 * np.linspace(0, 1, 64)[:, None, None]


def of(picture: Array, domain: Domain) -> Array:
    """The picture in the codes of a domain; HDR is ten times as bright."""
    return picture if domain == "sdr" else codes_of(10 * light_of(picture, "sdr"), "hdr")


def rng() -> np.random.Generator:
    return np.random.default_rng(5)


def test_there_are_twenty_five() -> None:
    assert len(KINDS) == 25
    assert all(kind.distort.__doc__ for kind in KINDS.values())


@pytest.mark.parametrize("domain", ["sdr", "hdr"])
@pytest.mark.parametrize("kind", sorted(KINDS))
def test_each_level_is_further_from_the_reference_and_the_same_every_time(
    picture: Array, kind: str, domain: Domain
) -> None:
    pytest.importorskip("imagecodecs", reason="the extra pictures is not installed")
    codes = of(picture, domain)
    found = [distorted(codes, kind, level, domain, rng()) for level in (1, 2, 3, 4, 5)]
    np.testing.assert_array_equal(found[0], distorted(codes, kind, 1, domain, rng()))
    errors = [float(np.sqrt(np.mean((one - codes) ** 2))) for one in found]
    assert all(one.shape == codes.shape and one.min() >= 0 and one.max() <= 1 for one in found)
    assert 0 < errors[0] < errors[4]
    assert errors == sorted(errors)


def test_noise_has_the_strength_that_its_level_says(picture: Array) -> None:
    flat = np.full((200, 200, 3), 0.5)
    np.testing.assert_allclose((noise.white_noise(flat, 0.05, "sdr", rng()) - flat).std(), 0.05, rtol=0.02)
    coloured = noise.colour_noise(flat, 0.05, "sdr", rng())
    np.testing.assert_allclose(coloured @ LUMA, 0.5, atol=1e-9)
    np.testing.assert_allclose(((coloured[..., 2] - coloured @ LUMA) / 1.8556).std(), 0.05, rtol=0.02)
    light = light_of(noise.shot_noise(flat, 100, "sdr", rng()), "sdr")
    photons = light / 100 * 100
    np.testing.assert_allclose(photons.var(), photons.mean(), rtol=0.05)
    struck = (noise.impulses(flat, 0.1, "hdr", rng()) != flat).any(axis=-1)
    np.testing.assert_allclose(struck.mean(), 0.1, rtol=0.1)


def test_optics_keep_the_light_of_a_picture(picture: Array) -> None:
    flat = np.full((32, 32, 3), 0.4)
    for blur, level in ((detail.gaussian_blur, 2.0), (detail.lens_blur, 3.0), (detail.motion_blur, 5.0)):
        np.testing.assert_allclose(blur(flat, level, "hdr", rng()), flat, atol=1e-6)


def test_exposure_is_counted_in_stops() -> None:
    codes = np.full((4, 4, 3), 0.4)
    ratio = light_of(tone.exposed(codes, 0.5, "hdr", rng()), "hdr") / light_of(codes, "hdr")
    np.testing.assert_allclose(ratio, 2**0.5, rtol=1e-6)


def test_a_cast_keeps_mean_luminance(picture: Array) -> None:
    turned = tone.cast(0.5 * picture, 0.7, "sdr", rng())
    before, after = (luminance(light_of(codes, "sdr")).mean() for codes in (0.5 * picture, turned))
    np.testing.assert_allclose(after, before, rtol=1e-3)


def test_no_saturation_is_grey_and_as_bright(picture: Array) -> None:
    grey = tone.saturated(picture, 0.0, "sdr", rng())
    np.testing.assert_allclose(grey, np.repeat((picture @ LUMA)[..., None], 3, axis=-1))


def test_banding_leaves_so_many_codes(picture: Array) -> None:
    assert len(np.unique(detail.banding(picture, 6, "sdr", rng()))) <= 6


def test_what_is_stored_is_what_was_asked_for_to_the_precision_of_the_file(picture: Array) -> None:
    assert abs(stored(picture, "sdr") / 255 - picture).max() <= 0.5 / 255 + 1e-9
    codes = of(picture, "hdr")
    np.testing.assert_allclose(stored(codes, "hdr").astype(np.float64), light_of(codes, "hdr"), rtol=1e-3)


def test_delta_e_itp_sees_a_shift_and_hardly_noise(picture: Array) -> None:
    light = SDR.luminance(picture)
    assert pooled(light, light) == 0
    shift = pooled(light, SDR.luminance(tone.exposed(picture, -0.5, "sdr", rng())))
    assert shift > 5 * pooled(light, SDR.luminance(np.clip(noise.white_noise(picture, 0.05, "sdr", rng()), 0, 1)))
    assert pooled(HDR.shown(light), HDR.shown(light[::-1])) > 1
