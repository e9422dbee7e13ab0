"""Runs machine code that numba compiled earlier, without numba: LLVM loads it, and ctypes calls it.

Importing numba and opening its own cache take 0.3 s of processor time, more than half of all that a start of `autohdr
label` takes. Of a *bare* kernel nothing of that is needed again: it allocates nothing, raises nothing and calls nothing
outside of itself, so its object file is complete. LLVM's loader (llvmlite, which numba is built on, with the call that
its own tests make on Linux, macOS and Windows) places it in memory, which takes a millisecond.

numba's functions take each array as seven or more plain arguments: two owners, which a bare kernel never touches, the
number of elements, their size, where they begin, then the lengths and the strides. Before them come a place for the
result and one for an exception. `autohdr.system.compiled` compares that with what has been compiled, argument by
argument, before any such code is kept, so a numba that calls otherwise is only slower to start.
"""

import contextlib
import ctypes
import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import llvmlite.binding as llvm
import numpy as np

Kind = tuple[Any, ...]
"""A type of argument as far as code depends on it."""

_ENDED_WELL = (0, -2)
"""numba's status codes of a function that returned a value, or None."""
_POINTER, _INTEGER = ("ptr", ctypes.c_void_p), ("i64", ctypes.c_int64)
_SCALARS = {
    "?": ("i8", ctypes.c_bool),
    "b": ("i8", ctypes.c_int8),
    "B": ("i8", ctypes.c_uint8),
    "h": ("i16", ctypes.c_int16),
    "H": ("i16", ctypes.c_uint16),
    "i": ("i32", ctypes.c_int32),
    "I": ("i32", ctypes.c_uint32),
    "q": _INTEGER,
    "Q": ("i64", ctypes.c_uint64),
    "f": ("float", ctypes.c_float),
    "d": ("double", ctypes.c_double),
}
"""NumPy's letters of the types that there are, with LLVM's names and ctypes' types."""
_LETTERS = {"l": "q", "L": "Q", "p": "q", "P": "Q"} if ctypes.sizeof(ctypes.c_long) == 8 else {"l": "i", "L": "I"}
"""Letters for types that are called otherwise on another system."""


@dataclass(frozen=True, slots=True)
class Code:
    """The object file of one kernel for one signature."""

    symbol: str
    """The name of the function in it."""
    returns: str | None
    """NumPy's letter of what it returns, or several of a tuple; None of nothing."""
    object: bytes

    def to_bytes(self) -> bytes:
        """One line of JSON, and the object file."""
        return json.dumps([self.symbol, self.returns]).encode() + b"\n" + self.object

    @classmethod
    def from_bytes(cls, data: bytes) -> "Code":
        """Reads what `to_bytes` made."""
        head, _, rest = data.partition(b"\n")
        symbol, returns = json.loads(head)
        return cls(symbol, returns, rest)


def kind_of(value: Any) -> Kind | None:
    """The kind of an argument; None where only numba itself can tell it."""
    if type(value) is np.ndarray:
        letter, flags = _letter(value.dtype), value.flags
        if letter is None:
            return None
        layout = "C" if flags.c_contiguous else "F" if flags.f_contiguous else "A"
        return ("array", letter, value.ndim, layout, flags.writeable, flags.aligned)
    if type(value) is bool:
        return ("?",)
    if type(value) is int:
        return ("q",) if -(2**63) <= value < 2**63 else None
    if type(value) is float:
        return ("d",)
    if isinstance(value, np.generic):
        return None if (letter := _letter(value.dtype)) is None else (letter,)
    if isinstance(value, tuple):
        kinds = tuple(map(kind_of, value))
        return None if None in kinds else ("tuple", type(value).__qualname__, getattr(value, "_fields", ()), *kinds)
    return None


def _letter(dtype: "np.dtype[Any]") -> str | None:
    letter = _LETTERS.get(dtype.char, dtype.char)
    return letter if letter in _SCALARS and dtype.isnative else None


def parameters(kinds: tuple[Kind, ...]) -> list[tuple[str, Any]]:
    """LLVM's names and ctypes' types of the plain arguments that arguments of these kinds become."""
    flat: list[tuple[str, Any]] = []
    for kind in kinds:
        if kind[0] == "array":
            flat += [_POINTER, _POINTER, _INTEGER, _INTEGER, _POINTER, *[_INTEGER] * (2 * kind[2])]
        elif kind[0] == "tuple":
            flat += parameters(kind[3:])
        else:
            flat.append(_SCALARS[kind[0]])
    return flat


def _flatten(arguments: tuple[Any, ...], flat: list[Any]) -> list[Any]:
    for value in arguments:
        if isinstance(value, np.ndarray):
            flat += (None, None, value.size, value.itemsize, value.ctypes.data, *value.shape, *value.strides)
        elif isinstance(value, tuple):
            _flatten(value, flat)
        else:
            flat.append(value.item() if isinstance(value, np.generic) else value)
    return flat


@lru_cache(maxsize=1)
def machine() -> tuple[str, str, str]:
    """What compiled code depends on: LLVM's names of the system and the processor, and what this one can do."""
    with contextlib.suppress(RuntimeError):  # of llvmlite from 0.45 on, which does this by itself
        llvm.initialize()
    llvm.initialize_native_target()
    llvm.initialize_native_asmprinter()
    return llvm.get_process_triple(), llvm.get_host_cpu_name(), llvm.get_host_cpu_features().flatten()


def load(code: Code, kinds: tuple[Kind, ...]) -> Callable[..., Any]:
    """The kernel as a function of its arguments, which must be of these kinds. It runs without Python's lock.

    Raises:
        ValueError: the code holds no function of its name.
    """
    triple, _, _ = machine()
    x86 = triple.startswith(("x86", "i386", "i686", "amd64"))
    target = llvm.Target.from_triple(triple).create_target_machine(
        reloc="static" if x86 else "default", codemodel="jitdefault", jit=True
    )
    engine = llvm.create_mcjit_compiler(llvm.parse_assembly(""), target)
    engine.add_object_file(llvm.ObjectFileRef.from_data(code.object))
    engine.finalize_object()
    if not (address := engine.get_function_address(code.symbol)):
        raise ValueError(f"no function {code.symbol} in compiled code")
    types = [ctypes.c_void_p, ctypes.c_void_p, *(kind for _, kind in parameters(kinds))]
    function = ctypes.CFUNCTYPE(ctypes.c_int32, *types)(address)
    letters = code.returns or "q"
    fields = [(f"of_{place}", _SCALARS[letter][1]) for place, letter in enumerate(letters)]
    result = type("Result", (ctypes.Structure,), {"_fields_": fields})

    def call(*arguments: Any) -> Any:
        found, error = result(), ctypes.c_void_p()
        status = function(ctypes.addressof(found), ctypes.addressof(error), *_flatten(arguments, []))
        assert status in _ENDED_WELL, (code.symbol, status)
        if code.returns is None:
            return None
        values = tuple(getattr(found, name) for name, _ in fields)
        return values[0] if len(values) == 1 else values

    call.engine = engine  # type: ignore[attr-defined]  # the code is in its memory
    return call
