"""The journal: what one run notes, the next one knows, whatever happened to the file in between."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from autohdr.codes import Code
from autohdr.run.state import journal as journal_module
from autohdr.run.state.folder import folder_of
from autohdr.run.state.journal import NAME, Entry, Journal, Skipped, Stamp
from autohdr.style.confidence.doubt import difference_of
from autohdr.style.confidence.reason import Reason

SETTINGS: dict[str, str | bool] = {"model": "m 1", "embed": True}
PHOTOS = 20


@contextmanager
def opened(
    root: Path, settings: dict[str, str | bool] | None = None, *, more: tuple[Path, ...] = (), write: bool = True
) -> Iterator[Journal]:
    journal = Journal([root, *more], root.parent / "state", settings or SETTINGS, write=write)
    try:
        yield journal
    finally:
        journal.close()


def file_of(root: Path) -> Path:
    return folder_of(root, root.parent / "state") / NAME


def entry(number: int) -> Entry:
    return Entry.make(Stamp(number, 10**18 + number), b"%d" % number)


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


def test_expected_errors_are_noted_and_a_line_without_them_is_as_good(root: Path) -> None:
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
    with opened(root) as journal:
        journal.add(root / "a.dng", Entry.make(Stamp(1, 2), b"label", {"Exposure2012": 0.25}, 3.5, why))
    for written, expected in ((b'"DSC_1.NEF"', why), (b"7", None)):
        file_of(root).write_bytes(file_of(root).read_bytes().replace(b'"DSC_1.NEF"', written))
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
    with opened(root) as journal:
        journal.add(root / "a.dng", Entry.make(Stamp(1, 2), b"label", {"Exposure2012": 0.25}))
    file_of(root).write_bytes(file_of(root).read_bytes().replace(b"0.25", b'"half"'))
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


def test_a_finished_photo_is_not_one_that_was_left_alone(filled: Path) -> None:
    with opened(filled) as journal:
        journal.add(filled / "0.dng", Skipped.make([filled / "0.dng"], "edited", Code.EDITED))
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
    noted = Skipped.make([photo, sidecar, other], "edited", Code.EDITED)
    with opened(root) as journal:
        journal.add(photo, noted)
    with opened(root, write=False) as journal:
        found = journal.skipped(photo)
    assert found == noted
    assert found.holds([photo, sidecar, other])
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
    assert not found.holds([photo, sidecar, other])


def test_wherever_a_power_cut_ended_it_the_whole_lines_count_and_more_can_be_noted(filled: Path) -> None:
    path = file_of(filled)
    whole = path.read_bytes()
    for end in range(0, len(whole), 7):
        path.write_bytes(whole[:end])
        # A line without its end is whole if its last bracket is there.
        complete = sum(line.endswith(b"}") for line in whole[:end].split(b"\n")[1:])
        assert known(filled) == {number: entry(number) for number in range(complete)}, end
        with opened(filled) as journal:
            journal.add(filled / "5.dng", entry(99))
        assert known(filled)[5] == entry(99), end


@pytest.mark.parametrize(
    "line",
    [
        *(b"\0" * 300, b"\xff\xfe", b"{", b"[]", b"null", b'{"photo": 3}', b'{"photo": "3.dng"}', b"[" * 100_000),
        b'{"photo": "3.dng", "model": "m 1", "embed": true, "size": "1", "mtime_ns": 2, "sidecar": "x"}',
        b'{"photo": "3.dng", "model": "m 1", "embed": true, "files": [[1]], "reason": "edited"}',
        b'{"photo": "3.dng", "model": "m 1", "embed": true, "files": 7, "reason": "edited"}',
    ],
)
def test_a_line_that_says_nothing_is_passed_over(filled: Path, line: bytes) -> None:
    path = file_of(filled)
    path.write_bytes(path.read_bytes() + line + b"\n")
    found = known(filled)
    assert found.pop(3, entry(3)) == entry(3)
    assert found == {number: entry(number) for number in range(PHOTOS) if number != 3}


def test_who_only_looks_leaves_no_trace(root: Path) -> None:
    with opened(root, write=False) as journal:
        journal.add(root / "0.dng", entry(0))
        assert journal.entry(root / "0.dng") is None
    assert not (root.parent / "state").exists()


def test_each_folder_has_a_journal_that_says_whose_it_is(root: Path) -> None:
    other = root.parent / "other"
    other.mkdir()
    with opened(root, more=(other,)) as journal:
        journal.add(root / "0.dng", entry(0))
        journal.add(other / "0.dng", entry(1))
        journal.add(root / "deep" / "0.dng", entry(2))
    for folder, noted in ((root, 2), (other, 1)):
        lines = file_of(folder).read_text().splitlines()
        assert str(folder) in lines[0]
        assert len(lines) == 1 + noted
    with opened(root, write=False) as journal:
        assert journal.entry(root / "deep" / "0.dng") == entry(2)
        assert journal.entry(other / "0.dng") is None


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


def test_it_is_written_anew_once_most_of_it_is_outdated(filled: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(3):
        with opened(filled) as journal:
            for number in range(PHOTOS):
                journal.add(filled / f"{number}.dng", entry(number + 1))
    before = len(file_of(filled).read_bytes().splitlines())
    assert before == 1 + 4 * PHOTOS
    monkeypatch.setattr(journal_module, "SPARE_LINES", 10)
    with opened(filled):
        pass
    assert len(file_of(filled).read_bytes().splitlines()) == 1 + PHOTOS
    assert known(filled) == {number: entry(number + 1) for number in range(PHOTOS)}


def test_where_it_takes_no_more_the_run_goes_on_and_is_told_once(
    root: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    class Full(journal_module.FileIO):  # type: ignore[name-defined, misc]
        def write(self, data: bytes) -> int:
            written: int = super().write(data if b"root" in data else data[:5])
            return written

    monkeypatch.setattr(journal_module, "FileIO", Full)
    with opened(root) as journal:
        for number in range(3):
            journal.add(root / f"{number}.dng", entry(number))
    assert len(caplog.messages) == 1
    assert "no room for a whole line" in caplog.text
    assert known(root) == {}
