"""Plain algebra, which a network has to beat: the mean label, ridge regression and a Gaussian process, in closed form.

Each takes statistics (n, D) of the photos with labels, scaled labels (n, 8), NaN where missing, and statistics (M, D)
of the photos to predict, and returns scaled sliders (M, 8). A slider without any label is predicted as 0, where
Lightroom leaves it; one with fewer than three, as its labels' mean.
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Regression = Callable[[Array, Array, Array], Array]
"""Statistics (n, D), centred targets (n, K) of the same photos, statistics (M, D), to predictions (M, K)."""

SPREAD = 0.1
"""Least deviation that a statistic is standardised with: one that hardly moves over the photos with labels would
otherwise throw others far out."""
STRENGTHS = np.logspace(0.5, 4, 29)
"""Strengths of the ridge penalty that are tried, on standardised statistics. Weaker ones win now and then by chance:
with ones down to 0.001, R2 of twenty edits of `scenes.rule` was 0.07 rather than 0.59, mean of eight draws (November
2026)."""
LINEAR_SHARES = (0.05, 0.2, 0.4, 0.6, 0.8, 0.95)
"""Weights of the linear kernel that are tried, in its sum with the RBF kernel."""
LENGTHS = (0.5, 1.0, 2.0, 4.0)
"""Lengths of the RBF kernel that are tried, in units of the root mean square distance between photos."""
NOISES = np.logspace(-1.3, 0.5, 19)
"""Variance of the noise, in units of the kernel's."""


def mean(statistics: Array, labels: Array, others: Array) -> Array:
    """Every photo gets the mean of the labels."""
    return _each_slider(statistics, labels, others, lambda _, targets, more: np.zeros((len(more), targets.shape[1])))


def ridge(statistics: Array, labels: Array, others: Array) -> Array:
    """Ridge regression, each slider with the strength that leaves the smallest leave-one-out error."""
    return _each_slider(statistics, labels, others, _ridge)


def gaussian_process(statistics: Array, labels: Array, others: Array) -> Array:
    """A Gaussian process with a linear plus an RBF kernel; each slider's hyperparameters maximise its marginal
    likelihood (Rasmussen and Williams, Gaussian Processes for Machine Learning, 2006, eq. 5.8), on a grid, with the
    kernel's scale in closed form."""
    return _each_slider(statistics, labels, others, _gaussian_process)


def _each_slider(statistics: Array, labels: Array, others: Array, regression: Regression) -> Array:
    """Sliders that the same photos have are regressed together, on standardised statistics and centred labels."""
    predicted = np.zeros((len(others), labels.shape[1]))
    known = np.isfinite(labels)
    for pattern in np.unique(known, axis=1).T:
        columns = np.flatnonzero((known == pattern[:, None]).all(axis=0))
        if not pattern.any():
            continue
        rows, targets = statistics[pattern], labels[np.ix_(pattern, columns)]
        centre, spread = rows.mean(axis=0), np.maximum(rows.std(axis=0), SPREAD)
        average = targets.mean(axis=0)
        predicted[:, columns] = average
        if len(rows) >= 3:
            predicted[:, columns] += regression((rows - centre) / spread, targets - average, (others - centre) / spread)
    return predicted


def _ridge(rows: Array, targets: Array, others: Array) -> Array:
    left, singular, right = np.linalg.svd(rows, full_matrices=False)
    shrunk = singular**2 / (singular**2 + STRENGTHS[:, None])  # (strengths, r)
    fitted = np.einsum("nr,sr,rk->snk", left, shrunk, left.T @ targets)
    # 1/n: the mean was learnt from the same photos.
    leverage = 1.0 / len(rows) + np.einsum("nr,sr->sn", left**2, shrunk)
    left_out = (targets - fitted) / np.maximum(1.0 - leverage, 1e-6)[..., None]
    best = STRENGTHS[(left_out**2).mean(axis=1).argmin(axis=0)]  # (K,)
    weights = right.T @ ((singular[:, None] / (singular[:, None] ** 2 + best)) * (left.T @ targets))
    return others @ weights


def _gaussian_process(rows: Array, targets: Array, others: Array) -> Array:
    count = len(rows)
    distances, across = _distances(rows, rows), _distances(others, rows)
    unit = np.maximum(distances[np.triu_indices(count, 1)].mean(), 1e-12)
    linear, linear_across = rows @ rows.T / rows.shape[1], others @ rows.T / rows.shape[1]
    best, predicted = np.full(targets.shape[1], -np.inf), np.zeros((len(others), targets.shape[1]))
    for share in LINEAR_SHARES:
        for length in LENGTHS:
            kernel = share * linear + (1 - share) * np.exp(-0.5 * distances / (unit * length**2))
            values, vectors = np.linalg.eigh(kernel)
            turned = vectors.T @ targets  # (n, K)
            spectrum = np.maximum(values, 0.0)[:, None] + NOISES  # (n, noises)
            scale = np.maximum((turned**2).T @ (1.0 / spectrum) / count, 1e-18)  # (K, noises)
            evidence = -0.5 * (count * np.log(scale) + np.log(spectrum).sum(axis=0))
            chosen = evidence.argmax(axis=1)
            reached = evidence[np.arange(len(chosen)), chosen]
            better = reached > best
            weights = vectors @ (turned / spectrum[:, chosen])
            mixed = share * linear_across + (1 - share) * np.exp(-0.5 * across / (unit * length**2))
            predicted[:, better] = (mixed @ weights)[:, better]
            best = np.maximum(best, reached)
    return predicted


def _distances(one: Array, other: Array) -> Array:
    """Squared distances (N, M) between rows."""
    squares = (one**2).sum(axis=1)[:, None] + (other**2).sum(axis=1)
    return np.maximum(squares - 2.0 * one @ other.T, 0.0)
