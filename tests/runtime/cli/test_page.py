"""`autohdr page` as a user meets it."""

from functools import partial
from pathlib import Path

from tests.json_lines import read
from tests.runtime.cli.running import run

page, label = partial(run, "page"), partial(run, "label")


def test_it_says_what_to_open(shoot: Path, tmp_path: Path) -> None:
    done = page(shoot, "--out", tmp_path / "page")
    assert done.returncode == 0, done.stderr
    assert "5 shown, 0 failed of 5 photos in " in done.stdout
    assert done.stdout.endswith(f"open {tmp_path / 'page' / 'index.html'} in a browser.\n")


def test_json_is_a_line_a_photo_and_the_summary(shoot: Path, tmp_path: Path) -> None:
    (shoot / "IMG_3.dng").write_text("not a photo")
    done = page(shoot, "--out", tmp_path / "page", "--json")
    *told, last = read("page", done.stdout)
    assert done.returncode == 3
    assert [line["status"] for line in told] == ["shown"] * 3 + ["failed", "shown"]
    assert told[0]["code"] == "shown"
    assert (last["code"], last["shown"], last["failed"]) == ("some_failed", 4, 1)


def test_no_photos_is_no_failure(tmp_path: Path) -> None:
    (tmp_path / "shoot").mkdir()
    done = page(tmp_path / "shoot", "--out", tmp_path / "page")
    assert done.returncode == 0
    assert done.stdout.startswith("No RAW files in ")


def test_a_folder_with_other_files_is_one_sentence(shoot: Path, tmp_path: Path) -> None:
    (tmp_path / "page").mkdir()
    (tmp_path / "page" / "mine.txt").write_text("mine")
    for done in (page(shoot, "--out", tmp_path / "page"), label(shoot, "--page", tmp_path / "page")):
        assert done.returncode == 2
        assert done.stderr.count("\n") == 1
        assert "holds other files; name an empty folder" in done.stderr


def test_label_says_where_the_page_is(shoot: Path, small_model: Path, tmp_path: Path) -> None:
    done = label(shoot, "--model", small_model, "--page", tmp_path / "page", "--dry-run")
    assert done.returncode == 0, done.stderr
    assert done.stdout.endswith(f"The page is {tmp_path / 'page' / 'index.html'}; open it in a browser.\n")
