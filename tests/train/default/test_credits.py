"""Credits: everybody whose photographs are in the weights is named."""

import csv
import io
from pathlib import Path

from autohdr_train.data.photographs import read_photographs
from autohdr_train.default.credits import credits_of, licences


def test_every_photograph_is_counted_under_its_source_licence_and_credit(photographs: Path) -> None:
    photos = read_photographs(photographs)
    rows = list(csv.DictReader(io.StringIO(credits_of(photos).decode())))
    assert sum(int(row["photographs"]) for row in rows) == len(photos)
    assert {row["credit"] for row in rows} == {photo.credit for photo in photos}
    assert {row["source"] for row in rows} == {photo.source for photo in photos}


def test_licences_are_counted(photographs: Path) -> None:
    assert licences(read_photographs(photographs)) == "CC BY 4.0 (12)"
