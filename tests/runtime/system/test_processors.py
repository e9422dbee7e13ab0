"""Processor counts follow what a process may use, not what the machine has."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from autohdr.system.processors import _granted, processor_name, processors


def counted(*, bound: set[int] | None = None, **variables: str) -> int:
    bind = "" if bound is None else f"os.sched_setaffinity(0, {bound});"
    command = f"import os; {bind} from autohdr.system.processors import processors; print(processors())"
    env = {**os.environ, **variables}
    return int(subprocess.run([sys.executable, "-c", command], env=env, capture_output=True, check=True).stdout)


def test_a_processor_has_a_name() -> None:
    assert processor_name().strip()


def test_there_is_one_at_least() -> None:
    assert 1 <= processors() <= (os.cpu_count() or 1)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux binds a process to processors in this way")
def test_a_process_that_is_bound_to_one_counts_one() -> None:
    assert counted(bound={min(os.sched_getaffinity(0))}) == 1


def test_what_the_user_says_comes_first() -> None:
    assert counted(PYTHON_CPU_COUNT="7") == 7
    assert counted(PYTHON_CPU_COUNT="none") == processors()


@pytest.mark.parametrize(
    ("files", "membership", "expected"),
    [
        ({"a/b/cpu.max": "150000 100000"}, "0::/a/b", 2),
        ({"a/b/cpu.max": "max 100000", "a/cpu.max": "50000 100000"}, "0::/a/b", 1),
        ({"cpu.max": "300000 100000"}, "0::/outside/of/the/container", 3),
        ({"cpu/a/cpu.cfs_quota_us": "200000", "cpu/a/cpu.cfs_period_us": "100000"}, "4:cpu,cpuacct:/a", 2),
        ({"cpu/a/cpu.cfs_quota_us": "-1", "cpu/a/cpu.cfs_period_us": "100000"}, "4:cpu,cpuacct:/a", None),
        ({"a/cpu.max": "nonsense"}, "0::/a", None),
        ({}, "0::/", None),
    ],
)
def test_control_groups_grant_the_smallest_of_their_quotas(
    tmp_path: Path, files: dict[str, str], membership: str, expected: int | None
) -> None:
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    (tmp_path / "membership").write_text(membership)
    assert _granted(tmp_path / "membership", tmp_path) == expected
