"""Numbers at addresses of memory, wherever they lie: what numba's own indexing does not do.

Addresses and not arrays, as numba counts the references to an array each time that one function hands it to another,
in the innermost loop too: that made decoding ten times as slow. Nothing here looks at bounds. Whoever asks holds the
array, and has made sure that what is asked for lies in it.
"""

from collections.abc import Callable
from functools import cached_property
from typing import Any

from autohdr.system.kernel_files import KernelFiles

BLOCK = 32
"""Bytes that are looked at together."""


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


def _vector(builder: Any, address: Any) -> Any:
    """The place of `BLOCK` bytes."""
    from llvmlite import ir

    return builder.inttoptr(address, ir.VectorType(ir.IntType(8), BLOCK).as_pointer())


def _full_bytes(builder: Any, values: list[Any]) -> Any:
    from llvmlite import ir

    block = builder.load(_vector(builder, values[0]), align=1)
    full = builder.icmp_unsigned("==", block, ir.Constant(block.type, [0xFF] * BLOCK))
    return builder.zext(builder.bitcast(full, ir.IntType(BLOCK)), ir.IntType(64))


def _running(components: int) -> Callable[[Any, list[Any]], Any]:
    """A loop over eights of samples: adds up within an eight by shifting, and what came before to all of it."""

    def code(builder: Any, values: list[Any]) -> Any:
        from llvmlite import ir

        number, lanes = ir.IntType(64), ir.VectorType(ir.IntType(16), 8)
        nothing, place = ir.Constant(lanes, [0] * 8), ir.VectorType(ir.IntType(32), 8)
        last = ir.Constant(place, [8 - components + lane % components for lane in range(8)])
        before = builder.basic_block
        loop, after = builder.append_basic_block(), builder.append_basic_block()
        pair = builder.insert_element(
            ir.Constant(ir.VectorType(number, 2), [0, 0]), values[3], ir.Constant(ir.IntType(32), 1)
        )
        begun = builder.shuffle_vector(builder.bitcast(pair, lanes), nothing, last)
        builder.branch(loop)
        builder.position_at_end(loop)
        at, sums, seen = builder.phi(number), builder.phi(lanes), builder.phi(lanes)
        eight = builder.load(builder.inttoptr(builder.add(values[0], at), lanes.as_pointer()), align=1)
        for shift in (1, 2, 4):
            if shift >= components:
                moved = ir.Constant(place, [8 + lane - shift if lane >= shift else 0 for lane in range(8)])
                eight = builder.add(eight, builder.shuffle_vector(nothing, eight, moved))
        eight = builder.add(eight, sums)
        builder.store(eight, builder.inttoptr(builder.add(values[1], at), lanes.as_pointer()), align=1)
        following, all_seen = builder.add(at, ir.Constant(number, 16)), builder.or_(seen, eight)
        for phi, first, then in (
            (at, ir.Constant(number, 0), following),
            (sums, begun, builder.shuffle_vector(eight, nothing, last)),
            (seen, nothing, all_seen),
        ):
            phi.add_incoming(first, before)
            phi.add_incoming(then, loop)
        builder.cbranch(builder.icmp_unsigned("<", following, values[2]), loop, after)
        builder.position_at_end(after)
        builder.store(all_seen, builder.inttoptr(values[4], lanes.as_pointer()), align=1)
        return builder.extract_element(builder.bitcast(eight, ir.VectorType(number, 2)), ir.Constant(ir.IntType(32), 1))

    return code


def _zeros_below(builder: Any, values: list[Any]) -> Any:
    from llvmlite import ir

    return builder.cttz(values[0], ir.Constant(ir.IntType(1), 0))


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
running_1, running_2, running_4 = (Instruction("uint64", ("uint64",) * 5, _running(many)) for many in (1, 2, 4))
"""Adds to each of some samples of one, two or four components the last one of its component.

Takes addresses of the differences and of the samples; their bytes, a multiple of 16, which is not 0; the last four
samples, as they follow each other; and an address for 16 bytes, which together get all bits that are set in any sample.
Returns the last four samples.
"""
full_bytes = Instruction("uint64", ("uint64",), _full_bytes)
"""A bit for each of `BLOCK` bytes at an address, set where it is 0xFF; the first one's lowest."""
copy_block = Instruction(
    "void",
    ("uint64", "uint64"),
    lambda builder, of: builder.store(builder.load(_vector(builder, of[1]), align=1), _vector(builder, of[0]), align=1),
)
"""Copies `BLOCK` bytes to an address from another."""
zeros_below = Instruction("uint64", ("uint64",), _zeros_below)
"""How many bits are 0 below the lowest one that is 1."""
