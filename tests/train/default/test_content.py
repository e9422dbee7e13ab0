"""Content: numbers that know where things are, and not how bright a photo was taken."""

import torch
from torch import Tensor
from torch.nn import functional

from autohdr_train.default.content import content

GRID = 16
"""Numbers of each of three grids."""


def picture(seed: int = 0) -> Tensor:
    random = torch.Generator().manual_seed(seed)
    coarse = functional.interpolate(torch.randn(2, 3, 6, 6, generator=random), size=74, mode="bilinear")
    return 2.0 ** (-4.0 + coarse)


def test_scaled_light_is_the_same_content_and_another_picture_is_not() -> None:
    found = content(picture())
    torch.testing.assert_close(content(2.0 * picture()), found, atol=0.02, rtol=0.0)
    assert (content(picture(1)) - found).abs().max() > 0.5


def test_the_same_picture_gives_the_same_numbers_whatever_was_random_before() -> None:
    first = content(picture())
    torch.manual_seed(99)
    before = torch.get_rng_state()
    assert torch.equal(content(picture()), first)
    assert torch.equal(before, torch.get_rng_state())


def test_grids_and_places_say_where_light_is() -> None:
    dark = torch.full((1, 3, 64, 64), 2.0**-7)
    dark[:, :, 48:, :16] = 2.0**-2
    found = content(dark)[0]
    assert int(found[:GRID].argmax()) == 12  # the last row's first cell
    distance, height, _ = found[3 * GRID : 3 * GRID + 3]
    assert distance > 0.5
    assert height > 0.5


def test_a_mirrored_picture_is_told_from_none_but_by_the_grids() -> None:
    light = picture()
    even = 0.5 * (light + light.flip(3))
    mirrored = 3 * GRID + 9 + 4
    assert (content(even)[:, mirrored] < 1e-6).all()
    assert (content(light)[:, mirrored] > 0.1).all()


def test_black_and_flat_pictures_are_finite() -> None:
    for value in (0.0, 0.2, 1.0, 100.0):
        assert torch.isfinite(content(torch.full((1, 3, 74, 74), value))).all()
