"""Finished photographs: who they are owed to, and whole sources kept apart."""

from pathlib import Path

import pytest

from autohdr.errors import SettingsError
from autohdr_train.data.photographs import apart, collection, read_photographs


def test_a_list_names_source_licence_and_credit(photographs: Path) -> None:
    found = read_photographs(photographs)
    assert len(found) == 12
    assert found[0].licence == "CC BY 4.0"
    assert found[3].credit == "(credit: Person 3)"
    assert {photo.source for photo in found} == {"one/first", "one/second", "npm pack", "Debian gcompris"}


def test_what_is_gone_or_may_not_be_used_is_left_out(photographs: Path) -> None:
    found = read_photographs(photographs)
    assert all(photo.path.is_file() for photo in found)
    assert not any("NC" in photo.credit for photo in found)


@pytest.mark.parametrize(
    ("source", "whole"),
    [
        ("openstax/osbooks-physics@d35d5f3/media/a.jpg", "openstax/osbooks-physics"),
        ("npm material-kit@2.0.4/package/bg.jpg", "npm material-kit"),
        ("Debian bookworm package gnome-backgrounds_43/a.webp", "Debian bookworm"),
    ],
)
def test_a_collection_is_the_book_or_package_of_a_file(source: str, whole: str) -> None:
    assert collection(source) == whole


def test_no_source_is_both_learnt_from_and_scored(photographs: Path) -> None:
    learnt, scored = apart(read_photographs(photographs))
    assert not {photo.source for photo in learnt} & {photo.source for photo in scored}
    assert len(learnt) + len(scored) == 12
    assert len(scored) >= 3
    assert apart(read_photographs(photographs)) == (learnt, scored)


def test_a_folder_without_a_list_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"sources\.csv cannot be read"):
        read_photographs(tmp_path)
    (tmp_path / "sources.csv").write_text("file,licence,source,credit\ngone.jpg,A MIT,x@1,\n")
    with pytest.raises(SettingsError, match="holds none of the photographs"):
        read_photographs(tmp_path)
