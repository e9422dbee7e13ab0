"""Files of ours that are only ever of use whole: each begins with the SHA-256 of the rest of it.

What a library compiled, or a run has come to, would be taken for good if a byte of it were another: libraries load what
is damaged, and answer otherwise.
"""

import hashlib
from pathlib import Path

from autohdr.files.whole import read_bytes, write_atomically

_DIGEST = hashlib.sha256().digest_size


def write_checked(path: Path, content: bytes) -> None:
    """Replaces a file by the digest of `content`, and `content`.

    Raises:
        FileError: it cannot be written.
    """
    write_atomically(path, hashlib.sha256(content).digest() + content)


def read_checked(path: Path) -> bytes | None:
    """What `write_checked` was given; None where there is no file, or it is damaged.

    Raises:
        FileError: it is there and cannot be read.
    """
    data = read_bytes(path) or b""
    content = data[_DIGEST:]
    return content if hashlib.sha256(content).digest() == data[:_DIGEST] else None
