"""Kernels run where nothing can be kept on disk, and are kept where it can."""

import os
import subprocess
import sys
from pathlib import Path

CODE = """
from autohdr.kernel import kernel

@kernel(nogil=True)
def twice(number):
    return 2 * number

print(twice(21))
"""


def run(folder: Path, **variables: str) -> str:
    script = folder / "script.py"
    script.write_text(CODE)
    env = {name: value for name, value in os.environ.items() if not name.startswith(("NUMBA", "XDG"))} | variables
    return subprocess.run([sys.executable, script], env=env, capture_output=True, text=True, check=True).stdout.strip()


def test_a_kernel_runs_without_a_folder_to_keep_it_in(tmp_path: Path) -> None:
    """numba raised "no locator available" on import: no home, and a package folder that cannot be written to."""
    (tmp_path / "__pycache__").write_text("a file stands where the folder would be")
    no_home = str(tmp_path / "__pycache__" / "home")
    assert run(tmp_path, HOME=no_home, USERPROFILE=no_home, LOCALAPPDATA=no_home) == "42"


def test_a_kernel_runs_where_the_cache_is_damaged(tmp_path: Path) -> None:
    assert run(tmp_path) == "42"
    kept = [*tmp_path.rglob("*.nbi"), *tmp_path.rglob("*.nbc")]
    assert kept
    for path in kept:
        path.write_bytes(path.read_bytes()[:20])
    assert run(tmp_path) == "42"
