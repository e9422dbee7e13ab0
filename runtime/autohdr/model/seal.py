"""The seal of a model file: a digest of all its other bytes, as the last thing in it.

Weights with a flipped bit answer other sliders, and no library says a word. So each `.onnx` of autohdr's ends with a
metadata property that holds the SHA-256 of everything before it: graph, weights and what the model says of itself.
Protocol Buffers lets a message be continued by appending fields, so a seal is put on, and looked at, without parsing.

A file without a seal is refused like one whose seal is wrong. Were it allowed, a damaged seal or a lost end would pass
for a file of an autohdr that wrote no seals; and no such autohdr was ever released.

What it costs: one pass of SHA-256, in which the file's own digest, which sidecars record, is found as well. 12 ms for
the default model of 24 MB and 160 ms for a ViT-base of 340 MB, where opening the first takes an engine 300 ms or more
(one core of a shared Xeon with SHA instructions, November 2026).
"""

import hashlib

SEAL_KEY = "autohdr.sha256"
"""Name of the metadata property."""

_DIGITS = 2 * hashlib.sha256().digest_size
_METADATA, _KEY, _VALUE = 14, 1, 2  # of a ModelProto; of a StringStringEntryProto
_LENGTH = 2  # wire type: a length, then so many bytes


def _field(number: int, length: int) -> bytes:
    return bytes([number << 3 | _LENGTH, length])


_NAMED = _field(_KEY, len(SEAL_KEY)) + SEAL_KEY.encode() + _field(_VALUE, _DIGITS)
_START = _field(_METADATA, len(_NAMED) + _DIGITS) + _NAMED
_SIZE = len(_START) + _DIGITS


def seal(data: bytes) -> bytes:
    """A model file's bytes with their seal at the end; an earlier one there is replaced."""
    content = data[:-_SIZE] if has_seal(data) else data
    return content + _START + hashlib.sha256(content).hexdigest().encode()


def has_seal(data: bytes) -> bool:
    """Whether a seal, right or wrong, ends these bytes."""
    return data[-_SIZE:].startswith(_START)


def look(data: bytes) -> tuple[str, bool]:
    """SHA-256 of a whole model file, in hexadecimal digits, and whether its seal is there and right."""
    view = memoryview(data)
    content = hashlib.sha256(view[:-_SIZE])
    whole = content.copy()
    whole.update(view[-_SIZE:])
    return whole.hexdigest(), data[-_SIZE:] == _START + content.hexdigest().encode()
