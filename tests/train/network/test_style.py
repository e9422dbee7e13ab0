"""What is expected of photographers: a Gaussian process, as numpy computes one."""

import numpy as np
import torch
from numpy.typing import NDArray

from autohdr.style.experts.prior import Prior
from autohdr_train.network.style import COUNT, Style


def covariance(style: Style, slider: int, one: NDArray[np.float64], other: NDArray[np.float64]) -> NDArray[np.float64]:
    """The covariance of what a photographer means, pair by pair."""
    slope, bend = (log[slider].exp().numpy() for log in (style.log_slope, style.log_bend))
    curved, constant = (float(log[slider].exp()) for log in (style.log_curved, style.log_constant))
    pairs = [
        [np.sum(slope**2 * a * b) + curved * np.exp(-0.5 * np.sum((bend * (a - b)) ** 2)) + constant for b in other]
        for a in one
    ]
    return np.array(pairs)


def test_it_expects_what_a_dense_gaussian_process_does(style: Style) -> None:
    random = np.random.default_rng(0)
    seen, asked, labels = random.standard_normal((7, 6)), random.standard_normal((5, 6)), random.normal(0, 1, (3, 7, 8))
    mean, variance = style.expect(*(torch.from_numpy(numbers) for numbers in (seen, labels, asked)))
    assert (mean.shape, variance.shape) == ((3, 5, 8), (5, 8))
    for slider in range(COUNT):
        weight, bias = style.mean.weight[slider].numpy(), float(style.mean.bias[slider])
        noise = float(torch.exp(2.0 * style.log_noise[slider]))
        inverse = np.linalg.inv(covariance(style, slider, seen, seen) + noise * np.eye(7))
        across = covariance(style, slider, asked, seen)
        for photographer in range(3):
            residual = labels[photographer, :, slider] - seen @ weight - bias
            expected = asked @ weight + bias + across @ inverse @ residual
            np.testing.assert_allclose(mean[photographer, :, slider].numpy(), expected, atol=1e-9)
        left = np.diag(covariance(style, slider, asked, asked)) - np.einsum("mk,kl,ml->m", across, inverse, across)
        np.testing.assert_allclose(variance[:, slider].numpy(), left + noise, atol=1e-9)


def test_edits_by_a_photo_itself_leave_little_but_noise(style: Style) -> None:
    seen = torch.randn(4, 6, dtype=torch.float64)
    variance = style.expect(seen, torch.zeros(1, 4, 8, dtype=torch.float64), seen)[1]
    noise = torch.exp(2.0 * style.log_noise)
    assert (variance > noise).all()
    assert (variance < 2.0 * noise).all()
    far = style.expect(seen, torch.zeros(1, 4, 8, dtype=torch.float64), 5.0 + seen)[1]
    assert (far > variance).all()


def test_its_sizes_have_gradients_and_no_features_are_a_constant(style: Style) -> None:
    seen = torch.randn(4, 6, dtype=torch.float64)
    style.requires_grad_()
    mean, variance = style.expect(seen, torch.ones(1, 4, 8, dtype=torch.float64), seen + 1.0)
    (mean.sum() + variance.sum()).backward()  # type: ignore[no-untyped-call]
    for name, weight in style.named_parameters():
        assert weight.grad is not None, name
        assert (weight.grad != 0.0).any(), name
    constant = Style(0, 4).requires_grad_(False).expect(torch.zeros(3, 0), torch.ones(1, 3, 8), torch.zeros(2, 0))[0]
    torch.testing.assert_close(constant, constant[:, :1].expand(1, 2, 8))
    assert (constant > 0.9).all()


def test_it_is_what_styles_are_solved_with(style: Style) -> None:
    expected, seen = Prior.of(style.arrays()), np.random.default_rng(2).standard_normal((5, 10))
    learnt = torch.from_numpy(seen[:, :6])
    np.testing.assert_allclose(style.mean(learnt).numpy(), expected.mean(seen[:, :6]), atol=1e-9)
    np.testing.assert_allclose(style.covariance(learnt, learnt).numpy(), expected.covariances(seen, seen), atol=1e-9)
    np.testing.assert_allclose(style.prior(learnt).numpy(), expected.variances(seen), atol=1e-9)
    assert Style(0, 4).arrays() == {}
