"""`xmp:MetadataDate` is kept as Camera Raw keeps it, where there is one."""

from datetime import datetime

import pytest

from autohdr.sidecar import Document, merge
from autohdr.sidecar.xmp import dates
from autohdr.sidecar.xmp.dates import metadata_date
from autohdr.sidecar.xmp.properties import XMP

KEY = f"{{{XMP}}}MetadataDate"
NOW = "2026-11-22T12:00:00+01:00"


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dates, "_now", lambda: datetime.fromisoformat(NOW))


@pytest.mark.parametrize(
    "earlier",
    ["2026-11-22T11:59:59+01:00", "2026-11-22T10:59:59Z", "2026-11-22T11:59:59", "2020-09-08T17:50:41.25-04:00"],
)
def test_an_earlier_date_becomes_the_present_one(earlier: str) -> None:
    assert metadata_date(Document.parse(merge(None, {KEY: earlier}))) == {KEY: NOW}


@pytest.mark.parametrize(
    "later", [NOW, "2026-11-22T11:00:01Z", "2026-11-22T12:00:01", "2099-01-01T00:00:00Z", "9999-12-31T23:59:59-12:00"]
)
def test_a_date_never_goes_back(later: str) -> None:
    assert metadata_date(Document.parse(merge(None, {KEY: later}))) == {}


@pytest.mark.parametrize("text", ["", "yesterday", "2012", "2012-07", "0001-01-01T00:00:00+14:00"])
def test_what_is_no_whole_date_becomes_one(text: str) -> None:
    assert metadata_date(Document.parse(merge(None, {KEY: text}))) == {KEY: NOW}


def test_a_document_without_a_date_gets_none() -> None:
    assert metadata_date(Document.parse(merge(None, {f"{{{XMP}}}Rating": "3"}))) == {}


def test_the_present_is_spelled_as_camera_raw_does(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    date = metadata_date(Document.parse(merge(None, {KEY: "2012-07-26T13:11:40-04:00"})))[KEY]
    assert len(date) == len(NOW)
    assert datetime.fromisoformat(date).utcoffset() is not None
