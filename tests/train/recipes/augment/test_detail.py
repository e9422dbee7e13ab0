"""Augmentations that take something away."""

import pytest
import torch

from autohdr_train.recipes.augment.detail import KEPT, blur, gridmask


def generator(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def masks(count: int, size: int) -> torch.Tensor:
    """Which pixels (N, S, S) GridMask keeps."""
    pixels = torch.ones(count, 3, size, 1).expand(-1, -1, -1, size)
    masked, _ = gridmask(pixels, torch.zeros(count, 8), generator())
    assert torch.equal(masked, masked[:, :1].expand_as(masked))  # all colours alike
    assert torch.equal(masked, masked.round())
    return masked[:, 0].bool()


def test_gridmask_keeps_what_the_paper_says() -> None:
    kept = masks(100, 224).float().mean((1, 2))
    assert kept.mean() == pytest.approx(1 - (1 - KEPT) ** 2, abs=0.006)


def test_gridmask_is_a_whole_grid_from_border_to_border() -> None:
    """A unit that the left or upper border cuts is masked as those in the middle are."""
    cut = 0
    for kept in masks(60, 224):
        rows, columns = ~kept.all(1), ~kept.all(0)
        assert torch.equal(~kept, rows[:, None] & columns[None])
        for removed in (rows, columns):
            edges = torch.nonzero(torch.diff(removed.int()) == 1)[:, 0] + 1  # where squares begin
            period = int(edges[1] - edges[0])
            assert 30 <= period <= 70
            gap = period - round(KEPT * period)
            begins = int(edges[0]) - period  # of the unit that the border cuts, if any
            expected = torch.zeros(224, dtype=torch.bool)
            for start in range(begins, 224, period):
                expected[max(0, start) : max(0, start + gap)] = True
            assert torch.equal(removed, expected)
            cut += bool(removed[0])
    assert 0.25 < cut / 120 < 0.55  # squares reach the border as often as they cover a line: 0.4


def test_gridmask_is_as_coarse_on_small_pictures() -> None:
    kept = masks(400, 32).float()
    assert kept.mean() == pytest.approx(1 - (1 - KEPT) ** 2, abs=0.02)
    squares = (torch.diff((~kept.bool().all(1)).int(), dim=1) == 1).sum(1)
    assert squares.min() >= 2
    assert squares.max() <= 8


@pytest.mark.parametrize("size", [32, 224])
def test_a_blur_keeps_the_mean_and_takes_detail_from_each_photo_differently(size: int) -> None:
    pixels = torch.rand(1, 3, size, size, generator=generator(1)).expand(16, 3, size, size).contiguous()
    blurred, _ = blur(pixels, torch.zeros(16, 8), generator())
    assert (blurred.mean((1, 2, 3)) - pixels.mean()).abs().max() < 0.01
    detail = blurred.std((1, 2, 3))
    assert len(set(detail.tolist())) > 10
    assert detail.max() < pixels.std() + 1e-3
    assert detail.min() < 0.6 * pixels.std()
