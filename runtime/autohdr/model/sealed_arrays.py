"""Sealed safetensors files: arrays on disk with a digest of all that belongs to them.

A flipped bit in a weight leaves a weight like any other, so that nothing else would tell. The digest, SHA-256 in
hexadecimal digits, stands in the file's own metadata and is taken of everything but its own digits, and of the files
that it is of no use without. A file without one is refused like a damaged one, for the reason that `model_seal` gives,
where the cost is told as well. The same content gives the same bytes.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

SEAL_KEY = "sha256"
_DIGITS = 2 * hashlib.sha256().digest_size
_LENGTH = 8
"""Bytes at the start that say how long the header is."""


def dump(arrays: Mapping[str, NDArray[Any]], metadata: Mapping[str, str], others: Sequence[bytes] = ()) -> bytes:
    """A sealed file of arrays.

    Args:
        arrays: by name.
        metadata: texts by name.
        others: what the files that belong to it hold, in the order in which `parse` will be given them.
    """
    from safetensors.numpy import save

    # The library writes memory as it lies there, and calls it row by row.
    rows = {name: np.ascontiguousarray(values) for name, values in arrays.items()}
    return seal(save(rows, unsealed(metadata)), others)


def parse(data: bytes, others: Sequence[bytes] = ()) -> tuple[dict[str, NDArray[Any]], dict[str, str]]:
    """Arrays and metadata of a file that `dump` made, with the `others` that it was given.

    Raises:
        ValueError: it has no digest, or one of another content.
        SafetensorError, KeyError, TypeError: it is no such file.
    """
    from safetensors.numpy import load

    metadata = check(data, others)
    return load(data), metadata


def unsealed(metadata: Mapping[str, str]) -> dict[str, str]:
    """The metadata that a file is saved with before `seal` puts its digest in."""
    return {**metadata, SEAL_KEY: "0" * _DIGITS}


def seal(data: bytes, others: Sequence[bytes] = ()) -> bytes:
    """A safetensors file that was saved with `unsealed` metadata, with its digest; the order of the metadata, which the
    library leaves to chance, is by name."""
    header = _header(data)
    header["__metadata__"] = dict(sorted(header["__metadata__"].items()))
    text = json.dumps(header, separators=(",", ":"), ensure_ascii=False).encode()
    text += b" " * (-len(text) % 8)  # the format wants the tensors at a multiple of 8
    blank = len(text).to_bytes(_LENGTH, "little") + text + data[_end(data) :]
    at = _place(blank, "0" * _DIGITS)
    return blank[:at] + _digest(blank, at, others).encode() + blank[at + _DIGITS :]


def check(data: bytes, others: Sequence[bytes] = ()) -> dict[str, str]:
    """The metadata of a sealed file, less its digest, which is right.

    Raises:
        ValueError: it has no digest, or one of another content, or is no safetensors file.
    """
    metadata = metadata_of(data)
    if (found := metadata.pop(SEAL_KEY, None)) is None:
        raise ValueError("it holds no digest of itself")
    if found != _digest(data, _place(data, found), others):
        raise ValueError("its content does not match the digest in it")
    return metadata


def metadata_of(data: bytes) -> dict[str, str]:
    """The metadata of a safetensors file, ours or another's, from its first bytes or all of them; it is not checked.

    Raises:
        ValueError: it is no such file.
    """
    found = _header(data).get("__metadata__", {})
    if not isinstance(found, dict):
        raise ValueError("its metadata is none")
    return found


def _end(data: bytes) -> int:
    """The offset at which the header ends."""
    return _LENGTH + int.from_bytes(data[:_LENGTH], "little")


def _header(data: bytes) -> dict[str, Any]:
    header = json.loads(data[_LENGTH : _end(data)])
    if not isinstance(header, dict):
        raise ValueError("its header is none")
    return header


def _place(data: bytes, digest: str) -> int:
    """The offset of the digest's digits. It is not found inside other texts of the header, where quotes are escaped."""
    named = f'"{SEAL_KEY}":"'.encode()
    return data.index(named + digest.encode() + b'"') + len(named)


def _digest(data: bytes, at: int, others: Sequence[bytes]) -> str:
    """The digest of `data` without the digits at `at`, and of `others`."""
    view, digest = memoryview(data), hashlib.sha256()
    for part in (view[:at], view[at + _DIGITS :]):
        digest.update(part)
    for other in others:
        digest.update(hashlib.sha256(other).digest())
    return digest.hexdigest()
