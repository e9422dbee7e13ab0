"""Keeps what a catalog holds of a photo, small enough to keep it of thousands, to look at it again later."""

import zlib
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Self

from autohdr.catalog import lua
from autohdr.catalog.entries import Entry, records_of
from autohdr.sidecar.record import Record
from autohdr.sidecar.xmp.document import Document


@dataclass(frozen=True, slots=True)
class KeptEntry:
    """Holds an entry of a catalog. Two are equal where Lightroom shows the same settings."""

    photo: Path
    settings: bytes | None
    """Compressed; None where nobody has changed any, or they cannot be read."""
    trouble: str | None
    """Why they cannot be read."""
    records: tuple[Record, ...] = field(compare=False)
    unedited: Document | None = field(compare=False)
    """The settings where nobody has changed any; many photos share one document."""

    @classmethod
    def of(cls, entry: Entry) -> Self:
        """Packs an entry."""
        if entry.text is None:
            return cls(entry.photo, None, entry.trouble, (), entry.document)
        return cls(entry.photo, zlib.compress(entry.text.encode("utf-8", "replace"), 1), None, entry.records, None)

    @property
    def changed(self) -> bool:
        """Whether somebody may have changed the settings."""
        return self.settings is not None or self.trouble is not None

    @property
    def digest(self) -> str:
        """A digest of the settings."""
        return sha256(repr((self.settings, self.trouble)).encode()).hexdigest()[:32]

    def entry(self) -> Entry:
        """The entry, by what stands in the photo's file or sidecar now, and by what stood there before."""
        if self.settings is None:
            return Entry(self.photo, _document=self.unedited, _trouble=self.trouble)
        text = zlib.decompress(self.settings).decode()
        now = records_of(self.photo)
        return Entry(self.photo, lua.parse(text), text, (*now, *(one for one in self.records if one not in now)))
