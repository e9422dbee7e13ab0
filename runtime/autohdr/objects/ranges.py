"""Reads parts of objects: a few headers do not cost the whole."""

import errno
import io
from collections import OrderedDict
from typing import Any

from autohdr.objects.path import ObjectPath
from autohdr.objects.store import ChangedError, asked, library, store_of

BLOCK = 1 << 17
"""Bytes that are asked for at once; most headers lie in the first of them."""
_KEPT = 16
"""Blocks that are kept."""


class ObjectFile(io.RawIOBase):
    """An object, open to be read like a file; what is read is of one version of it, or an error."""

    def __init__(self, path: ObjectPath) -> None:
        """Opens an object.

        Raises:
            FileNotFoundError: there is none.
            OSError: the server cannot be asked, or refuses.
        """
        super().__init__()
        self._path, self._place = path, 0
        self._blocks: OrderedDict[int, bytes] = OrderedDict()
        self._e_tag: str | None = None
        self.length = 0
        try:
            self._blocks[0] = self._get(0, BLOCK)
        except _EmptyError:
            self._blocks[0] = b""

    def seekable(self) -> bool:
        """See `io.IOBase.seekable`."""
        return True

    def readable(self) -> bool:
        """See `io.IOBase.readable`."""
        return True

    def seek(self, place: int, whence: int = io.SEEK_SET) -> int:
        """See `io.IOBase.seek`."""
        self._place = max(0, place + (0, self._place, self.length)[whence])
        return self._place

    def tell(self) -> int:
        """See `io.IOBase.tell`."""
        return self._place

    def readinto(self, buffer: Any) -> int:
        """See `io.RawIOBase.readinto`."""
        data = self._from(self._place, len(buffer))
        buffer[: len(data)] = data
        self._place += len(data)
        return len(data)

    def _from(self, start: int, size: int) -> bytes:
        end = min(start + size, self.length)
        if start >= end:
            return b""
        if end - start > BLOCK:
            return self._get(start, end)
        first, last = start // BLOCK, (end - 1) // BLOCK
        data = b"".join(self._block(number) for number in range(first, last + 1))
        return data[start - first * BLOCK : end - first * BLOCK]

    def _block(self, number: int) -> bytes:
        if number not in self._blocks:
            self._blocks[number] = self._get(number * BLOCK, min((number + 1) * BLOCK, self.length))
            if len(self._blocks) > _KEPT:
                self._blocks.popitem(last=False)
        self._blocks.move_to_end(number)
        return self._blocks[number]

    def _get(self, start: int, end: int) -> bytes:
        options: Any = {"range": (start, end)}
        if self._e_tag is not None:
            options["if_match"] = self._e_tag
        try:
            with asked(self._path):
                found = library().get(store_of(self._path), self._path.key, options=options)
                meta, data = found.meta, bytes(found.bytes())
        except ChangedError:
            raise ChangedError(errno.EAGAIN, "it has changed while it was read", str(self._path)) from None
        except OSError as error:
            if error.errno != errno.ERANGE:
                raise
            raise _EmptyError from None
        self._e_tag, self.length = meta["e_tag"], meta["size"]
        return data


class _EmptyError(OSError):
    """An object holds nothing, of which no part can be asked for."""
