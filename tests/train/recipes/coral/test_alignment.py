"""CORAL against plain numpy, and what keeping earlier batches does."""

from typing import get_args

import numpy as np
import pytest
import torch

from autohdr.errors import SettingsError
from autohdr_train.recipes.coral.alignment import DISTANCES, Alignment, Form, covariance


@pytest.fixture
def domains() -> tuple[torch.Tensor, torch.Tensor]:
    """Features (40, 6) of two domains that differ in mean, scale and correlation."""
    random = np.random.default_rng(0)
    source, target = random.normal(size=(2, 40, 6))
    target = 3.0 + target @ random.normal(size=(6, 6))
    return torch.from_numpy(source), torch.from_numpy(target)


def by_numpy(form: Form, source: np.ndarray, target: np.ndarray) -> float:
    """The formulas, written down a second time."""
    d = source.shape[1]
    if form == "mean":
        return float(np.mean((source.mean(axis=0) - target.mean(axis=0)) ** 2))
    if form == "coral":
        difference = np.cov(source, rowvar=False) - np.cov(target, rowvar=False)
        return float(np.linalg.norm(difference) ** 2 / (4 * d**2))
    ends = [(x - x.min()) / (x.max() - x.min()) for x in (source, target)]
    first, second = (np.cov(x, rowvar=False) * (len(x) - 1) for x in ends)
    return float(np.linalg.norm(first - second) / d)


@pytest.mark.parametrize("form", get_args(Form))
def test_each_form_is_its_formula(form: Form, domains: tuple[torch.Tensor, torch.Tensor]) -> None:
    distance = Alignment(form, 6, decay=0.0)(*domains)
    np.testing.assert_allclose(distance.item(), by_numpy(form, *(x.numpy() for x in domains)), rtol=1e-12)


@pytest.mark.parametrize("form", get_args(Form))
def test_two_equal_domains_are_at_no_distance_and_pull_nowhere(form: Form) -> None:
    features = torch.randn(10, 6, generator=torch.Generator().manual_seed(0)).requires_grad_()
    distance = Alignment(form, 6)(features, features.detach().clone())
    distance.backward()
    assert distance.item() == 0.0
    assert features.grad is not None
    assert not features.grad.any()


def test_coral_is_blind_to_the_means_and_the_control_to_all_else(domains: tuple[torch.Tensor, torch.Tensor]) -> None:
    source, _ = domains
    moved, wider = source + 5.0, source.mean(dim=0) + 2.0 * (source - source.mean(dim=0))
    assert Alignment("coral", 6)(source, moved).item() < 1e-20
    assert Alignment("mean", 6)(source, wider).item() < 1e-20
    assert Alignment("coral", 6)(source, wider).item() > 0.01
    assert Alignment("mean", 6)(source, moved).item() == pytest.approx(25.0)


def test_features_that_are_all_equal_are_no_nan() -> None:
    for form in get_args(Form):
        same = torch.ones(4, 3, requires_grad=True)
        distance = Alignment(form, 3)(same, torch.zeros(4, 3))
        distance.backward()
        assert torch.isfinite(distance)
        assert same.grad is not None
        assert torch.isfinite(same.grad).all()


def test_the_projection_is_orthonormal_repeatable_and_not_learnt() -> None:
    one, again, other = (Alignment("coral", 192, width=64, seed=seed) for seed in (1, 1, 2))
    torch.testing.assert_close(one.projection.T @ one.projection, torch.eye(64), atol=1e-5, rtol=0)
    assert torch.equal(one.projection, again.projection)
    assert not torch.equal(one.projection, other.projection)
    assert not list(one.parameters())
    assert not one.state_dict()
    assert torch.equal(Alignment("coral", 64, width=64).projection, torch.eye(64))


def test_earlier_batches_make_small_ones_tell_more() -> None:
    """Two domains without any difference: what batches of eight seem to differ by is chance."""
    random = torch.Generator().manual_seed(0)
    batches = torch.randn(60, 2, 8, 16, generator=random)
    alone, kept = Alignment("coral", 16, decay=0.0), Alignment("coral", 16, decay=0.9)
    seen = [(alone(*pair).item(), kept(*pair).item()) for pair in batches]
    single, running = np.mean(seen[30:], axis=0)
    assert running < single / 5


def test_the_first_batches_count_alike(domains: tuple[torch.Tensor, torch.Tensor]) -> None:
    source, target = domains
    kept = Alignment("coral", 6, decay=0.99)
    for part in range(4):
        distance = kept(source[10 * part : 10 * part + 10], target)
    mean = torch.stack([covariance(source[10 * part : 10 * part + 10]) for part in range(4)]).mean(dim=0)
    assert distance.item() == pytest.approx(DISTANCES["coral"].compare(mean, covariance(target)).item())


def test_gradients_go_through_the_current_batch_as_strongly_whatever_is_kept(
    domains: tuple[torch.Tensor, torch.Tensor],
) -> None:
    gradients = []
    for decay in (0.0, 0.9):
        alignment = Alignment("coral", 6, decay=decay)
        alignment(*domains)
        source = domains[0].clone().requires_grad_()
        alignment(source, domains[1]).backward()
        gradients.append(source.grad)
    torch.testing.assert_close(gradients[0], gradients[1])
    assert gradients[0] is not None
    assert gradients[0].any()


@pytest.mark.parametrize("wrong", [{"form": "cov"}, {"width": 0}, {"decay": 1.0}, {"decay": -0.1}])
def test_an_impossible_setting_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(SettingsError, match="expected"):
        Alignment(**{"form": "coral", "features": 8, **wrong})  # type: ignore[arg-type]
