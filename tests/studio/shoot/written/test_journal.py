"""The journal remembers what a studio did, whatever happens to the last line of it, and does not grow on and on."""

import contextlib
from pathlib import Path

import pytest

from autohdr.errors import FileError
from autohdr.run.state.folder import folder_of
from autohdr_studio.shoot.written.journal import MOST, NAME, SPARE_LINES, Journal, Step


def opened(folder: Path, selection: str = "", *, write: bool = True) -> "contextlib.closing[Journal]":
    """The journal of a folder, beside it."""
    return contextlib.closing(Journal([folder], folder.parent / "state", selection, write=write))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    found = tmp_path / "photos"
    found.mkdir()
    return found


def test_all_is_known_again(folder: Path) -> None:
    photo, other = folder / "IMG_1.dng", folder / "a" / "IMG_1.dng"
    first = Step(b"<one/>", "digest", {"IMG_1.dng_xmp_original": b"{}"}, first=True)
    with opened(folder) as journal:
        journal.push(photo, first)
        journal.push(photo, Step(None, "other"))
        journal.lead(photo, "IMG_1.dng_xmp_original", b"[]")
        journal.push(other, Step(b"", "third"))
        journal.pop(other)
        journal.exclude(other, excluded=True)
        journal.learnt(7, 2.5)
        journal.learnt(7, 2.25)
        journal.learnt(5, 3.5)
    for _ in range(2):
        with opened(folder) as journal:
            assert journal.steps(photo) == [first, Step(None, "other", original=("IMG_1.dng_xmp_original", b"[]"))]
            assert journal.steps(other) == []
            assert (journal.excluded(photo), journal.excluded(other)) == (False, True)
            assert journal.curve == [(5, 3.5), (7, 2.25)]


def test_each_selection_of_a_catalog_has_a_curve_of_its_own(folder: Path) -> None:
    with opened(folder, "wedding") as journal:
        journal.learnt(7, 2.5)
    with opened(folder) as journal:
        assert journal.curve == []
        for number in range(SPARE_LINES + 10):
            journal.learnt(5, number)
    with opened(folder) as journal:
        assert journal.curve == [(5, SPARE_LINES + 9)]
    with opened(folder, "wedding") as journal:
        assert journal.curve == [(7, 2.5)]


def test_a_torn_line_is_passed_over_and_the_next_one_is_whole(folder: Path) -> None:
    photo = folder / "IMG_1.dng"
    with opened(folder) as journal:
        journal.push(photo, Step(b"<one/>", "digest"))
        journal.push(photo, Step(b"<two/>", "other"))
    path = folder_of(folder.resolve(), folder.parent / "state") / NAME
    path.write_bytes(path.read_bytes()[:-20])
    with opened(folder) as journal:
        assert [step.after for step in journal.steps(photo)] == ["digest"]
        journal.push(photo, Step(b"<three/>", "third"))
    with opened(folder) as journal:
        assert [step.after for step in journal.steps(photo)] == ["digest", "third"]


def test_damaged_lines_are_passed_over(folder: Path) -> None:
    with opened(folder) as journal:
        journal.exclude(folder / "IMG_1.dng", excluded=True)
    path = folder_of(folder.resolve(), folder.parent / "state") / NAME
    with path.open("ab") as file:
        for line in (
            b"[]",
            b"{}",
            b'{"does": "edit"}',
            b'{"does": "edit", "photo": "a", "before": "x", "after": 1}',
            b"\0",
        ):
            file.write(line + b"\n")
    with opened(folder) as journal:
        assert journal.excluded(folder / "IMG_1.dng")
        assert journal.steps(folder / "a") == []


def test_it_is_written_anew_where_little_of_it_counts(folder: Path) -> None:
    photo = folder / "IMG_1.dng"
    with opened(folder) as journal:
        journal.exclude(folder / "IMG_2.dng", excluded=True)
        journal.learnt(5, 3.5)
        for number in range(SPARE_LINES + 3 * MOST):
            journal.push(photo, Step(b"<one/>", str(number)))
    path = folder_of(folder.resolve(), folder.parent / "state") / NAME
    with opened(folder) as journal:
        assert [step.after for step in journal.steps(photo)] == [
            str(number) for number in range(SPARE_LINES + 2 * MOST, SPARE_LINES + 3 * MOST)
        ]
        assert journal.excluded(folder / "IMG_2.dng")
        assert journal.curve == [(5, 3.5)]
    assert len(path.read_bytes().splitlines()) == 1 + MOST + 2


def test_of_one_that_is_only_read_nothing_is_written(folder: Path) -> None:
    with opened(folder, write=False) as journal:
        assert journal.steps(folder / "IMG_1.dng") == []
        with pytest.raises(FileError, match="reading only"):
            journal.exclude(folder / "IMG_1.dng", excluded=True)
    assert not (folder.parent / "state").exists()
