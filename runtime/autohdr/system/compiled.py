"""Compiles kernels with numba: to functions of numba's, and to machine code that needs no numba to run again."""

import contextlib
import pickle
import re
from collections.abc import Callable
from typing import Any

import numba
from numba import types
from numba.core import caching, compiler
from numba.core.compiler_lock import global_compiler_lock
from numba.core.errors import NumbaError
from numba.core.registry import cpu_target
from numba.core.serialize import dumps

from autohdr.errors import FileError
from autohdr.system.kernel_files import KernelFiles
from autohdr.system.machine_code import Code, Kind, parameters

OF_NO_USE = (FileError, OSError, EOFError, ValueError, AttributeError, ImportError, pickle.UnpicklingError)
"""What is raised where code cannot be kept, or what was kept is not for this version."""
_WITHIN = re.compile(
    r"llvm\.(memset|memcpy|memmove|assume|lifetime|experimental\.noalias|vector|masked|x86|aarch64"
    r"|[su](min|max)|[su](add|sub|mul)\.(with\.overflow|sat)|fabs|abs|copysign|(min|max)num|fmuladd|sqrt"
    r"|floor|ceil|trunc|rint|fsh[lr]|ct(pop|lz|tz)|bswap)\."
)
"""What LLVM writes out itself, or every C library has; nothing else may be called."""
_RETURNS = {
    **{
        "int64": "q",
        "uint64": "Q",
        "int32": "i",
        "uint32": "I",
        "int16": "h",
        "uint16": "H",
        "int8": "b",
        "uint8": "B",
    },
    **{"float64": "d", "float32": "f", "bool": "?"},
}


class OnDisk(caching.FunctionCache):
    """A function's cache on disk that is allowed to fail: what cannot be read or written is compiled anew."""

    def __init__(self, function: Callable[..., Any], files: KernelFiles) -> None:
        self._name, self._py_func, self._files = repr(function), function, files
        self._impl, self._enabled = _Whole(), True

    @property
    def cache_path(self) -> str:
        """Numba asks for a name; each kernel's files know their own places."""
        return ""

    def enable(self) -> None:
        """Does nothing: there is no folder to make before there is code to keep."""
        self._enabled = True

    def flush(self) -> None:
        """Does nothing: what is of an earlier source goes when code is kept."""

    def load_overload(self, signature: Any, context: Any) -> Any:
        """See `numba.core.caching.FunctionCache.load_overload`."""
        context.refresh()  # as numba's own does: code that is loaded before any is compiled finds its runtime begun
        with contextlib.suppress(*OF_NO_USE):
            key = self._index_key(signature, context.codegen())
            if (data := self._files.load(key)) is not None:
                its_key, code = pickle.loads(data)
                return self._impl.rebuild(context, code) if its_key == key else None
        return None

    def save_overload(self, signature: Any, data: Any) -> None:
        """See `numba.core.caching.FunctionCache.save_overload`."""
        with contextlib.suppress(*OF_NO_USE):
            if self._impl.check_cachable(data):
                key = self._index_key(signature, data.codegen)
                self._files.save(key, dumps((key, self._impl.reduce(data))))


class _Whole(caching.CompileResultCacheImpl):
    def __init__(self) -> None:
        """Looks for no place: `KernelFiles` does."""


def dispatcher(function: Callable[..., Any], options: dict[str, Any], files: KernelFiles) -> Any:
    """numba's `njit` of a function, whose code is kept in the files where that is possible."""
    made = numba.njit(**options)(function)
    made._cache = OnDisk(function, files)
    return made


def machine_code(
    function: Callable[..., Any], options: dict[str, Any], arguments: tuple[Any, ...], kinds: tuple[Kind, ...]
) -> Code | None:
    """The machine code of a bare kernel; None where the function is none, or this numba compiles otherwise.

    Args:
        function: what to compile.
        options: of `njit`.
        arguments: of a call, whose types are compiled for.
        kinds: of the arguments.

    Raises:
        NumbaError: the function cannot be compiled for these arguments.
    """
    try:
        return _compile(function, options, arguments, kinds)
    except NumbaError:
        raise
    except (AttributeError, TypeError, KeyError, ValueError, AssertionError):  # the insides of another version
        return None


@global_compiler_lock
def _compile(
    function: Callable[..., Any], options: dict[str, Any], arguments: tuple[Any, ...], kinds: tuple[Kind, ...]
) -> Code | None:
    if function.__closure__:
        return None
    flags = compiler.Flags()
    cpu_target.options.parse_as_flags(flags, {**options, "nopython": True})
    flags.no_cpython_wrapper = flags.no_cfunc_wrapper = flags.no_compile = True
    typing, target = cpu_target.typing_context, cpu_target.target_context
    typing.refresh()
    target.refresh()
    given = tuple(map(numba.typeof, arguments))
    compiled = compiler.compile_extra(typing, target, function, given, None, flags, {})
    library, symbol = compiled.library, compiled.fndesc.llvm_func_name
    library.finalize()
    module = library._final_module
    returns = compiled.signature.return_type
    letters = [
        _RETURNS.get(str(kind))
        for kind in (returns if isinstance(returns, types.Tuple | types.UniTuple) else [returns])
    ]
    entry = [str(argument.type) for argument in module.get_function(symbol).arguments]
    entry = ["ptr" if name.endswith("*") else name for name in entry]  # llvmlite before 0.46 names what is pointed to
    nothing = returns == types.none
    if (
        (None in letters and not nothing)
        or not letters
        or entry != ["ptr", "ptr", *(name for name, _ in parameters(kinds))]
    ):
        return None
    if any(".pickle" in variable.name for variable in module.global_variables):  # of exceptions
        return None
    if not all(_WITHIN.match(f"{one.name}.") for one in module.functions if one.is_declaration):
        return None
    return Code(symbol, None if nothing else "".join(map(str, letters)), library.codegen._tm.emit_object(module))
