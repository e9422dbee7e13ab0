"""The processors: their name, and how many of them this process may use, which a container or `taskset` may limit."""

import os
import platform
import sys
from pathlib import Path

_CGROUPS = Path("/sys/fs/cgroup")


def processors() -> int:
    """Processors for this process, 1 or more: what it is bound to, and what its control groups (Linux) grant it.

    `PYTHON_CPU_COUNT`, which Python 3.13 reads too, comes before both.
    """
    named = os.environ.get("PYTHON_CPU_COUNT", "")
    if named.isdecimal() and int(named) > 0:
        return int(named)
    bound = len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count() or 1
    granted = _granted(Path("/proc/self/cgroup"), _CGROUPS) if sys.platform == "linux" else None
    return max(1, bound if granted is None else min(bound, granted))


def processor_name() -> str:
    """What the processor is called, as far as the system tells."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:  # only Linux has it
        lines = []
    named = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(named, "") or platform.processor() or platform.machine()


def _granted(membership: Path, mount: Path) -> int | None:
    """The smallest quota of this process's control groups and of those above them, rounded up; None without any."""
    quotas = [quota for folder in _groups(membership, mount) if (quota := _quota(folder)) is not None]
    return min(quotas, default=None)


def _groups(membership: Path, mount: Path) -> list[Path]:
    """Folders of the groups that a process is in, and of all above, of version 2 (`0::/a/b`) and 1 (`4:cpu:/a/b`)."""
    try:
        lines = membership.read_text().splitlines()
    except OSError:
        return []
    found = []
    for line in lines:
        _, controllers, path, *_ = (*line.split(":", 2), "", "")
        if controllers and "cpu" not in controllers.split(","):
            continue
        root = mount if not controllers else mount / "cpu"
        inside = Path(path.lstrip("/"))
        # In a container the path may be that outside of it, and the folder of the group is the root.
        found += [root / part for part in (inside, *inside.parents)]
    return found


def _quota(folder: Path) -> int | None:
    """Processors that a group may use, rounded up; None where it is not limited."""
    try:
        if (folder / "cpu.max").is_file():
            quota, period = (folder / "cpu.max").read_text().split()
        else:
            quota, period = ((folder / f"cpu.cfs_{name}_us").read_text().strip() for name in ("quota", "period"))
        return -(-int(quota) // int(period)) if quota not in ("max", "-1") else None
    except (OSError, ValueError, ZeroDivisionError):
        return None
