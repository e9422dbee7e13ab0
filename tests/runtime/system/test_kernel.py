"""Kernels run where nothing can be kept on disk, and are kept where it can."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

CODE = """
from autohdr.system.kernel import kernel

@kernel(nogil=True)
def twice(number):
    return 2 * number

print(twice(21))
"""


def run(folder: Path, code: str = CODE, current: Path | None = None, **variables: str) -> str:
    script = folder / "script.py"
    script.write_text(code)
    env = {name: value for name, value in os.environ.items() if not name.startswith(("NUMBA", "XDG"))} | variables
    ran = subprocess.run([sys.executable, script], cwd=current, env=env, capture_output=True, text=True, check=True)
    return ran.stdout.strip()


def test_a_kernel_runs_without_a_folder_to_keep_it_in(tmp_path: Path) -> None:
    """numba raised "no locator available" on import: no home, and a package folder that cannot be written to."""
    (tmp_path / "__pycache__").write_text("a file stands where the folder would be")
    no_home = str(tmp_path / "__pycache__" / "home")
    assert run(tmp_path, HOME=no_home, USERPROFILE=no_home, LOCALAPPDATA=no_home) == "42"


@pytest.mark.parametrize("options", ["nogil=True", 'fastmath={"nsz", "arcp", "contract", "afn"}'])
def test_a_kernel_is_compiled_once(tmp_path: Path, options: str) -> None:
    """Each process has the members of a set in an order of its own: such a kernel was compiled at every start."""
    code = CODE.replace("nogil=True", options)
    assert run(tmp_path, code, PYTHONHASHSEED="1") == "42"
    (kept,) = tmp_path.rglob("*.kernel")
    written = kept.stat().st_mtime_ns
    for seed in ("2", "3"):
        assert run(tmp_path, code, PYTHONHASHSEED=seed) == "42"
        assert [(path, path.stat().st_mtime_ns) for path in tmp_path.rglob("*.kernel")] == [(kept, written)]


def test_kept_code_runs_in_a_process_that_compiles_nothing(tmp_path: Path) -> None:
    """Code over arrays begins in numba's runtime, which nothing had begun: the process crashed."""
    code = """
import numpy as np
from autohdr.system.kernel import kernel

@kernel(nogil=True)
def of_three(values, at):
    return values[at], values[at + 1], values[at + 2]

@kernel(nogil=True)
def total(values, out):
    for at in range(0, values.shape[0], 3):
        one, two, three = of_three(values, at)
        out[at // 3] = one + two + three

out = np.empty(2)
total(np.arange(6.0), out)
print(out.tolist())
"""
    assert run(tmp_path, code) == "[3.0, 12.0]"
    assert run(tmp_path, code) == "[3.0, 12.0]"


@pytest.mark.parametrize("part", [0.0, 0.05, 0.5, 0.95])
def test_damaged_code_does_not_run(tmp_path: Path, part: float) -> None:
    """A byte of numba's own files that had turned was run as code."""
    run(tmp_path)
    (kept,) = tmp_path.rglob("*.kernel")
    whole = kept.read_bytes()
    at = int(part * len(whole))
    kept.write_bytes(whole[:at] + bytes([whole[at] ^ 255]) + whole[at + 1 :])
    assert run(tmp_path) == "42"
    kept.write_bytes(whole[: len(whole) // 2])
    assert run(tmp_path) == "42"


def test_code_of_another_source_is_not_used_and_makes_room(tmp_path: Path) -> None:
    run(tmp_path)
    assert run(tmp_path, CODE.replace("2 * number", "3 * number")) == "63"
    assert len(list(tmp_path.rglob("*.kernel"))) == 1


def test_types_are_kept_apart_whoever_is_first(tmp_path: Path) -> None:
    """numba's own files could hold the code of one type under the name of another, when two processes kept theirs at
    the same time."""
    both = CODE + "print(twice(1.5))"
    assert run(tmp_path, both).split() == ["42", "3.0"]
    assert len(list(tmp_path.rglob("*.kernel"))) == 2
    assert run(tmp_path, both).split() == ["42", "3.0"]


def test_without_a_home_nothing_is_made_in_the_current_folder(tmp_path: Path) -> None:
    """A relative XDG_CACHE_HOME does not count; numba made such a folder among the photos."""
    (tmp_path / "__pycache__").write_text("a file stands where the folder would be")
    home, current = tmp_path / "home", tmp_path / "current"
    for folder in (home, current):
        folder.mkdir()
    assert run(tmp_path, current=current, HOME=str(home), XDG_CACHE_HOME="relative") == "42"
    assert list(current.iterdir()) == []


@pytest.mark.parametrize(
    ("used", "before", "after"),
    [
        ("twice(number)", "2 * number", "3 * number"),
        ("2 * number + MORE", "MORE = 0", "MORE = 21"),
        ("chosen(2 * number, number)", "builder, of: of[0]", "builder, of: builder.add(of[0], of[1])"),
    ],
)
def test_code_that_holds_another_modules_old_kernel_number_or_instruction_is_not_used(
    tmp_path: Path, used: str, before: str, after: str
) -> None:
    """numba looks at the file of the outer kernel alone: it went on with the inner one as it was."""
    inner = CODE.replace(
        "print(twice(21))",
        """
from autohdr.raw.ljpeg.words import Instruction

MORE = 0
chosen = Instruction("int64", ("int64", "int64"), lambda builder, of: of[0])
""",
    )
    outer = f"""
from inner import MORE, chosen, twice
from autohdr.system.kernel import kernel

@kernel(nogil=True)
def more(number):
    return {used}

print(more(21))
"""
    (tmp_path / "inner.py").write_text(inner)
    assert run(tmp_path, outer, PYTHONDONTWRITEBYTECODE="1") == "42"
    (tmp_path / "inner.py").write_text(inner.replace(before, after))
    assert run(tmp_path, outer, PYTHONDONTWRITEBYTECODE="1") == "63"
