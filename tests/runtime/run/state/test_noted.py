"""Notes in a database: none is lost by a kill, damage costs time alone, and nobody waits for anybody long."""

import itertools
import json
import multiprocessing
import os
import random
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest

from autohdr.run.state import noted as module
from autohdr.run.state.noted import ASIDE, LINES, NAME, OLD, Noted

SETTINGS: dict[str, str | bool] = {"model": "m 1", "embed": True}
PHOTOS = 20
KILLS = int(os.environ.get("AUTOHDR_KILLS", "10"))


@contextmanager
def opened(folder: Path, *, write: bool = True) -> Iterator[Noted]:
    with closing(Noted(folder, folder.parent / "shoot", write=write)) as noted:
        yield noted


def add(noted: Noted, count: int, suffix: str = ".dng", first: int = 0) -> None:
    """Notes photos; the name and the note of each are its number."""
    for number in range(first, count):
        noted.add(f"{number}{suffix}", SETTINGS, {"size": number})


def fill(folder: Path, count: int = PHOTOS) -> None:
    with opened(folder) as noted:
        add(noted, count)


def known(folder: Path, *, write: bool = False) -> dict[int, Any]:
    """What is noted, by the number of the photo."""
    with opened(folder, write=write) as noted:
        found = {number: noted.of(f"{number}.dng") for number in range(PHOTOS)}
    return {number: one[1]["size"] for number, one in found.items() if one is not None}


ALL = {number: number for number in range(PHOTOS)}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "state"


def test_a_note_is_known_at_once_and_later_with_its_settings(folder: Path) -> None:
    with opened(folder) as noted:
        noted.add("deep/ä 1.dng", SETTINGS, {"size": 7})
        assert noted.of("deep/ä 1.dng") == (SETTINGS, {"size": 7})
        noted.add("deep/ä 1.dng", {"model": "m 2"}, {"size": 8})
    with opened(folder, write=False) as noted:
        assert noted.of("deep/ä 1.dng") == ({"model": "m 2"}, {"size": 8})
        assert noted.of("deep/ä 2.dng") is None


@pytest.mark.skipif(os.name == "nt", reason="names are text on Windows")
def test_a_name_need_not_be_text(folder: Path) -> None:
    name = os.fsdecode(b"IMG_\xff.CR2")
    with opened(folder) as noted:
        noted.add(name, SETTINGS, {"size": 7})
    with opened(folder, write=False) as noted:
        assert noted.of(name) == (SETTINGS, {"size": 7})


def test_it_says_whose_it_is(folder: Path) -> None:
    for _ in range(2):
        fill(folder)
    with closing(sqlite3.connect(folder / NAME)) as database:
        assert database.execute("SELECT root FROM about").fetchall() == [(str(folder.parent / "shoot"),)]


def _killed(folder: Path, count: int, at_once: int) -> None:
    module.SYNC_PHOTOS = at_once
    noted = Noted(folder, folder.parent / "shoot", write=True)
    add(noted, count)
    os._exit(0)


def in_a_process(work: Callable[..., None], *arguments: Any) -> None:
    process = multiprocessing.get_context("spawn").Process(target=work, args=arguments)
    process.start()
    process.join()
    assert process.exitcode == 0


def _noting(folder: Path, first: int, done: Any) -> None:
    module.SYNC_PHOTOS = 2
    noted = Noted(folder, folder.parent / "shoot", write=True)
    for number in itertools.count(first):
        noted.add(f"{number}.dng", SETTINGS, {"size": number})
        done.send(number)


def test_processes_that_are_killed_while_they_note_lose_nothing(folder: Path) -> None:
    """Half of the time they are about to put notes into the database, or at it."""
    forks = "forkserver" in multiprocessing.get_all_start_methods()
    context: Any = multiprocessing.get_context("forkserver" if forks else "spawn")
    chance, there = random.Random(0), 0
    for _ in range(KILLS):
        told, tells = context.Pipe(duplex=False)
        process = context.Process(target=_noting, args=(folder, there, tells))
        process.start()
        tells.close()
        wanted = there + chance.randint(1, 9)
        while there < wanted:
            there = told.recv() + 1
        process.kill()
        process.join()
        with opened(folder, write=False) as noted:
            assert [noted.of(f"{number}.dng") for number in range(there)] == [
                (SETTINGS, {"size": number}) for number in range(there)
            ]


