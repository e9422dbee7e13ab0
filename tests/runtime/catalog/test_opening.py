"""Opening a catalog: open in Lightroom, left by a crash, changing while it is read; and never written."""

import contextlib
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from autohdr.catalog import opening
from autohdr.catalog.listing import list_catalog
from autohdr.errors import CatalogError, SettingsError
from tests.catalogs import EDITED, Photo, Style, make_catalog, snapshot

LIGHTROOM = """
import sqlite3, sys
from pathlib import Path
path = sys.argv[1]
Path(path + ".lock").write_text("open")
catalog = sqlite3.connect(path, isolation_level=None)
catalog.execute("PRAGMA journal_mode=WAL")
catalog.execute("PRAGMA wal_autocheckpoint=0")
catalog.execute("UPDATE Adobe_images SET rating = 5")
print("ready", flush=True)
for line in sys.stdin:
    if line.strip() == "half":
        catalog.execute("BEGIN")
        catalog.execute("UPDATE Adobe_images SET rating = 1")
    print("done", flush=True)
"""
"""A program that has a catalog open as Lightroom has: its last changes are in the log, and not in the catalog."""


BUSY = """
import sqlite3, sys
catalog = sqlite3.connect(sys.argv[1], isolation_level=None)
number = 0
while True:
    number += 1
    catalog.execute("BEGIN")
    catalog.execute("UPDATE Adobe_images SET rating = ?", (number % 6,))
    catalog.execute("UPDATE Adobe_imageDevelopSettings SET digest = ?", (str(number) * 50,))
    catalog.execute("COMMIT")
    if number == 1:
        print("ready", flush=True)
"""
"""A program that writes all the time. SQLite moves its log into the catalog every thousand pages."""


def catalog(folder: Path, mode: str = "delete") -> Path:
    (folder / "shoot").mkdir(parents=True)
    (folder / "shoot" / "a.CR2").touch()
    return make_catalog(folder / "My.lrcat", [Photo(folder / "shoot" / "a.CR2", EDITED, rating=2)], Style(mode=mode))


def stars(path: Path) -> list[int]:
    """The ratings that have a photo."""
    found = []
    for rating in range(6):
        with contextlib.suppress(SettingsError):  # no photo has it
            list_catalog(path, id, only=(f"rating={rating}",))
            found.append(rating)
    return found


