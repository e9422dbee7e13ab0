"""Unpacks texts that a catalog stores plain, or compressed behind their length, as later versions do."""

import zlib

from autohdr.errors import CatalogError

LIMIT = 16 << 20
"""Bytes of an unpacked text."""
_LENGTH = 4


def unpacked(value: object) -> str | None:
    """The text that a column holds; None where it holds nothing.

    Compressed, it is its length in four bytes, the highest first, and a zlib stream.

    Raises:
        CatalogError: it is neither, is damaged, or unpacks to more than `LIMIT` bytes.
    """
    if isinstance(value, str):
        value = value.encode("utf-8", "replace")
    if value is None or value == b"":
        return None
    if not isinstance(value, bytes):
        raise CatalogError("its settings are not a text")
    data = _inflated(value) if len(value) > _LENGTH + 2 and value[_LENGTH] == 0x78 and value[0] < 0x20 else value
    if len(data) > LIMIT:
        raise CatalogError(f"its settings are {len(data)} bytes long, expected at most {LIMIT}")
    return data.decode("utf-8", "replace")


def _inflated(value: bytes) -> bytes:
    unpacker = zlib.decompressobj()
    try:
        data = unpacker.decompress(value[_LENGTH:], LIMIT + 1)
    except zlib.error as error:
        raise CatalogError(f"its settings are damaged ({error})") from error
    if len(data) <= LIMIT and (not unpacker.eof or len(data) != int.from_bytes(value[:_LENGTH], "big")):
        raise CatalogError("its settings are damaged: they are not as long as they say")
    return data
