"""The journal: what one run notes, the next one knows, and so do those who only look, whatever part it did."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from autohdr.codes import Code
from autohdr.run.state import journal as journal_module
from autohdr.run.state.folder import folder_of
from autohdr.run.state.journal import Entry, Journal, Skipped, Stamp, seen_of
from autohdr.run.state.noted import NAME, Noted
from autohdr.style.confidence.doubt import difference_of
from autohdr.style.confidence.reason import Reason

SETTINGS: dict[str, str | bool] = {"model": "m 1", "embed": True}
PHOTOS = 20


@contextmanager
def opened(
    root: Path,
    settings: dict[str, str | bool] | None = None,
    *,
    more: tuple[Path, ...] = (),
    write: bool = True,
    part: str = "",
) -> Iterator[Journal]:
    journal = Journal([root, *more], root.parent / "state", settings or SETTINGS, write=write, part=part)
    try:
        yield journal
    finally:
        journal.close()


def entry(number: int) -> Entry:
    return Entry.make(Stamp(number, 10**18 + number), b"%d" % number)


def note(root: Path, name: str, told: dict[str, object]) -> None:
    """Notes what no run would."""
    noted = Noted(folder_of(root, root.parent / "state"), root, write=True)
    noted.add(name, SETTINGS, told)
    noted.close()


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A folder of photos."""
    folder = tmp_path.resolve() / "shoot"
    folder.mkdir()
    return folder


@pytest.fixture
def filled(root: Path) -> Path:
    """The same, and all photos are noted as finished."""
    with opened(root) as journal:
        for number in range(PHOTOS):
            journal.add(root / f"{number}.dng", entry(number))
    return root


def known(root: Path, settings: dict[str, str | bool] | None = None) -> dict[int, Entry]:
    """What the next run knows, by the number of the photo."""
    with opened(root, settings, write=False) as journal:
        found = {number: journal.entry(root / f"{number}.dng") for number in range(PHOTOS)}
    return {number: one for number, one in found.items() if one is not None}


def test_what_is_noted_is_known_to_the_next_run_under_the_same_settings(filled: Path) -> None:
    assert known(filled) == {number: entry(number) for number in range(PHOTOS)}
    assert known(filled, SETTINGS | {"embed": False}) == {}
    assert known(filled, SETTINGS | {"decoder": "libraw"}) == {}


def test_expected_errors_are_noted_and_an_entry_without_them_is_as_good(root: Path) -> None:
    told = Entry.make(Stamp(1, 2), b"label", {"Exposure2012": 0.25}, 3.5)
    with opened(root) as journal:
        journal.add(root / "a.dng", told)
        journal.add(root / "b.dng", entry(1))
    with opened(root) as journal:
        found = journal.entry(root / "a.dng"), journal.entry(root / "b.dng")
    assert [one and one.errors for one in found] == [{"Exposure2012": 0.25}, None]
    assert [one and one.difference for one in found] == [3.5, None]
    assert "difference" not in entry(1).to_dict()
    assert found[0] == Entry.make(Stamp(1, 2), b"label"), "the errors do not decide whether it is finished"


def test_the_reason_of_a_label_is_noted_and_a_damaged_one_is_none(root: Path) -> None:
    why = Reason(("DSC_1.NEF",))
    told = Entry.make(Stamp(1, 2), b"label", {"Exposure2012": 0.25}, 3.5, why).to_dict()
    for written, expected in (({"near": ["DSC_1.NEF"], "unlike": None}, why), ({"near": [7], "unlike": None}, None)):
        note(root, "a.dng", told | {"why": written})
        with opened(root) as journal:
            found = journal.entry(root / "a.dng")
        assert found is not None
        assert found.why == expected


def test_errors_of_a_journal_of_before_make_the_difference(root: Path) -> None:
    with opened(root) as journal:
        journal.add(root / "a.dng", Entry.make(Stamp(1, 2), b"label", {"Exposure2012": 0.25}))
    with opened(root) as journal:
        found = journal.entry(root / "a.dng")
    assert found is not None
    assert found.difference == difference_of({"Exposure2012": 0.25})


def test_damaged_errors_are_none(root: Path) -> None:
    note(root, "a.dng", Entry.make(Stamp(1, 2), b"label").to_dict() | {"errors": {"Exposure2012": "half"}})
    with opened(root) as journal:
        found = journal.entry(root / "a.dng")
    assert found is not None
    assert found.errors is None


def test_the_last_word_on_a_photo_counts(filled: Path) -> None:
    changed = SETTINGS | {"model": "m 2"}
    with opened(filled) as journal:
        journal.add(filled / "0.dng", entry(7))
    with opened(filled, changed) as journal:
        journal.add(filled / "1.dng", entry(8))
    assert known(filled)[0] == entry(7)
    assert 1 not in known(filled)
    assert known(filled, changed) == {1: entry(8)}


def test_settings_may_change_while_a_run_goes_on(filled: Path) -> None:
    with opened(filled) as journal:
        assert journal.entry(filled / "0.dng") == entry(0)
        journal.depend_on(model="m 2")
        assert journal.entry(filled / "0.dng") is None
        journal.add(filled / "0.dng", entry(0))
        assert journal.entry(filled / "0.dng") == entry(0)
    assert 0 not in known(filled)
    assert known(filled, SETTINGS | {"model": "m 2"}) == {0: entry(0)}


