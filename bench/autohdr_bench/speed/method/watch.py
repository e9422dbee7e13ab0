"""What else the machine did while something was timed, and whether its clock kept its pace."""

import os
import time
from dataclasses import dataclass

import numpy as np
import psutil  # type: ignore[import-untyped]  # it ships no types

from autohdr.system.kernel import kernel

TICKS = 0.03
"""Seconds by which a system's counters of processor time may be off: three ticks of 10 ms."""
FOREIGN = 0.05
"""Share of all cores that other processes may use in a round that counts."""
_LEFT_OUT = ("idle", "iowait", "guest", "guest_nice", "interrupt", "dpc", "irq", "softirq")
"""A system's counters that are not added up: those of no work, those that another one holds already, and those of
serving devices, which most often does what this process has asked of them."""
_STEPS, _TRIES = 250_000, 20


@dataclass(frozen=True, slots=True)
class Reading:
    """Clocks at one moment, seconds."""

    wall: float
    own: float
    """Processor time of this process, its threads and its children."""
    busy: float
    """Processor time of everybody, on all cores; what a host took away from a virtual machine counts as theirs."""


def read() -> Reading:
    """All clocks now."""
    return Reading(time.perf_counter(), own_seconds(), _busy())


def own_seconds() -> float:
    """Processor time that this process, its threads and its children have used since they began, seconds."""
    ended = os.times()
    return time.process_time() + ended.children_user + ended.children_system + _children()


def foreign(before: Reading, after: Reading, cores: int) -> float:
    """Share of all cores' time, 0 to 1, that others used between two readings, less what the counters may be off by."""
    others = (after.busy - before.busy) - (after.own - before.own) - TICKS
    return min(1.0, max(0.0, others / (cores * (after.wall - before.wall)))) if after.wall > before.wall else 0.0


def pace() -> float:
    """Seconds that a fixed piece of arithmetic takes, the quickest of twenty, some 10 ms together.

    It waits for neither memory nor disk, and is too short for another process to come between each time: where it takes
    longer, the clock has slowed down.
    """
    _arithmetic(1)  # compiled before it is timed
    taken = []
    for _ in range(_TRIES):
        begun = time.perf_counter()
        _arithmetic(_STEPS)
        taken.append(time.perf_counter() - begun)
    return min(taken)


def _children() -> float:
    total = 0.0
    for child in psutil.Process().children(recursive=True):
        try:
            used = child.cpu_times()
        except psutil.Error:  # it has just ended, or the system does not tell
            continue
        total += used.user + used.system
    return total


def _busy() -> float:
    return float(sum(value for name, value in psutil.cpu_times()._asdict().items() if name not in _LEFT_OUT))


@kernel(nogil=True)
def _arithmetic(steps):  # type: ignore[no-untyped-def]
    state = np.uint64(1)
    for _ in range(steps):
        # Each step needs the one before, so that no wider unit helps (Marsaglia's xorshift, 2003).
        state ^= state << np.uint64(13)
        state ^= state >> np.uint64(7)
        state ^= state << np.uint64(17)
    return state
