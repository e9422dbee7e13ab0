"""The rate of matrix products: what bounds a network, on the processor and on a GPU where there is one."""

from collections.abc import Callable
from functools import partial
from typing import Any

import torch

from autohdr_bench.speed.method.rounds import Case

SIDE = 1024
"""Rows and columns of the matrices that a processor multiplies: three of float32 take 12 MB, more than a network's
layers do."""
GPU_SIDE = 8192
_GFLOP = 1e-9


def products(threads: int, *, side: int = SIDE) -> dict[str, Case]:
    """Cases by `type, threads`, in units of 10^9 operations; those only that this machine and this torch can run.

    int8 counts its operations as the others do. Numbers are random: products of zeros take less power, so that the
    clock would be higher than a network ever sees it.
    """
    cases: dict[str, Case] = {}
    for count in sorted({1, threads}):
        for name, kind in (("float32", torch.float32), ("bfloat16", torch.bfloat16), ("int8", torch.int8)):
            run = partial(_on_threads, count, _product(kind, side, "cpu"))
            if _runs(run):
                cases[f"{name}, {count} thread{'s' if count > 1 else ''}"] = Case(run, 2 * side**3 * _GFLOP)
    if torch.cuda.is_available():
        for name, kind in (("float32", torch.float32), ("float16", torch.float16), ("int8", torch.int8)):
            run = partial(_synchronised, _product(kind, GPU_SIDE, "cuda"))
            if _runs(run):
                cases[f"{name}, GPU"] = Case(run, 2 * GPU_SIDE**3 * _GFLOP)
    return cases


def _product(kind: torch.dtype, side: int, device: str) -> Callable[[], Any]:
    random = torch.Generator().manual_seed(0)
    one, other = (torch.randn(side, side, generator=random).to(device) for _ in range(2))
    if kind is torch.int8:
        small, narrow = ((30 * matrix).clamp(-127, 127).to(kind) for matrix in (one, other))
        return partial(torch._int_mm, small, narrow)
    return partial(torch.matmul, one.to(kind), other.to(kind))


def _on_threads(count: int, run: Callable[[], Any]) -> None:
    before = torch.get_num_threads()
    torch.set_num_threads(count)
    try:
        run()
    finally:
        torch.set_num_threads(before)


def _synchronised(run: Callable[[], Any]) -> None:
    run()
    torch.cuda.synchronize()


def _runs(run: Callable[[], Any]) -> bool:
    try:
        run()
    except (RuntimeError, AttributeError):  # torch's, where a type has no product here
        return False
    return True