def test_a_finished_photo_is_not_one_that_was_left_alone(filled: Path) -> None:
    with opened(filled) as journal:
        journal.add(filled / "0.dng", Skipped(seen_of([filled / "0.dng"], {}), "edited", Code.EDITED))
        assert journal.entry(filled / "2.dng") is None or journal.skipped(filled / "2.dng") is None
    with opened(filled, write=False) as journal:
        assert journal.entry(filled / "0.dng") is None
        assert journal.skipped(filled / "0.dng") == Skipped((None,), "edited", Code.EDITED)
        assert journal.skipped(filled / "1.dng") is None


@pytest.mark.parametrize("change", ["longer", "touched", "set back", "gone", "come"])
def test_a_photo_is_left_alone_until_one_of_its_files_changes(root: Path, change: str) -> None:
    photo, sidecar, other = root / "a.dng", root / "a.xmp", root / "a.dng.xmp"
    photo.write_bytes(b"photo")
    sidecar.write_bytes(b"sidecar")
    noted = Skipped(seen_of([photo, sidecar, other], {}), "edited", Code.EDITED)
    with opened(root) as journal:
        journal.add(photo, noted)
    with opened(root, write=False) as journal:
        found = journal.skipped(photo)
    assert found == noted
    assert found.files == seen_of([photo, sidecar, other], {})
    before = sidecar.stat()
    if change == "longer":
        sidecar.write_bytes(b"sidecar, changed")
    elif change == "touched":
        os.utime(sidecar, ns=(before.st_atime_ns, before.st_mtime_ns + 1))
    elif change == "set back":  # of the same length, by a program that keeps times
        while sidecar.stat().st_ctime_ns == before.st_ctime_ns:
            sidecar.write_bytes(b"SIDECAR")
            os.utime(sidecar, ns=(before.st_atime_ns, before.st_mtime_ns))
    elif change == "gone":
        sidecar.unlink()
    else:
        other.touch()
    assert found.files != seen_of([photo, sidecar, other], {})


@pytest.mark.parametrize(
    "told",
    [
        {},
        {"size": "1", "mtime_ns": 2, "sidecar": "x"},
        {"files": [[1]], "reason": "edited", "code": "edited"},
        {"files": 7, "reason": "edited", "code": "edited"},
        {"files": [], "reason": "edited", "code": "no such code"},
    ],
)
def test_a_note_that_says_nothing_is_passed_over(filled: Path, told: dict[str, object]) -> None:
    note(filled, "3.dng", told)
    assert known(filled) == {number: entry(number) for number in range(PHOTOS) if number != 3}


def test_who_only_looks_leaves_no_trace(root: Path) -> None:
    with opened(root, write=False) as journal:
        journal.add(root / "0.dng", entry(0))
        assert journal.entry(root / "0.dng") is None
    assert not (root.parent / "state").exists()


def test_each_folder_has_a_journal(root: Path) -> None:
    other = root.parent / "other"
    other.mkdir()
    with opened(root, more=(other,)) as journal:
        journal.add(root / "0.dng", entry(0))
        journal.add(other / "0.dng", entry(1))
        journal.add(root / "deep" / "0.dng", entry(2))
    assert all((folder_of(folder, root.parent / "state") / NAME).exists() for folder in (root, other))
    with opened(root, write=False) as journal:
        assert journal.entry(root / "deep" / "0.dng") == entry(2)
        assert journal.entry(other / "0.dng") is None
    with opened(other, write=False) as journal:
        assert journal.entry(other / "0.dng") == entry(1)


@pytest.mark.skipif(os.name == "nt", reason="making links needs a privilege on Windows")
def test_a_photo_is_the_same_through_a_link_and_one_outside_is_not_noted(root: Path) -> None:
    elsewhere = root.parent / "elsewhere"
    elsewhere.mkdir()
    (root.parent / "link").symlink_to(root)
    (root / "away").symlink_to(elsewhere)
    with opened(root) as journal:
        journal.add(root.parent / "link" / "0.dng", entry(0))
        journal.add(root / "away" / "1.dng", entry(1))
    assert known(root) == {0: entry(0)}


def test_names_of_folders_are_known_however_many_there_are(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(journal_module, "FOLDERS", 3)
    photos = [root / str(number % 5) / f"{number}.dng" for number in range(PHOTOS)]
    with opened(root) as journal:
        for number, photo in enumerate(photos):
            journal.add(photo, entry(number))
        assert [journal.entry(photo) for photo in photos] == [entry(number) for number in range(PHOTOS)]


def test_who_looks_sees_what_all_parts_of_a_run_have_noted(root: Path) -> None:
    with opened(root, part="shard-1-of-2") as one, opened(root, part="shard-2-of-2") as two:
        one.add(root / "0.dng", entry(0))
        two.add(root / "1.dng", entry(1))
    assert known(root) == {0: entry(0), 1: entry(1)}
    with opened(root) as whole:  # nor does a run over all of them do them again
        assert whole.entry(root / "1.dng") == entry(1)


def test_a_part_knows_what_was_noted_under_another_division(filled: Path) -> None:
    with opened(filled, part="shard-1-of-2") as half:
        assert half.entry(filled / "0.dng") == entry(0)
        half.add(filled / "1.dng", entry(30))
    with opened(filled, part="shard-2-of-12") as twelfth:
        assert twelfth.noted(filled / "1.dng") == [entry(1), entry(30)]
    with opened(filled, part="shard-2-of-2") as other:  # the other half has other photos
        assert other.noted(filled / "1.dng") == [entry(1)]
