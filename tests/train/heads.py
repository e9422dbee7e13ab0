"""Pictures for small networks with features."""

import torch
from torch import Tensor

from autohdr.spec import InputSpec
from autohdr_train.network.light import Light

SPEC = InputSpec(size=32, encoding="pu21-pmax", mean=(0.26, 0.26, 0.26), std=(0.12, 0.12, 0.12))


def pictures() -> Tensor:
    """Pixels (12, 3, 32, 32) of coloured pictures over four stops."""
    random = torch.Generator().manual_seed(0)
    stops = -6.0 + 4.0 * torch.rand(12, 1, 1, 1, generator=random) + torch.randn(12, 3, 1, 1, generator=random) / 2
    return Light(SPEC).encode(2.0 ** (stops + torch.randn(12, 3, 32, 32, generator=random) / 2))
