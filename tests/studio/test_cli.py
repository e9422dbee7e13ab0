"""`autohdr studio`, as a process of its own: it opens, ends when it is asked to, keeps others out, may be killed."""

import contextlib
import http.client
import json
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

import autohdr
from autohdr.errors import SettingsError
from tests.catalogs import Photo, make_catalog
from tests.studio.opened import PATIENCE, Page

VALUES = [1.25, 10.0, -20.0, 30.0, 5.0, -5.0, 12.0, 3.0]
_PROGRAM = (
    "import signal; signal.signal(signal.SIGINT, signal.default_int_handler); "  # ignored in a shell's background
    "from autohdr_studio.cli import command; command()"
)


@contextlib.contextmanager
def begun(*arguments: str | Path) -> "Iterator[subprocess.Popen[str]]":
    """`autohdr studio`, under way."""
    command = [sys.executable, "-c", _PROGRAM, *map(str, arguments), "--no-browser"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        try:
            yield process
        finally:
            process.kill()


def page_of(process: "subprocess.Popen[str]") -> Page:
    """The page of a studio that is under way."""
    assert process.stdout is not None
    page = Page(process.stdout.readline().split()[-1])
    page.open()
    page.listen()
    return page


def arguments(wedding: Path, model: Path, tmp_path: Path) -> tuple[str | Path, ...]:
    return wedding, "--model", model, "--engine", "cpu", "--cache", tmp_path / "cache", "--threads", "1"


@pytest.mark.skipif(sys.platform == "win32", reason="there, no process can be sent Ctrl-C alone")
@pytest.mark.parametrize("asked", [signal.SIGINT, signal.SIGTERM])
def test_it_ends_when_it_is_asked_to(wedding: Path, small_model: Path, tmp_path: Path, asked: signal.Signals) -> None:
    with begun(*arguments(wedding, small_model, tmp_path)) as process:
        page = page_of(process)
        process.send_signal(asked)
        page.wait("stopped")
        told, errors = process.communicate(timeout=PATIENCE)
    assert process.returncode == 0, errors
    assert told.splitlines()[-1] == "The studio is closed; what you saved stands in the sidecars."
    assert not errors


def test_nobody_else_works_in_the_folder(wedding: Path, small_model: Path, tmp_path: Path) -> None:
    with begun(*arguments(wedding, small_model, tmp_path)) as process:
        page_of(process)
        with begun(*arguments(wedding, small_model, tmp_path)) as second:
            _, errors = second.communicate(timeout=PATIENCE)
        assert second.returncode == 2
        assert "another run of autohdr works in" in errors
        with pytest.raises(SettingsError, match="another run of autohdr works in"):
            autohdr.label([wedding], model=small_model, engine="cpu")
        with begun(*arguments(wedding, small_model, tmp_path), "--read-only") as looks:
            assert page_of(looks).get("/api/shoot").json["readonly"] is True


def test_a_studio_that_was_killed_opens_as_it_was(wedding: Path, small_model: Path, tmp_path: Path) -> None:
    with begun(*arguments(wedding, small_model, tmp_path)) as process:
        page = page_of(process)
        ids = [photo["id"] for photo in page.ready()]
        first = page.post(f"/api/photos/{ids[8]}/edit", {"values": VALUES}).json
        page.post(f"/api/photos/{ids[9]}/exclude", {"excluded": True})
        saving = threading.Thread(target=quietly, args=(page, ids[10]))
        saving.start()
        process.kill()
        saving.join(PATIENCE)
    sidecars = {path.name: path.read_bytes() for path in wedding.iterdir() if path.suffix in (".dng", ".xmp")}
    with begun(*arguments(wedding, small_model, tmp_path)) as process:
        page = page_of(process)
        photos = {photo["id"]: photo for photo in page.ready()}
        assert (photos[ids[8]]["whose"], photos[ids[8]]["values"]) == ("photographer", first["values"])
        assert photos[ids[9]]["excluded"]
        late = photos[ids[10]]
        assert late["undoable"] == (late["whose"] == "photographer")
        assert late["values"] == VALUES or late["whose"] == "nobody"
        assert sidecars == {name: (wedding / name).read_bytes() for name in sidecars}
        assert page.post(f"/api/photos/{ids[8]}/restore", {}).json["whose"] == "nobody"


def quietly(page: Page, photo: str) -> None:
    """Saves an edit, which nobody may live to answer."""
    with contextlib.suppress(OSError, http.client.HTTPException):
        page.post(f"/api/photos/{photo}/edit", {"values": VALUES})


def test_help_says_what_it_is_for() -> None:
    with begun("--help") as process:
        told, _ = process.communicate(timeout=PATIENCE)
    assert "Example: autohdr studio ~/Pictures/wedding" in told
    assert process.returncode == 0


def test_what_cannot_be_opened_is_said_in_a_sentence(tmp_path: Path) -> None:
    catalog = tmp_path / "a.lrcat"
    catalog.write_bytes(b"SQLite format 3\0")
    for named, sentence, code in (
        (tmp_path / "none", "does not exist", 2),
        (catalog, "no Lightroom catalog", 3),
        (tmp_path, "no RAW file", 2),
        ("s3://archive/shoot", "the studio opens folders", 2),
    ):
        with begun(named, "--cache", tmp_path / "cache") as process:
            _, errors = process.communicate(timeout=PATIENCE)
        assert process.returncode == code
        assert sentence in errors
        assert len(errors.splitlines()) == 1


def test_programs_are_told_the_address(wedding: Path, small_model: Path, tmp_path: Path) -> None:
    with begun(*arguments(wedding, small_model, tmp_path), "--json") as process:
        assert process.stdout is not None
        told = json.loads(process.stdout.readline())
        assert (told["type"], told["photos"], told["readonly"]) == ("open", 16, False)
        page = Page(told["address"])
        page.open()
        assert page.get("/").status == 200
        process.terminate()
        rest, _ = process.communicate(timeout=PATIENCE)
    assert json.loads(rest)["code"] == "done"


def test_what_is_missing_of_a_catalog_is_said_before_the_address(
    unedited: Path, small_model: Path, tmp_path: Path
) -> None:
    listed = [Photo(path, {}) for path in sorted(unedited.glob("*.dng"))[:2]]
    catalog = make_catalog(tmp_path / "My.lrcat", [*listed, Photo("/nowhere/2024/IMG_1.dng", {})])
    with begun(*arguments(catalog, small_model, tmp_path), "--json") as process:
        assert process.stdout is not None
        note, opened = (json.loads(process.stdout.readline()) for _ in range(2))
        assert (note["type"], note["code"], opened["type"], opened["photos"]) == ("note", "missing_file", "open", 2)
        process.terminate()
    with begun(*arguments(catalog, small_model, tmp_path)) as process:
        assert process.stdout is not None
        assert "--root /nowhere=NEW" in process.stdout.readline()
        process.terminate()
        process.communicate(timeout=PATIENCE)
