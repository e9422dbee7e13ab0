"""Augmentations of light: exact where they say so, and no further than labels stay true."""

from typing import get_args

import numpy as np
import pytest
import torch
from torch import Tensor

from autohdr.raw.prepare import prepare_frame
from autohdr.sliders import LIMITS, to_scaled
from autohdr.spec import Encoding, InputSpec
from autohdr_scenes import Procedural, shots
from autohdr_scenes.rule import NOISE, measure, rule
from autohdr_train.network.light import Light
from autohdr_train.recipes import augment
from autohdr_train.recipes.augment.light import BLOWN, Defocus, Exposure, Noise

SPEC = InputSpec(size=64)


def generator(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def picture(size: int, darkest: float, brightest: float) -> Tensor:
    """Light (1, 3, S, S), evenly spread in stops from `darkest` to `brightest`."""
    light = torch.logspace(np.log2(darkest), np.log2(brightest), 3 * size * size, base=2.0)
    return light[torch.randperm(len(light), generator=generator(1))].reshape(1, 3, size, size)


def exposed(light: Tensor, labels: Tensor, spec: InputSpec) -> tuple[Tensor, Tensor, Tensor]:
    """Light before and after `exposure`, and the labels after, each as the network would be given them."""
    pixels = Light(spec).encode(light)
    changed, new = Exposure(spec)(pixels, labels, generator())
    return Light(spec)(pixels), Light(spec)(changed), new


def stops(labels: Tensor, new: Tensor) -> Tensor:
    """By how much (N,) the light was scaled, as the labels have it."""
    return (labels - new)[:, 0] * float(LIMITS[0])


@pytest.mark.parametrize("encoding", get_args(Encoding))
@pytest.mark.parametrize("size", [32, 224])
def test_exposure_scales_the_light_by_just_what_the_label_loses(encoding: Encoding, size: int) -> None:
    spec = InputSpec(size=size, encoding=encoding, mean=(0.3, 0.4, 0.5), std=(0.1, 0.2, 0.3))
    labels = torch.rand(8, 8, generator=generator(2)) - 0.5
    before, after, new = exposed(picture(size, 0.004, 0.3).repeat(8, 1, 1, 1), labels, spec)
    drawn = stops(labels, new)
    assert (after / before / 2.0 ** drawn[:, None, None, None] - 1.0).abs().max() < 1e-3
    assert torch.equal(new[:, 1:], labels[:, 1:])
    assert drawn.min() < -0.5
    assert drawn.max() > 0.5


def test_every_exposure_within_the_limits_is_equally_likely() -> None:
    labels = torch.zeros(2000, 8)
    pixels = Light(SPEC).encode(torch.full((2000, 3, 2, 2), 0.2))
    drawn = stops(labels, Exposure(SPEC)(pixels, labels, generator())[1])
    assert drawn.min() == pytest.approx(-1.5, abs=0.02)
    assert drawn.max() == pytest.approx(1.5, abs=0.02)
    assert drawn.mean() == pytest.approx(0.0, abs=0.08)
    assert drawn.std() == pytest.approx(3.0 / 12**0.5, abs=0.05)


def test_a_missing_exposure_stays_missing_while_the_light_changes() -> None:
    labels = torch.full((4, 8), torch.nan)
    labels[:, 3] = 0.25
    before, after, new = exposed(picture(32, 0.004, 0.3).repeat(4, 1, 1, 1), labels, SPEC)
    assert torch.isnan(new[:, 0]).all()
    assert (new[:, 3] == 0.25).all()
    ratio = (after / before).log2().flatten(1)
    assert ratio.mean(1).abs().min() > 0.01
    assert ratio.std(1).max() < 1e-3


@pytest.mark.parametrize("label", [-1.0, -0.9, 0.9, 1.0])
def test_the_label_stays_in_its_range_and_the_light_follows_it(label: float) -> None:
    labels = torch.full((64, 8), label)
    before, after, new = exposed(picture(16, 0.004, 0.2).repeat(64, 1, 1, 1), labels, SPEC)
    assert new[:, 0].abs().max() <= 1.0
    measured = (after / before).log2().mean((1, 2, 3))
    torch.testing.assert_close(measured, stops(labels, new), rtol=0, atol=1e-3)
    assert stops(labels, new).std() > 0.2  # what is left is still drawn from


def test_no_more_than_a_thousandth_clips_that_did_not() -> None:
    light = picture(64, 0.004, 0.9).repeat(64, 1, 1, 1)
    light[:, :, :2] = 1.0  # 128 of 4096 pixels, three in a hundred; four more may join, and one end just there
    light[:32, :, :2] = 0.1
    _, after, new = exposed(light, torch.zeros(64, 8), SPEC)
    drawn = stops(torch.zeros(64, 8), new)
    clipped = (after.amax(1) > 0.99999).flatten(1).sum(1)
    assert (clipped[:32] <= 5).all()
    assert ((clipped[32:] >= 128) & (clipped[32:] <= 133)).all()
    assert drawn[:32].min() < -0.5
    assert drawn[32:].min() >= 0.0  # what was clipped cannot be shown by less light


def test_light_beyond_saturation_is_kept_where_a_file_has_it() -> None:
    spec = InputSpec(size=32, encoding="pu21-pmax")
    light = picture(32, 0.01, 0.2)
    light[0, :, 0, 0] = 2.5  # one pixel in a thousand, in a file that asks to be brightened
    before, after, new = exposed(light.repeat(32, 1, 1, 1), torch.zeros(32, 8), spec)
    brighter = stops(torch.zeros(32, 8), new) > 0.3
    assert brighter.any()
    assert after[brighter].amax() == pytest.approx(float(before.amax()), rel=1e-3)
    assert (after[brighter][..., 1:, 1:] > before[brighter][..., 1:, 1:]).all()


def test_noise_has_the_variance_of_a_camera() -> None:
    light = torch.full((64, 3, 64, 64), 0.1)
    light[..., 32:] = 0.01
    noisy, _ = Noise(SPEC).change(light, torch.zeros(64, 8), generator())
    bright, dark = (noisy - light)[..., :32].var((1, 2, 3)), (noisy - light)[..., 32:].var((1, 2, 3))
    assert (noisy - light).mean().abs() < 1e-5
    # 6e6 / 64^2 photosites are averaged. At light L of N electrons at saturation: L / N + (4 / N)^2 each.
    for electrons, seen in ((625.0, bright.max()), (40000.0, bright.min())):
        assert seen * 6e6 / 64**2 == pytest.approx(0.1 / electrons + (4.0 / electrons) ** 2, rel=0.25)
    assert (bright > dark).all()


def test_defocus_loses_no_light() -> None:
    light = picture(64, 0.001, 1.0).repeat(8, 1, 1, 1)
    soft, _ = Defocus(SPEC).change(light, torch.zeros(8, 8), generator())
    assert (soft.mean((1, 2, 3)) / light.mean() - 1.0).abs().max() < 5e-3
    assert (soft.std((1, 2, 3)) < light.std()).any()


@pytest.mark.parametrize("name", ["white-balance", "camera"])
def test_other_colours_are_other_by_a_little_and_clipped_white_stays(name: str) -> None:
    spec = InputSpec(size=64, encoding="pu21-pmax")
    light = picture(64, 0.01, 0.5).repeat(16, 1, 1, 1)
    light[:, :, :4] = 1.0
    before = Light(spec).encode(light)
    changed = Light(spec)(augment.build([name], spec)(before, torch.zeros(16, 8), generator())[0])
    assert (changed[:, :, :4] - 1.0).abs().max() < 1e-3
    luminance = torch.tensor([0.2126, 0.7152, 0.0722]).reshape(1, 3, 1, 1)
    shift = ((changed * luminance).sum((1, 2, 3)) / (light * luminance).sum((1, 2, 3))).log2()
    assert shift.abs().max() < 0.1
    assert ((changed - light).abs().mean((1, 2, 3)) > 1e-4).all()


def test_a_camera_leaves_greys_alone() -> None:
    grey = picture(64, 0.01, 0.5)[:, :1].repeat(4, 3, 1, 1)
    changed, _ = augment.build(["camera"], SPEC)(Light(SPEC).encode(grey), torch.zeros(4, 8), generator())
    torch.testing.assert_close(Light(SPEC)(changed), grey, rtol=1e-3, atol=1e-5)


@pytest.fixture(scope="module")
def simulated() -> tuple[InputSpec, Tensor]:
    """Prepared photos of simulated scenes, a part of them with clipped light."""
    spec = InputSpec(size=96, encoding="pu21-pmax")
    frames = [shot.frame for shot in shots(Procedural(), 24, seed=1, size=(192, 288))]
    return spec, torch.from_numpy(np.stack([prepare_frame(frame, spec) for frame in frames]))


def edits(pixels: Tensor, spec: InputSpec) -> np.ndarray:
    """What the simulated photographer's rule sets (N, 8) when it is shown these inputs, in Lightroom's units."""
    pictures = Light(spec)(pixels).clamp(min=0.0).permute(0, 2, 3, 1).contiguous().numpy()
    return np.stack([rule(measure(shown)) for shown in pictures])


@pytest.mark.parametrize("name", ["exposure", "noise", "white-balance", "camera", "defocus"])
def test_a_photographer_shown_the_changed_photo_sets_the_changed_label(
    simulated: tuple[InputSpec, Tensor], name: str
) -> None:
    """On average within a third of how consistent the photographer is."""
    spec, pixels = simulated
    assert ((Light(spec)(pixels) >= BLOWN).float().mean((1, 2, 3)) > 0.01).any()
    labels = torch.from_numpy(to_scaled(edits(pixels, spec)).astype(np.float32))
    changed, new = augment.build([name], spec)(pixels, labels, generator())
    off = np.abs(edits(changed, spec) - new.numpy() * LIMITS) / NOISE
    assert off.mean(axis=0).max() < 0.34, off.mean(axis=0).round(2)
