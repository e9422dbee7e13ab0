"""What is wrong with a server, a bucket or this machine, told apart and said in words of our own."""

import sys
import threading

import pytest

from autohdr.errors import FileError, MissingError
from autohdr.exits import Exit
from autohdr.files.whole import read_bytes
from autohdr.objects.path import named
from autohdr.objects.store import CredentialsError, UnreachableError
from autohdr.raw.discover import find_photos
from autohdr.run.stop import Stop
from tests.s3.faults import Fault
from tests.s3.store import S3


def lost(s3: S3) -> FileError:
    """The error of a photo whose server did not answer."""
    error = FileError("it cannot be read")
    error.__cause__ = UnreachableError(113, "the server does not answer", s3.url("a.xmp"))
    return error


def test_one_object_that_is_not_answered_for_does_not_end_a_run(s3: S3) -> None:
    stop = Stop(threading.Event())
    assert not stop.by(lost(s3))
    assert not stop.now


def test_a_server_that_is_gone_ends_a_run(s3: S3, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:1")
    stop = Stop(threading.Event())
    assert stop.by(lost(s3))
    assert stop.reason == "it cannot be read"


def test_credentials_that_end_in_the_midst_end_a_run() -> None:
    error = FileError("it cannot be read")
    error.__cause__ = CredentialsError(13, "the server does not know these credentials, or not any more")
    assert Stop(threading.Event()).by(error)


def test_what_a_server_says_is_not_repeated(s3: S3) -> None:
    s3.plan(Fault("denied", count=0))
    with pytest.raises(FileError) as refused:
        read_bytes(named(s3.url("a.xmp")))
    assert str(refused.value) == (
        "s3://archive/a.xmp cannot be read (the server does not permit it); check what these credentials permit, then "
        "run again"
    )
    assert refused.value.__cause__ is not None
    assert refused.value.__cause__.__cause__ is None


def test_without_the_library_one_sentence_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "obstore", None)
    with pytest.raises(MissingError, match=r'pip install "autohdr\[cloud\]"') as missing:
        find_photos(["s3://bucket/shoot"])
    assert missing.value.exit_code == Exit.MISSING


def test_without_an_account_a_sentence_says_which_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AZURE_STORAGE_ACCOUNT_NAME", raising=False)
    with pytest.raises(FileError, match="AZURE_STORAGE_ACCOUNT_NAME and AZURE_STORAGE_ACCOUNT_KEY"):
        read_bytes(named("az://container/a.xmp"))
