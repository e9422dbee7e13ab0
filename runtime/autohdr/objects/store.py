"""Opens buckets, and turns what goes wrong with them into the system's errors.

Settings and credentials come from the environment, as obstore reads them, and from nowhere else. What obstore says of
an error may hold a signed URL, so none of its text goes into ours, nor is it kept as an error's cause.
"""

import contextlib
import errno
import os
import re
from collections.abc import Iterator
from datetime import timedelta
from functools import cache
from typing import TYPE_CHECKING, Any

from autohdr.errors import AutohdrError, MissingError
from autohdr.objects.path import ObjectPath, printable

if TYPE_CHECKING:
    from obstore.store import ObjectStore

PATIENT, BRISK = timedelta(minutes=2), timedelta(seconds=8)
"""How long a request is tried again: in the midst of a run, and when a bucket is first looked at."""

_CLIENT = {"connect_timeout": "5s", "read_timeout": "30s", "timeout": "15m"}
"""How long a server may say nothing, and how long a whole object may take, however slow the line is; less where the
environment says so, as in `AWS_TIMEOUT`."""
_STATUS = re.compile(r"non-2xx status code: (\d{3})")
_CODE = re.compile(r"<Code>(\w+)</Code>")
_MACHINE = re.compile(r"169\.254\.169\.254|169\.254\.170\.2|metadata\.google\.internal|metadata/identity")
"""Where a machine in a cloud is given credentials: the last place that is asked."""
_BAD_KEY = re.compile(r'with invalid path: (?:Error parsing )?Path "(.*?)"(?:: Encountered| contained)', re.DOTALL)
_VARIABLES = {
    "s3": "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY",
    "gs": "GOOGLE_APPLICATION_CREDENTIALS",
    "az": "AZURE_STORAGE_ACCOUNT_NAME and AZURE_STORAGE_ACCOUNT_KEY",
}


class ChangedError(OSError):
    """An object is not the one that a request was meant for."""


class CredentialsError(PermissionError):
    """The environment holds no credentials, or such as the server does not know."""


class NoWritingError(PermissionError):
    """The server does not let these credentials write."""


class UnreachableError(ConnectionError):
    """A server does not answer, or not in time."""


class NoBucketError(OSError):
    """Raised where there is no bucket of this name."""


class BadKeyError(OSError):
    """A bucket holds a key that cannot be asked for."""

    key = ""


def library() -> Any:
    """The module `obstore`, which is imported when an object is asked for.

    Raises:
        MissingError: it is not installed.
    """
    try:
        import obstore
    except ModuleNotFoundError as error:
        raise MissingError('obstore is not installed; run: pip install "autohdr[cloud]"') from error
    return obstore


def store_of(path: ObjectPath, patience: timedelta = PATIENT) -> "ObjectStore":
    """The bucket of an object, opened once.

    Args:
        path: the object.
        patience: for how long its requests are tried again.

    Raises:
        MissingError: obstore is not installed.
        OSError: the environment's settings are impossible.
    """
    if not path.bucket:
        raise FileNotFoundError(errno.ENOENT, "it names no bucket", str(path))
    return _opened(path.scheme, path.bucket, patience, _settings())


@contextlib.contextmanager
def asked(path: ObjectPath) -> Iterator[None]:
    """Raises what obstore raises in the block as an OSError with a `strerror` of our own.

    Raises:
        FileNotFoundError, FileExistsError, PermissionError, CredentialsError, UnreachableError, NoBucketError,
            ChangedError, OSError: as their names say.
    """
    try:
        yield
    except (AutohdrError, BadKeyError, ChangedError, CredentialsError, NoBucketError, UnreachableError):
        raise
    except Exception as error:
        if not _is_obstores(error):
            raise
        ours = _as_ours(path, error)
        ours.filename = str(path)
        raise ours from None


def _settings() -> tuple[tuple[str, str], ...]:
    """What the environment says now: a store that was opened under other settings is opened anew."""
    names = sorted(name for name in os.environ if name.startswith(("AWS_", "GOOGLE_", "AZURE_")))
    return tuple((name, os.environ[name]) for name in names)


