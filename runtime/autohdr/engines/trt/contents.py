"""What stands in a plan, read without a GPU: the library reads plans on one only, and says no more of them here.

The layout is not documented. It was found in the plans of TensorRT-RTX 1.7.1: a header of 64 bytes with the length, the
library's version and a bit for each compute capability it targets; a text that describes each tensor for the kernel
compiler; and the profile's shapes as 64-bit integers. A plan of another layout is not read, and that is said.
"""

import re
import struct
from dataclasses import dataclass
from itertools import pairwise

from autohdr.engines.trt.key import Profile, Shape
from autohdr.engines.trt.library import Library
from autohdr.errors import EngineError
from autohdr.model import INPUT_NAME, OUTPUT_NAME

_HEADER = struct.Struct("<4s4xI4xQ4B4sI28x")
_MAGIC, _LAYOUT = b"vtrt", 2
_TENSOR = re.compile(
    rb'dims=\{([^{}]*)\}[^{}]*? name="(%b|%b)\.1"[^{}]*(?:\{[^{}]*\}[^{}]*)*? type=(\w+) \}'
    % (INPUT_NAME.encode(), OUTPUT_NAME.encode())
)
_SYMBOL = b'"'
"""What a dimension without a number is written between."""
_STRIDE = 56
"""Bytes from one of the profile's shapes to the next."""


@dataclass(frozen=True, slots=True)
class Tensor:
    """An input or output."""

    name: str
    type: str
    """In the library's words: `float` is 32 bits wide."""
    shape: tuple[int | None, ...]
    """None is a dimension without a number."""


@dataclass(frozen=True, slots=True)
class Contents:
    """What a plan says of itself."""

    version: str
    archs: tuple[str, ...]
    tensors: tuple[Tensor, ...]
    has_profile: bool
    """Whether the shapes that were asked for stand in it."""


def check(plan: bytes, library: Library, profile: Profile, archs: tuple[str, ...]) -> bool:
    """Whether a plan could be read; if so, it is what was asked for.

    Args:
        plan: just built by `library`.
        library: one that has `targets`.
        profile: which batches it has to take.
        archs: for which compute capabilities it has to be.

    Raises:
        EngineError: it is not what was asked for.
    """
    runtime = library.trt.Runtime(library.log())
    _, problems = runtime.get_engine_validity(plan)
    doubts = library.trt.EngineInvalidityDiagnostics
    if int(problems) & (int(doubts.MALFORMED_ENGINE) | int(doubts.VERSION_MISMATCH)):
        raise EngineError(f"{library.name} {library.version} does not know its own plan again; please report this")
    found = read(plan, library, profile)
    size = profile.size
    expected = Contents(
        library.version,
        tuple(sorted(archs, key=library.targets.index)),
        (Tensor(INPUT_NAME, "float", (None, 3, size, size)), Tensor(OUTPUT_NAME, "float", (None, profile.features))),
        True,
    )
    if found is not None and found != expected:
        raise EngineError(f"the plan that was built is {found}; expected {expected}: please report this")
    return found is not None


def read(plan: bytes, library: Library, profile: Profile) -> Contents | None:
    """What stands in a plan; None where its layout is not known."""
    if len(plan) < _HEADER.size:
        return None
    magic, layout, length, *version, again, targets = _HEADER.unpack_from(plan)
    tensors = {_tensor(match) for match in _TENSOR.finditer(plan)}
    complete = {tensor.name for tensor in tensors} == {INPUT_NAME, OUTPUT_NAME}
    if (magic, again, layout, length) != (_MAGIC, _MAGIC, _LAYOUT, len(plan)) or not complete:
        return None
    return Contents(
        ".".join(map(str, version)),
        tuple(arch for bit, arch in enumerate(library.targets) if targets >> bit & 1),
        tuple(sorted(tensors, key=lambda tensor: (tensor.name != INPUT_NAME, str(tensor)))),
        _has_profile(plan, profile.shapes()),
    )


def _tensor(match: "re.Match[bytes]") -> Tensor:
    dimensions, name, kind = match.groups()
    shape = tuple(None if part.startswith(_SYMBOL) else int(part) for part in dimensions.split())
    return Tensor(name.decode(), kind.decode(), shape)


def _has_profile(plan: bytes, shapes: tuple[Shape, Shape, Shape]) -> bool:
    """Whether the three shapes stand in a plan, one after the other."""
    packed = [struct.pack("<4q", *shape) for shape in shapes]
    places = [[match.start() for match in re.finditer(re.escape(shape), plan)] for shape in packed]
    starts = set(places[0])
    for nearer, further in pairwise(places):
        starts = {start + _STRIDE for start in starts & set(nearer)} & set(further)
    return bool(starts)