def test_a_catalog_that_is_open_is_read_with_what_lightroom_wrote_last(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = catalog(tmp_path / "home")
    (tmp_path / "tmp").mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "tmp"))
    command = [sys.executable, "-c", LIGHTROOM, str(path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as lightroom:
        assert lightroom.stdin is not None
        assert lightroom.stdout is not None
        assert lightroom.stdout.readline() == "ready\n"
        before = snapshot(tmp_path / "home")
        assert stars(path) == [5]
        assert snapshot(tmp_path / "home") == before
        print("half", file=lightroom.stdin, flush=True)
        lightroom.stdout.readline()
        assert stars(path) == [5], "what is not finished does not count"
        lightroom.kill()
    left = snapshot(tmp_path / "home")
    assert stars(path) == [5], "a crash leaves the same"
    assert snapshot(tmp_path / "home") == left
    assert list((tmp_path / "tmp").iterdir()) == []


def test_a_link_to_a_catalog_that_is_open_is_known_as_such(tmp_path: Path) -> None:
    path = catalog(tmp_path / "home", "wal")
    (tmp_path / "link.lrcat").symlink_to(path)
    with closing(sqlite3.connect(path, isolation_level=None)) as lightroom:
        lightroom.execute("PRAGMA wal_autocheckpoint=0")
        lightroom.execute("UPDATE Adobe_images SET rating = 5")
        assert stars(tmp_path / "link.lrcat") == [5]


def test_immutable_alone_would_have_missed_it(tmp_path: Path) -> None:
    path = catalog(tmp_path, "wal")
    with closing(sqlite3.connect(path, isolation_level=None)) as lightroom:
        lightroom.execute("PRAGMA wal_autocheckpoint=0")
        lightroom.execute("UPDATE Adobe_images SET rating = 5")
        with closing(sqlite3.connect(f"file:{path}?mode=ro&immutable=1", uri=True)) as blind:
            assert blind.execute("SELECT rating FROM Adobe_images").fetchone() == (2,)
        assert stars(path) == [5]


def test_a_catalog_left_by_a_crash_in_the_middle_of_a_change_is_read_as_before_it(tmp_path: Path) -> None:
    path = catalog(tmp_path / "home")
    with closing(sqlite3.connect(path, isolation_level=None)) as lightroom:
        lightroom.execute("PRAGMA cache_spill=1")
        lightroom.execute("PRAGMA cache_size=1")
        lightroom.execute("BEGIN")
        lightroom.execute("UPDATE Adobe_images SET rating = 4")
        lightroom.execute("CREATE TABLE large (value)")
        lightroom.execute("INSERT INTO large VALUES (zeroblob(1000000))")
        crashed = tmp_path / "crashed"
        shutil.copytree(tmp_path / "home", crashed)
        lightroom.execute("ROLLBACK")
    assert (crashed / "My.lrcat-journal").stat().st_size > 0
    before = snapshot(crashed)
    found = list_catalog(crashed / "My.lrcat", id, only=("rating=2",))
    assert len(found.photos) + len(found.missing) == 1
    assert snapshot(crashed) == before


def test_a_catalog_that_changes_meanwhile_is_read_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opening, "_PAUSE", 0.0)
    path = catalog(tmp_path)
    seen = []

    def read(connection: sqlite3.Connection) -> object:
        seen.append(connection.execute("SELECT rating FROM Adobe_images").fetchone())
        if len(seen) < 2:
            with closing(sqlite3.connect(path)) as lightroom, lightroom:
                lightroom.execute("UPDATE Adobe_images SET rating = 4")
        return seen[-1]

    assert opening.read_catalog(path, read) == (4,)
    assert seen == [(2,), (4,)]


def test_a_catalog_that_is_opened_meanwhile_is_read_again_from_a_copy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(opening, "_PAUSE", 0.0)
    path = catalog(tmp_path, "wal")
    files: list[object] = []

    def read(connection: sqlite3.Connection) -> object:
        if not files:
            Path(f"{path}.lock").touch()
        files.append(connection.execute("SELECT rating FROM Adobe_images").fetchone())
        return files[-1]

    assert opening.read_catalog(path, read) == (2,)
    assert len(files) == 2


def test_one_that_always_changes_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opening, "_PAUSE", 0.0)
    path = catalog(tmp_path)

    def read(connection: sqlite3.Connection) -> None:
        with closing(sqlite3.connect(path)) as lightroom, lightroom:
            lightroom.execute("UPDATE Adobe_images SET rating = rating + 1")

    with pytest.raises(CatalogError, match="changes while it is read; close Lightroom, then run again"):
        opening.read_catalog(path, read)


def test_what_is_written_all_the_time_is_read_whole_or_not_at_all(tmp_path: Path) -> None:
    (tmp_path / "shoot").mkdir()
    photos = [Photo(tmp_path / "shoot" / f"{number}.CR2", EDITED, rating=0) for number in range(200)]
    path = make_catalog(tmp_path / "My.lrcat", photos, Style(mode="wal"))
    command = [sys.executable, "-c", BUSY, str(path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as lightroom:
        assert lightroom.stdout is not None
        lightroom.stdout.readline()
        for _ in range(5):
            with contextlib.suppress(CatalogError):
                found = opening.read_catalog(
                    path, lambda one: one.execute("SELECT rating FROM Adobe_images").fetchall()
                )
                assert (len(found), len(set(found))) == (200, 1)
        lightroom.kill()


def test_a_copy_that_finds_no_room_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = catalog(tmp_path)
    Path(f"{path}.lock").touch()
    monkeypatch.setattr(opening, "_ROOM", 1 << 62)
    with pytest.raises(CatalogError, match="is open in Lightroom, and a copy to read needs"):
        list_catalog(path, id)