@pytest.mark.parametrize("at_once", [7, 100])
def test_a_process_that_dies_has_lost_no_note(folder: Path, at_once: int) -> None:
    in_a_process(_killed, folder, PHOTOS, at_once)
    assert (folder / LINES).stat().st_size > 0
    assert known(folder) == ALL
    assert known(folder, write=True) == ALL
    assert (folder / LINES).stat().st_size == 0
    assert known(folder) == ALL


def test_wherever_a_power_cut_ended_the_lines_the_whole_ones_count(folder: Path) -> None:
    in_a_process(_killed, folder, PHOTOS, 100)
    database, whole = (folder / NAME).read_bytes(), (folder / LINES).read_bytes()
    for end in range(0, len(whole), 11):
        (folder / NAME).write_bytes(database)
        (folder / LINES).write_bytes(whole[:end])
        # A line without its end is whole if its last bracket is there.
        complete = sum(line.endswith(b"}}") for line in whole[:end].split(b"\n"))
        assert known(folder) == {number: number for number in range(complete)}, end
        with opened(folder) as noted:
            noted.add("5.dng", SETTINGS, {"size": 99})
        assert known(folder)[5] == 99, end


@pytest.mark.parametrize(
    "line",
    [
        *(b"\0" * 300, b"\xff\xfe", b"{", b"[]", b"null", b'{"photo": 3}', b'{"photo": "3.dng"}', b"[" * 100_000),
        b'{"photo": "3.dng", "settings": [], "told": {}}',
    ],
)
def test_a_line_that_says_nothing_is_passed_over(folder: Path, line: bytes) -> None:
    fill(folder)
    (folder / LINES).write_bytes(line + b"\n")
    assert known(folder) == ALL
    assert known(folder, write=True) == ALL


def test_an_interrupted_commit_is_taken_back_by_the_next_who_looks(folder: Path) -> None:
    """As a kill leaves it in the midst of a commit: half of the pages are new, and the journal holds the old ones."""
    fill(folder)
    with closing(sqlite3.connect(folder / NAME, isolation_level=None)) as database:
        database.execute("PRAGMA cache_size = 1")
        database.execute("PRAGMA synchronous = OFF")
        database.execute("BEGIN IMMEDIATE")
        database.execute("UPDATE photos SET told = '{\"size\": 7}'")
        rows = ((f"{number}.nef".encode(), 1, "x" * 3000) for number in range(50))
        database.executemany("INSERT INTO photos VALUES (?, ?, ?)", rows)
        torn, journal = (folder / NAME).read_bytes(), (folder / f"{NAME}-journal").read_bytes()
        database.execute("ROLLBACK")
    assert torn != (folder / NAME).read_bytes()
    (folder / NAME).write_bytes(torn)
    (folder / f"{NAME}-journal").write_bytes(journal)
    assert known(folder) == ALL


def test_a_journal_of_before_is_taken_over_once(folder: Path) -> None:
    folder.mkdir()
    lines: list[dict[str, object]] = [{"root": "/shoot"}]
    lines += [{"photo": f"{number}.dng", "size": number, **SETTINGS} for number in range(PHOTOS)]
    lines += [{"photo": "3.dng", "size": 33, "model": "m 2", "embed": True}]
    (folder / OLD).write_text("".join(json.dumps(line) + "\n" for line in lines) + '{"photo": "torn')
    assert known(folder) == ALL | {3: 33}
    assert not (folder / NAME).exists(), "who only looks takes nothing over"
    assert known(folder, write=True) == ALL | {3: 33}
    assert not (folder / OLD).exists()
    with opened(folder, write=False) as noted:
        assert noted.of("2.dng") == (SETTINGS, {"size": 2})
        assert noted.of("3.dng") == (SETTINGS | {"model": "m 2"}, {"size": 33})


@pytest.mark.parametrize("damage", ["no database", "empty", "cut", "tables", "pages"])
def test_a_damaged_database_is_set_aside_and_what_is_noted_then_is_known(
    folder: Path, caplog: pytest.LogCaptureFixture, damage: str
) -> None:
    fill(folder, 2000)
    path = folder / NAME
    whole = path.read_bytes()
    if damage == "tables":
        with closing(sqlite3.connect(path)) as database:
            database.execute("ALTER TABLE photos RENAME COLUMN told TO said")
    else:
        half = len(whole) // 2
        path.write_bytes(
            {"no database": b"7" * 5000, "empty": b"", "cut": whole[:half], "pages": whole[:8192] + b"\xff" * half}[
                damage
            ]
        )
    known(folder)  # who only looks says nothing, and holds nothing
    assert not caplog.messages
    with opened(folder) as noted:
        for number in range(PHOTOS):
            noted.of(f"{number}.dng")
        add(noted, PHOTOS)
    assert known(folder) == ALL
    if damage == "empty":
        assert not caplog.messages
    else:
        assert (folder / ASIDE).exists()
        assert len(caplog.messages) == 1
        assert "is damaged" in caplog.text


