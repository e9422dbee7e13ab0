"""Bare kernels run from kept machine code without numba, and answer as in Python."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pytest
from numba.core.errors import TypingError

from autohdr.system.kernel import kernel
from autohdr.system.machine_code import kind_of, machine, parameters


class Weights(NamedTuple):
    first: Any
    second: Any


@kernel(bare=True, nogil=True)
def _weigh(values, weights, shift, more, out):  # type: ignore[no-untyped-def]
    total = 0.0
    for y in range(values.shape[0]):
        for x in range(values.shape[1]):
            out[y, x] = values[y, x] * weights.first[x] + weights.second[1][y] + shift
            total += out[y, x]
    return total if more else -total


@kernel(bare=True)
def _triple(number):  # type: ignore[no-untyped-def]
    return 3 * number


@kernel(bare=True)
def _fill(out):  # type: ignore[no-untyped-def]
    for i in range(out.size):
        out[i] = _triple(i)


@kernel(bare=True)
def _both(flag, small, large, part):  # type: ignore[no-untyped-def]
    return flag, small, large, part


@kernel(bare=True)
def _twice(number):  # type: ignore[no-untyped-def]
    return number, 2 * number


@kernel(bare=True)
def _divide(one, other):  # type: ignore[no-untyped-def]
    return one // other


VIEWS: dict[str, Any] = {
    "C": lambda array: array,
    "Fortran": np.asfortranarray,
    "every other": lambda array: np.repeat(array, 2, axis=1)[:, ::2],
    "backwards": lambda array: array[::-1].copy()[::-1],
}


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("dtype", [np.uint8, np.int16, np.uint32, np.int64, np.float32, np.float64])
def test_arrays_of_every_type_and_layout_and_tuples_arrive_whole(view: str, dtype: Any) -> None:
    values = VIEWS[view](np.arange(15).reshape(3, 5).astype(dtype))
    weights = Weights(np.arange(5.0), (7, np.arange(3, dtype=np.int32)))
    out, plain = np.zeros((3, 5)), np.zeros((3, 5))
    for shift, more in ((2, True), (-3, False), (np.float32(0.5), True), (1.25, False), (np.uint16(9), True)):
        found = _weigh(values, weights, shift, more, out)
        assert found == _weigh.py_func(values, weights, shift, more, plain)
        np.testing.assert_array_equal(out, plain)
    assert tuple(map(kind_of, (values, weights, 1.25, False, out))) in _weigh.signatures


def test_what_cannot_be_written_to_is_another_kind() -> None:
    fixed = np.zeros(3)
    fixed.flags.writeable = False
    assert kind_of(fixed) != kind_of(np.zeros(3))
    with pytest.raises(TypingError, match="readonly"):
        _fill(fixed)
    assert _fill.kernel_files.load(("machine code", machine(), (kind_of(fixed),))) is None  # nothing is kept of errors


@pytest.mark.parametrize("value", ["text", None, 2**64, 1j, np.zeros(2, ">f4"), np.zeros(2, "M8[s]"), (1, "two")])
def test_other_arguments_are_left_to_numba(value: Any) -> None:
    assert kind_of(value) is None


def test_a_kernel_may_call_another_one() -> None:
    out = np.zeros(5, np.int64)
    assert _fill(out) is None
    np.testing.assert_array_equal(out, [0, 3, 6, 9, 12])
    assert _fill.signatures


def test_tuples_of_numbers_come_back_whole() -> None:
    arguments = True, np.uint16(65535), -(2**62), np.float32(0.25)
    assert _both(*arguments) == arguments
    assert _twice(2.5) == (2.5, 5.0)
    assert _both.signatures
    assert _twice.signatures


def test_a_kernel_that_can_raise_is_left_to_numba() -> None:
    """Its machine code would need Python's exceptions."""
    assert _divide(7, 2) == 3
    with pytest.raises(ZeroDivisionError):
        _divide(7, 0)
    assert not _divide.signatures
    kinds = (kind_of(7), kind_of(2))
    assert _divide.kernel_files.load(("machine code", machine(), kinds)) == b""  # it is not tried again


def test_an_array_becomes_its_owners_numbers_and_place() -> None:
    kinds = (kind_of(np.zeros((2, 3))), kind_of(True), kind_of((1, np.float32(2))))
    assert None not in kinds
    names = [name for name, _ in parameters(kinds)]  # type: ignore[arg-type]
    assert names == ["ptr", "ptr", "i64", "i64", "ptr", "i64", "i64", "i64", "i64", "i8", "i64", "float"]


CODE = """
import sys
import numpy as np
from autohdr.system.kernel import kernel

@kernel(bare=True, nogil=True)
def add(values, number):
    total = 0
    for i in range(values.size):
        total += values[i] * number
    return total

print(add(np.arange(5), 3), "numba" in sys.modules)
"""


def run(folder: Path, **variables: str) -> str:
    script = folder / "script.py"
    script.write_text(CODE)
    env = {name: value for name, value in os.environ.items() if not name.startswith("NUMBA")} | variables
    ran = subprocess.run([sys.executable, script], env=env, capture_output=True, text=True, check=True)
    return ran.stdout.strip()


def test_kept_code_runs_without_numba(tmp_path: Path) -> None:
    assert run(tmp_path) == "30 True"
    assert run(tmp_path) == "30 False"


@pytest.mark.parametrize("place", [10, 60, 400])
def test_damaged_code_is_compiled_anew(tmp_path: Path, place: int) -> None:
    run(tmp_path)
    (kept,) = tmp_path.rglob("*.kernel")
    whole = kept.read_bytes()
    kept.write_bytes(whole[:place] + bytes([whole[place] ^ 255]) + whole[place + 1 :])
    assert run(tmp_path) == "30 True"
    assert kept.read_bytes() == whole


def test_numbas_own_variables_are_followed(tmp_path: Path) -> None:
    run(tmp_path)
    assert run(tmp_path, NUMBA_DISABLE_JIT="1") == "30 True"
