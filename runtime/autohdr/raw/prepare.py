"""RAW file to network input: the one preprocessing that training, export, runtime and benchmarks share."""

from os import PathLike
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from autohdr.encoding import encode
from autohdr.raw.decode import decode
from autohdr.raw.frame import RawFrame
from autohdr.raw.linear import to_linear
from autohdr.spec import InputSpec


def prepare(path: str | PathLike[str], spec: InputSpec) -> NDArray[np.float32]:
    """The network input (3, size, size) of one RAW file.

    Raises:
        RawError: the file cannot be read, decoded, or is of a kind not supported yet.
    """
    return prepare_frame(decode(Path(path)), spec)


def prepare_frame(frame: RawFrame, spec: InputSpec) -> NDArray[np.float32]:
    """The network input (3, size, size) of decoded sensor data."""
    return encode(to_linear(frame, spec.size), spec)
