"""The network in PyTorch, as people would use it: eager and compiled, on the processor or a GPU, in what precision."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from autohdr.model import Precision
from autohdr_train.model import SliderNet

Answer = Callable[[NDArray[np.float32]], NDArray[np.float32]]
"""Pixels (N, 3, S, S) to sliders (N, 8), both in ordinary memory: what a device is given and gives back counts."""


@dataclass(frozen=True, slots=True)
class InTorch:
    """One way to run it."""

    network: Callable[[Tensor], Tensor]
    device: str
    kind: torch.dtype

    @torch.inference_mode()
    def __call__(self, pixels: NDArray[np.float32]) -> NDArray[np.float32]:
        """See `Answer`. Reading the result waits for the device."""
        with torch.autocast(self.device, self.kind, enabled=self.kind is not torch.float32):
            answer = self.network(torch.from_numpy(pixels).to(self.device))
        found: NDArray[np.float32] = answer.float().cpu().numpy()
        return found


def ways(network: SliderNet, *, compiled: bool) -> dict[str, tuple[Answer, Precision]]:
    """By name: how to run it here, and the precision that its answers are held to."""
    device = "cuda" if torch.cuda.is_available() else "cpu"
    short: tuple[torch.dtype, Precision] = (
        (torch.float16, "float16") if device == "cuda" else (torch.bfloat16, "bfloat16")
    )
    held = network.eval().to(device)
    found: dict[str, tuple[Answer, Precision]] = {}
    both: tuple[tuple[torch.dtype, Precision], ...] = ((torch.float32, "float32"), short)
    for kind, precision in both:
        told = "" if precision == "float32" else f" {precision}"
        found[f"PyTorch{told}"] = InTorch(held, device, kind), precision
        if compiled:
            found[f"PyTorch compiled{told}"] = InTorch(torch.compile(held, dynamic=False), device, kind), precision
    return found


@contextmanager
def threads(count: int) -> Iterator[None]:
    """PyTorch with so many threads."""
    before = torch.get_num_threads()
    torch.set_num_threads(count)
    try:
        yield
    finally:
        torch.set_num_threads(before)
