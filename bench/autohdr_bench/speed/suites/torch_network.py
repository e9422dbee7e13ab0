"""The network in PyTorch, as people would use it: eager and compiled, on the processor or a GPU, in what precision."""

import copy
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from autohdr.model.info import Precision
from autohdr_train.network.model import SliderNet

COMPILATIONS = 256
"""How many compilations torch.compile may make of one function, a batch and a network each; beyond, it would be eager
without a word."""

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
    """The ways to run the network here, by name, and the precision that their answers are held to."""
    device = "cuda" if torch.cuda.is_available() else "cpu"
    short: tuple[torch.dtype, Precision] = (
        (torch.float16, "float16") if device == "cuda" else (torch.bfloat16, "bfloat16")
    )
    torch._dynamo.config.recompile_limit = COMPILATIONS
    held = network.eval().to(device)
    found: dict[str, tuple[Answer, Precision]] = {}
    both: tuple[tuple[torch.dtype, Precision], ...] = ((torch.float32, "float32"), short)
    for kind, precision in both:
        told = "" if precision == "float32" else f" {precision}"
        found[f"PyTorch{told}"] = InTorch(held, device, kind), precision
        if compiled:
            found[f"PyTorch compiled{told}"] = InTorch(torch.compile(held, dynamic=False), device, kind), precision
    if device == "cpu" and (small := _int8(held)) is not None:
        found["PyTorch int8"] = InTorch(small, device, torch.float32), "int8"
    return found


def _int8(network: SliderNet) -> Callable[[Tensor], Tensor] | None:
    """A copy whose linear layers are int8, inputs in ranges of their own; None once PyTorch has dropped it."""
    try:
        from torch.ao.quantization import quantize_dynamic
    except ImportError:
        return None
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # that it is to be dropped
        made = quantize_dynamic(copy.deepcopy(network), {nn.Linear}, dtype=torch.qint8)  # type: ignore[no-untyped-call]
    found: Callable[[Tensor], Tensor] = made
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
