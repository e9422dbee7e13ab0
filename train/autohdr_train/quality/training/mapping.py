"""Brings a measure's own numbers to the unit of scores, as is usual before PLCC and RMSE: by a logistic curve.

Four parameters as in VQEG's "Final Report from the Video Quality Experts Group on the Validation of Objective Models of
Video Quality Assessment, Phase II", 2003; fitted on what the measure may know, never on what it is scored on.
"""

from collections.abc import Callable

import numpy as np
import torch
from numpy.typing import NDArray

Array = NDArray[np.float64]


def logistic(values: Array, scores: Array) -> Callable[[Array], Array]:
    """The curve that brings values (M,) nearest to scores (M,) in the mean square; it keeps their order or reverses it.

    Infinite values, as the PSNR of equal pictures, count as the nearest finite one.
    """
    low, high = _ends(values)
    centre, spread = float(np.mean(np.clip(values, low, high))), float(np.std(np.clip(values, low, high))) or 1.0

    def standard(raw: Array) -> torch.Tensor:
        return torch.from_numpy((np.clip(raw, low, high) - centre) / spread)

    def curve(x: torch.Tensor, p: torch.Tensor) -> torch.Tensor:
        return p[0] + p[1] * torch.sigmoid(p[2] * (x - p[3]))

    x, y = standard(values), torch.from_numpy(np.asarray(scores, np.float64))
    sign = 1.0 if float(((x - x.mean()) * (y - y.mean())).sum()) >= 0 else -1.0
    start = [y.min().item(), (y.max() - y.min()).item(), sign, 0.0]
    found = torch.tensor(start, dtype=torch.float64, requires_grad=True)
    optimiser = torch.optim.LBFGS([found], max_iter=200, line_search_fn="strong_wolfe")

    def error() -> torch.Tensor:
        optimiser.zero_grad()
        loss = (curve(x, found) - y).square().mean()
        loss.backward()  # type: ignore[no-untyped-call]
        return loss

    optimiser.step(error)  # type: ignore[no-untyped-call]
    fixed = found.detach()
    return lambda raw: curve(standard(raw), fixed).numpy()


def _ends(values: Array) -> tuple[float, float]:
    finite = values[np.isfinite(values)]
    return (float(finite.min()), float(finite.max())) if len(finite) else (0.0, 0.0)
