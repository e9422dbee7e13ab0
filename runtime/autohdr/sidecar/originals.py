"""The document as it was before we changed it: kept beside the sidecar as `IMG_1.xmp_original`, and noted inside.

`autohdr:Original` holds the kept file's name, percent-encoded, and a digest of what is in it.
"""

import re
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, unquote

from autohdr.errors import SidecarError
from autohdr.files.look import is_link, real
from autohdr.files.whole import read_bytes
from autohdr.sidecar.seal import digest
from autohdr.sidecar.xmp.document import SIZE_LIMIT, Document
from autohdr.sidecar.xmp.properties import OURS

# Whatever a document says, no other kind of file is ever moved.
_KEPT = re.compile(r".*\.xmp_original\d*", re.IGNORECASE | re.DOTALL)


@dataclass(frozen=True, slots=True)
class Original:
    """Which file holds a sidecar's original."""

    name: str
    """The original's name. It stands beside the sidecar: where that is a symbolic link, beside the file that the link
    leads to."""
    digest: str

    @classmethod
    def find(cls, document: Document) -> "Original | None":
        """The one that a document names; None where it names none, or none that we would have named."""
        name, _, kept = (document.get("Original", OURS) or "").partition(" ")
        # Names that are no text, which Linux allows, are lone surrogates in Python.
        name = unquote(name, errors="surrogatepass")
        plain = Path(name).name == name and _KEPT.fullmatch(name) is not None
        return cls(name, kept) if plain and kept else None

    def properties(self) -> dict[str, str]:
        """The note as properties in Clark notation."""
        return {f"{{{OURS}}}Original": f"{quote(self.name, safe='', errors='surrogatepass')} {self.digest}"}

    def path(self, sidecar: Path) -> Path:
        """The path of the kept file, whether or not it is still there."""
        return _real(sidecar).with_name(self.name)

    def is_there(self, sidecar: Path) -> bool:
        """Whether the file is there, with what we put into it.

        Raises:
            FileError: it cannot be read.
        """
        path = self.path(sidecar)
        held = None if is_link(path) else read_bytes(path, SIZE_LIMIT + 1)
        return held is not None and digest(held) == self.digest


def place(sidecar: Path, data: bytes) -> Path:
    """The file that a sidecar's document `data` is kept in, or will be: exiftool's `_original`, then `_original2` and
    so on.

    The first name that is free or that holds these bytes already, as after a run that was killed.

    Raises:
        FileError: a file that is there already cannot be read.
        SidecarError: the sidecar is a link to a file of another kind, beside which no original would be found again.
    """
    own = _real(sidecar)
    if own.suffix.lower() != ".xmp":
        raise SidecarError(
            f"{sidecar} leads to {own}, whose name does not end in .xmp, and is left alone; put a file in its place"
        )
    count = 1
    while True:
        path = own.with_name(f"{own.name}_original{count if count > 1 else ''}")
        if read_bytes(path, len(data) + 1) in (None, data):
            return path
        count += 1


def _real(sidecar: Path) -> Path:
    """A sidecar, or the file that it leads to."""
    return real(sidecar) if is_link(sidecar) else sidecar
