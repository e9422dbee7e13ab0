"""Draws the natural cubic spline through points: a curve that is smooth, and straight at both ends.

Textbook form (de Boor, A Practical Guide to Splines, 1978, chapter IV): second derivatives at the knots from a
tridiagonal system, zero at the first and the last.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray


def natural(knots: ArrayLike, values: ArrayLike, at: ArrayLike) -> NDArray[np.float64]:
    """Returns the spline's values (any shape) at `at`; outside of the knots it holds the first and the last value.

    Args:
        knots: (N,), strictly rising, at least two.
        values: (N,) at the knots.
        at: where to read it, any shape.
    """
    x, y = np.asarray(knots, np.float64), np.asarray(values, np.float64)
    if x.size < 2 or x.shape != y.shape or not (np.isfinite(y).all() and (np.diff(x) > 0).all()):
        raise ValueError(
            f"a spline has knots {x.tolist()} and {y.size} values; expected as many finite ones, rising, at least two"
        )
    step, curvature = np.diff(x), _curvatures(x, y)
    where = np.clip(np.asarray(at, np.float64), x[0], x[-1])
    i = np.clip(np.searchsorted(x, where, side="right") - 1, 0, x.size - 2)
    b = (where - x[i]) / step[i]
    a = 1 - b
    bend = a * (a * a - 1) * curvature[i] + b * (b * b - 1) * curvature[i + 1]
    out: NDArray[np.float64] = a * y[i] + b * y[i + 1] + bend * step[i] ** 2 / 6
    return out


def _curvatures(x: NDArray[np.float64], y: NDArray[np.float64]) -> NDArray[np.float64]:
    """Second derivatives (N,) at the knots."""
    step, slope = np.diff(x), np.diff(y) / np.diff(x)
    inner = x.size - 2
    system = np.diag((step[:-1] + step[1:]) / 3)
    if inner > 1:
        system += np.diag(step[1:-1] / 6, 1) + np.diag(step[1:-1] / 6, -1)
    return np.concatenate([[0.0], np.linalg.solve(system, np.diff(slope)) if inner else [], [0.0]])