@cache
def _opened(scheme: str, bucket: str, patience: timedelta, settings: tuple[tuple[str, str], ...]) -> "ObjectStore":
    library()
    from obstore.store import AzureStore, GCSStore, S3Store

    backoff: Any = {"init_backoff": timedelta(milliseconds=100), "max_backoff": timedelta(seconds=10), "base": 2}
    retry: Any = {"max_retries": 10, "retry_timeout": patience, "backoff": backoff}
    open_store: Any = {"s3": S3Store, "gs": GCSStore, "az": AzureStore}[scheme]
    said = {name.partition("_")[2].lower() for name, _ in settings}
    config = {name: value for name, value in _CLIENT.items() if name not in said}
    try:
        opened: ObjectStore = open_store(bucket, config=config, retry_config=retry)
    except Exception:
        sentence = "the settings in its environment are impossible, or incomplete"
        raise CredentialsError(errno.EACCES, f"{sentence}: set {_VARIABLES[scheme]}") from None
    return opened


def _is_obstores(error: Exception) -> bool:
    from obstore.exceptions import BaseError

    return isinstance(error, BaseError | FileNotFoundError | PermissionError | ValueError | OSError)


def _as_ours(path: ObjectPath, error: Exception) -> OSError:
    """The error of ours that says as much as we know of it."""
    from obstore import exceptions

    text = str(error)
    status = int(found[1]) if (found := _STATUS.search(text)) else 0
    code = found[1] if (found := _CODE.search(text)) else ""
    if _MACHINE.search(text):
        return CredentialsError(errno.EACCES, f"no credentials are given: set {_VARIABLES[path.scheme]}")
    if code == "NoSuchBucket" or "ContainerNotFound" in text:
        return NoBucketError(errno.ENOENT, f"there is no bucket {path.bucket}")
    if (bad := _BAD_KEY.search(text)) is not None:
        ours = BadKeyError(errno.EINVAL, f"it holds the key {printable(bad[1])}, which cannot be asked for")
        ours.key = bad[1]
        return ours
    if isinstance(error, exceptions.AlreadyExistsError):
        return FileExistsError(errno.EEXIST, "it is there already")
    if isinstance(error, exceptions.PreconditionError | exceptions.NotModifiedError):
        return ChangedError(errno.EAGAIN, "it has changed in the meantime")
    if isinstance(error, exceptions.UnauthenticatedError) or code in _UNKNOWN:
        return CredentialsError(errno.EACCES, "the server does not know these credentials, or not any more")
    if isinstance(error, exceptions.PermissionDeniedError) or status in (401, 403):
        return PermissionError(errno.EACCES, "the server does not permit it")
    if isinstance(error, FileNotFoundError):
        return FileNotFoundError(errno.ENOENT, "there is no such object")
    if isinstance(error, exceptions.NotSupportedError) or status == 501:
        return OSError(errno.ENOTSUP, "the server cannot write on a condition")
    if status == 301 or code in ("PermanentRedirect", "AuthorizationHeaderMalformed"):
        return CredentialsError(errno.EACCES, f"the bucket is in another region: set AWS_REGION{_region(text)}")
    if status == 416:
        return OSError(errno.ERANGE, "it ends before that part of it")
    if status:
        return OSError(errno.EIO, f"the server answers with status {status}")
    if isinstance(error, ValueError):
        return OSError(errno.EINVAL, "its key cannot be asked for")
    return UnreachableError(errno.EHOSTUNREACH, "the server does not answer")


_UNKNOWN = frozenset(
    (
        *("InvalidAccessKeyId", "SignatureDoesNotMatch", "ExpiredToken", "InvalidToken", "TokenRefreshRequired"),
        *("RequestTimeTooSkewed", "AuthenticationFailed", "InvalidAuthenticationInfo"),
    )
)
"""What servers say of credentials, or of a clock, that they do not take."""


def _region(text: str) -> str:
    found = re.search(r"<Region>([a-z0-9-]+)</Region>", text)
    return f" to {found[1]}" if found else ""