def test_where_it_takes_no_more_an_error_says_so_once(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Full(module.FileIO):  # type: ignore[name-defined, misc]
        def write(self, data: bytes) -> int:
            written: int = super().write(data[:5])
            return written

    monkeypatch.setattr(module, "FileIO", Full)
    with opened(folder) as noted:
        with pytest.raises(OSError, match="no room for a whole line"):
            noted.add("0.dng", SETTINGS, {"size": 0})
        noted.add("1.dng", SETTINGS, {"size": 1})
        assert noted.of("1.dng") is None
    assert known(folder) == {}


def test_a_full_database_is_an_error_and_no_damage(folder: Path, caplog: pytest.LogCaptureFixture) -> None:
    fill(folder)
    with opened(folder) as noted:
        database = noted._database
        assert database is not None
        database.execute(f"PRAGMA max_page_count = {database.execute('PRAGMA page_count').fetchone()[0]}")
        with pytest.raises(OSError, match="full"):
            add(noted, 1000, ".nef")
    assert known(folder) == ALL
    assert not caplog.messages
    with opened(folder) as noted:  # what had not gone into the database is in its lines
        assert noted.of("99.nef") == (SETTINGS, {"size": 99})


def test_what_cannot_be_opened_for_writing_is_an_error(folder: Path) -> None:
    (folder / NAME).mkdir(parents=True)
    with pytest.raises(OSError, match="unable to open"), opened(folder):
        pass
    with opened(folder, write=False) as noted:
        assert noted.of("0.dng") is None


def test_others_may_read_while_a_run_notes_and_it_goes_on_where_one_reads_for_long(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "SYNC_PHOTOS", 5)
    monkeypatch.setattr(module, "WAIT", 0.0)
    fill(folder, 3)
    with opened(folder) as noted:
        assert noted.of("0.dng") is not None
        assert set(known(folder)) == {0, 1, 2}
        with closing(sqlite3.connect(folder / NAME, isolation_level=None)) as other:
            other.execute("BEGIN")
            other.execute("SELECT * FROM photos").fetchone()
            add(noted, 12)
            assert noted.of("11.dng") == (SETTINGS, {"size": 11})
            other.execute("COMMIT")
        add(noted, PHOTOS, first=12)
        assert known(folder) == ALL


def test_two_runs_that_nothing_keeps_apart_note_all(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "SYNC_PHOTOS", 3)
    with opened(folder) as one, opened(folder) as other:
        for number in range(PHOTOS):
            (one if number % 2 else other).add(f"{number}.dng", SETTINGS, {"size": number})
            assert one.of("3.dng") is None or one.of("3.dng") == (SETTINGS, {"size": 3})
    assert known(folder) == ALL


def test_notes_that_wait_for_ever_are_given_up(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in (("SYNC_PHOTOS", 5), ("WAIT", 0.0), ("MOST", 10)):
        monkeypatch.setattr(module, name, value)
    fill(folder, 1)
    with opened(folder) as noted, closing(sqlite3.connect(folder / NAME, isolation_level=None)) as other:
        other.execute("BEGIN")
        other.execute("SELECT * FROM photos").fetchone()
        with pytest.raises(OSError, match="locked"):
            add(noted, PHOTOS)


def test_threads_may_look_up_while_one_notes(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "SYNC_PHOTOS", 3)
    wrong: list[object] = []
    with opened(folder) as noted:

        def look() -> None:
            for number in range(300):
                found = noted.of(f"{number}.dng")
                if found not in (None, (SETTINGS, {"size": number})):
                    wrong.append(found)

        threads = [threading.Thread(target=look) for _ in range(3)]
        for thread in threads:
            thread.start()
        add(noted, 300)
        for thread in threads:
            thread.join()
        assert noted.of("299.dng") == (SETTINGS, {"size": 299})
    assert not wrong
