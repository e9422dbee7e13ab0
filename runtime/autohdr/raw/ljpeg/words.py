"""Numbers at addresses of memory, wherever they lie: what numba's own indexing does not do.

Addresses and not arrays, as numba counts the references to an array each time that one function hands it to another,
in the innermost loop too: that made decoding ten times as slow. Nothing here looks at bounds. Whoever asks holds the
array, and has made sure that what is asked for lies in it.
"""

from collections.abc import Callable
from functools import cached_property
from typing import Any

from autohdr.system.kernel_files import KernelFiles


class Instruction:
    """A function of kernels that stands for machine instructions; numba is imported when one is compiled."""

    def __init__(self, returns: str, takes: tuple[str, ...], code: Callable[[Any, list[Any]], Any]) -> None:
        """`code` makes the instructions, of a builder and values of llvmlite's; the types are named as numba's are."""
        self._returns, self._takes, self._code = returns, takes, code
        self.kernel_files = KernelFiles(
            code, {"returns": returns, "takes": takes}
        )  # kept kernels hold its instructions

    def __call__(self, *values: Any) -> Any:
        """There is nothing to call outside of a kernel."""
        raise TypeError("machine instructions can only be used in compiled kernels")

    @cached_property
    def _numba_type_(self) -> Any:
        """What numba takes this for."""
        from numba.core import types
        from numba.core.registry import cpu_target
        from numba.core.typing import signature
        from numba.core.typing.templates import make_concrete_template

        given = [getattr(types, name) for name in self._takes]
        key = f"autohdr {id(self)}"
        template = make_concrete_template(key, key, [signature(getattr(types, self._returns), *given)])

        def lowered(context: Any, builder: Any, _: Any, values: Any) -> Any:
            found = self._code(builder, list(values))
            return context.get_dummy_value() if self._returns == "void" else found

        cpu_target.target_context.insert_func_defn([(lowered, key, tuple(given))])
        return types.Function(template)


def _pointer(builder: Any, address: Any, bits: int) -> Any:
    from llvmlite import ir

    return builder.inttoptr(address, ir.IntType(bits).as_pointer())


def _add_fours(builder: Any, values: list[Any]) -> Any:
    from llvmlite import ir

    four = ir.VectorType(ir.IntType(16), 4)
    return builder.bitcast(builder.add(*(builder.bitcast(value, four) for value in values)), ir.IntType(64))


word_at = Instruction("uint64", ("uint64",), lambda builder, of: builder.load(_pointer(builder, of[0], 64), align=1))
"""The eight bytes at an address, as this machine has them."""
stream_at = Instruction(
    "uint64", ("uint64",), lambda builder, of: builder.bswap(builder.load(_pointer(builder, of[0], 64), align=1))
)
"""The eight bytes at an address, the first one highest."""
entry_at = Instruction("uint32", ("uint64",), lambda builder, of: builder.load(_pointer(builder, of[0], 32), align=4))
"""The uint32 at an address."""
sample_at = Instruction("uint16", ("uint64",), lambda builder, of: builder.load(_pointer(builder, of[0], 16), align=2))
"""The uint16 at an address."""
store_word = Instruction(
    "void", ("uint64", "uint64"), lambda builder, of: builder.store(of[1], _pointer(builder, of[0], 64), align=1)
)
"""Writes eight bytes at an address."""
store_sample = Instruction(
    "void", ("uint64", "uint16"), lambda builder, of: builder.store(of[1], _pointer(builder, of[0], 16), align=2)
)
"""Writes a uint16 at an address."""
add_fours = Instruction("uint64", ("uint64", "uint64"), _add_fours)
"""Adds four numbers of 16 bits in one word to four others, each by itself, without carries."""
