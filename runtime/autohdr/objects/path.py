"""Names objects in a bucket as paths, so that whatever passes paths along passes them along as well."""

import os
import re
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, NoReturn
from urllib.parse import unquote

from autohdr.errors import SettingsError

if TYPE_CHECKING:  # an object is a path like any other; what only a file has, it lacks at run time, and fails loudly
    from pathlib import Path as _Base
else:
    from pathlib import PurePosixPath as _Base

SCHEMES = ("s3", "gs", "az")
"""What begins a URL of an object: Amazon's protocol, Google's, Azure's."""
LONGEST = 1024
"""Bytes of UTF-8 that a key may have."""

_URL = re.compile(r"([A-Za-z][A-Za-z0-9+.-]+)://(.*)", re.DOTALL)
_TAKEN_FOR_A_FILE = re.compile(rf"({'|'.join(SCHEMES)}):[/\\]")


class ObjectPath(_Base):
    """The URL of an object, or of what its key begins with: `s3://bucket/2024/IMG_1.CR2`.

    The text behind the bucket is the key, letter for letter: nothing in it is decoded.
    """

    __slots__ = ()

    def __str__(self) -> str:
        """The URL."""
        scheme, separator, rest = super().__str__().partition(":/")
        return f"{scheme}://{rest}" if separator else scheme

    def __fspath__(self) -> NoReturn:
        """No call of the system's takes an object."""
        raise TypeError(f"{self} is an object and no file")

    @property
    def scheme(self) -> str:
        """What begins the URL, one of `SCHEMES`."""
        return self.parts[0].removesuffix(":")

    @property
    def bucket(self) -> str:
        """The name of the bucket, or of Azure's container; empty above all buckets."""
        return self.parts[1] if len(self.parts) > 1 else ""

    @property
    def key(self) -> str:
        """The object's name in the bucket; empty for the bucket itself."""
        return "/".join(self.parts[2:])

    def at(self, key: str) -> "ObjectPath":
        """The path of another key in this bucket."""
        return ObjectPath(f"{self.scheme}://{self.bucket}/{key}")


def named(name: str | os.PathLike[str]) -> Path:
    """The path of what a user names: of an object where it is a URL of one, else of a file or folder.

    Raises:
        SettingsError: it is a URL of another kind, or its key cannot be asked for.
    """
    if isinstance(name, ObjectPath):
        return name
    if isinstance(name, PurePath):
        if _TAKEN_FOR_A_FILE.match(str(name)):
            raise SettingsError(f"{name} is a pathlib.Path, which drops a slash; give the URL of an object as str")
        return Path(name)
    text = os.fspath(name)
    if (url := _URL.fullmatch(text)) is None:
        return Path(text)
    scheme, rest = url[1].lower(), url[2]
    if scheme == "file":
        return _file(text, rest)
    if scheme not in SCHEMES:
        raise SettingsError(f"{text} is no URL that autohdr reads; expected s3://, gs://, az:// or file://")
    bucket, _, key = rest.partition("/")
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]+", bucket):
        raise SettingsError(f"{text} names no bucket; expected {scheme}://BUCKET/FOLDER")
    if (reason := impossible(key.removesuffix("/"))) is not None:
        raise SettingsError(f"{printable(text)} cannot be asked for, because {reason}; give the object another key")
    return ObjectPath(f"{scheme}://{bucket}/{key}")


def impossible(key: str) -> str | None:
    """Why a key cannot be asked for, as the end of a sentence; None where it can."""
    parts = key.split("/")
    if key and "" in parts:
        return "its key has a part without a name (//)"
    if "." in parts or ".." in parts:
        return "a part of its key is . or .., which programs take for folders"
    if any(ord(letter) < 32 or ord(letter) == 127 for letter in key):
        return "its key has control characters"
    try:
        long = len(key.encode()) > LONGEST
    except UnicodeEncodeError:
        return "its key is not Unicode"
    return f"its key has more than {LONGEST:,} bytes" if long else None


def printable(text: str) -> str:
    """The text without what a terminal would obey."""
    return "".join(letter if letter.isprintable() else "\ufffd" for letter in text)


def _file(url: str, rest: str) -> Path:
    host, slash, path = rest.partition("/")
    if not slash or host not in ("", "localhost"):
        raise SettingsError(f"{url} names no file of this machine; expected file:///FOLDER")
    if os.name != "nt":
        return Path(unquote(f"/{path}", errors="surrogateescape"))
    from urllib.request import url2pathname  # brings HTTP and TLS

    return Path(url2pathname(f"/{path}"))
