"""Credentials are in no output, log, journal, table, sidecar or error, whatever goes wrong."""

import logging
import os
import traceback
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from click.testing import CliRunner

from autohdr.cli.label import command
from autohdr.files.changing.conditional import replace
from autohdr.files.whole import create, read_bytes
from autohdr.objects.path import named
from tests.runtime.objects.shoots import FOLDER, RATED, Shoot
from tests.s3.faults import Fault, Kind

SECRETS = {
    "AWS_ACCESS_KEY_ID": "ODDKEYID7",
    "AWS_SECRET_ACCESS_KEY": "oddSecret+with/signs=7",
    "AWS_SESSION_TOKEN": "oddToken7==",
}


@pytest.fixture
def secret(shoot_there: Shoot, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> Shoot:
    """The shoot, asked for with credentials that stand nowhere else, and with all logs kept."""
    for name, value in SECRETS.items():
        monkeypatch.setenv(name, value)
    caplog.set_level(logging.DEBUG)
    return shoot_there


def without(*texts: str | bytes) -> None:
    for text in texts:
        data = text.encode() if isinstance(text, str) else text
        for secret in SECRETS.values():
            assert secret.encode() not in data


@pytest.mark.parametrize("method", ["LIST", "HEAD", "GET", "PUT", ""])
@pytest.mark.parametrize("kind", ["denied", "conflict", "torn"])
def test_a_run_that_fails_says_none_of_them(
    secret: Shoot, caplog: pytest.LogCaptureFixture, tmp_path: Path, method: str, kind: Kind
) -> None:
    secret.s3.plan(Fault(kind, method, count=0 if kind == "denied" else 1))
    table = tmp_path / "table.jsonl"
    options = ["--no-embed", "--json", "--report", str(table), "--model", str(secret.model)]
    ran = CliRunner().invoke(command, [secret.s3.url(FOLDER), *options])
    without(ran.output, ran.stderr, caplog.text, table.read_bytes() if table.exists() else b"")
    assert ran.exception is None or isinstance(ran.exception, SystemExit)
    kept = Path(os.environ["AUTOHDR_STATE"])
    without(*(path.read_bytes() for path in kept.rglob("*") if path.is_file()))
    without(*(data for key, data in secret.s3.contents().items() if not key.endswith(".dng")))


@pytest.mark.parametrize("method", ["GET", "PUT"])
def test_errors_hold_none_of_them(secret: Shoot, method: str) -> None:
    secret.s3.plan(Fault("denied", method, count=0))
    path, free = named(secret.s3.url(f"{FOLDER}IMG_1.xmp")), named(secret.s3.url(f"{FOLDER}free.xmp"))
    calls: list[Callable[[], object]] = [
        partial(read_bytes, path),
        partial(replace, path, b"", RATED),
        partial(create, free, b""),
    ]
    for call in calls:
        try:
            call()
        except Exception as error:
            without(repr(error), str(error), *traceback.format_exception(error))
            without(repr(error.__cause__), str(error.__cause__))


@pytest.mark.parametrize(
    ("url", "variable", "value"),
    [
        ("gs://bucket/a", "GOOGLE_SERVICE_ACCOUNT_KEY", '{"private_key": "oddSecret7", '),
        ("gs://bucket/a", "GOOGLE_SERVICE_ACCOUNT", "oddSecret7"),
        ("az://bucket/a", "AZURE_STORAGE_ACCOUNT_KEY", "oddSecret7%%"),
        ("az://bucket/a", "AZURE_STORAGE_SAS_KEY", "sig=oddSecret7%%"),
        ("s3://bucket/a", "AWS_ENDPOINT_URL", "http://someone:oddSecret7@\\"),
    ],
)
def test_settings_that_are_impossible_are_not_said(
    monkeypatch: pytest.MonkeyPatch, url: str, variable: str, value: str
) -> None:
    monkeypatch.setenv("AZURE_STORAGE_ACCOUNT_NAME", "account")
    monkeypatch.setenv(variable, value)
    ran = CliRunner().invoke(command, [url])
    assert ran.exit_code
    assert "oddSecret7" not in ran.output + ran.stderr
