"""Folders are searched in order, links once, hidden ones never, and none is passed over in silence."""

import os
from pathlib import Path

import pytest

from autohdr.files.walk import walk


def searched(folder: Path) -> list[tuple[str, list[str]]]:
    def refuse(error: OSError) -> None:
        raise error

    return [(parent.relative_to(folder).as_posix(), names) for parent, names in walk(folder, refuse)]


def test_folders_and_names_come_in_order_without_hidden_ones(tmp_path: Path) -> None:
    for name in ("b/two.x", "b/One.x", "b/.hidden", "a/one", ".trash/one", "b/c/one"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    assert searched(tmp_path) == [(".", []), ("a", ["one"]), ("b", ["One.x", "two.x"]), ("b/c", ["one"])]


def test_links_are_followed_once(tmp_path: Path) -> None:
    (tmp_path / "here" / "below").mkdir(parents=True)
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "one").touch()
    try:
        (tmp_path / "here" / "below" / "up").symlink_to(tmp_path / "here", target_is_directory=True)
        (tmp_path / "here" / "out").symlink_to(tmp_path / "elsewhere", target_is_directory=True)
    except OSError as error:
        pytest.skip(f"links need a permission here: {error}")
    assert searched(tmp_path / "here") == [(".", []), ("below", []), ("out", ["one"])]


def test_a_folder_that_cannot_be_searched_is_told(tmp_path: Path) -> None:
    told: list[OSError] = []
    assert list(walk(tmp_path / "gone", told.append)) == []
    assert [error.filename for error in told] == [str(tmp_path / "gone")]


@pytest.mark.parametrize(
    "own",
    ["Cat Previews.lrdata", "$RECYCLE.BIN", "@eaDir", "#recycle", ".Trash-1000", "__MACOSX", "CaptureOne", "A.LRDATA"],
)
def test_folders_that_systems_and_programs_keep_for_themselves_are_passed_over(tmp_path: Path, own: str) -> None:
    """Lightroom's Smart Previews are DNGs: they were labelled, and a recycle bin's photos too."""
    (tmp_path / own / "0").mkdir(parents=True)
    (tmp_path / own / "0" / "one").touch()
    (tmp_path / "two").touch()
    assert searched(tmp_path) == [(".", ["two"])]
    assert ("0", ["one"]) in searched(tmp_path / own)  # the user has named it


def test_a_link_into_such_a_folder_is_passed_over(tmp_path: Path) -> None:
    (tmp_path / "elsewhere" / "@eaDir" / "below").mkdir(parents=True)
    (tmp_path / "here").mkdir()
    try:
        (tmp_path / "here" / "link").symlink_to(tmp_path / "elsewhere" / "@eaDir" / "below", target_is_directory=True)
    except OSError as error:
        pytest.skip(f"links need a permission here: {error}")
    assert searched(tmp_path / "here") == [(".", [])]


def test_a_tree_deeper_than_python_calls_is_searched_or_told(tmp_path: Path) -> None:
    """os.walk calls itself before Python 3.12: a RecursionError ended the whole run."""
    (tmp_path / "one").touch()
    depth, here, told = 1100, os.getcwd(), list[OSError]()  # noqa: PTH109  # relative steps: the way is a long one
    os.chdir(tmp_path)
    for _ in range(depth):
        os.mkdir("d")  # noqa: PTH102
        os.chdir("d")
    try:
        found = list(walk(tmp_path, told.append))
    finally:  # pytest cannot remove what is so deep
        for _ in range(depth):
            os.chdir("..")
            os.rmdir("d")  # noqa: PTH106
        os.chdir(here)
    assert found[0] == (tmp_path, ["one"])
    assert len(found) > 100
    assert len(found) == depth + 1 or told


def test_each_folder_is_searched_once_however_many_links_lead_to_it(tmp_path: Path) -> None:
    """Links were compared with what was known when their folder was listed, so the same folders came again."""
    for name in "abcd":
        (tmp_path / name).mkdir()
    try:
        for name in "abcd":
            for other in "abcd":
                (tmp_path / name / f"to-{other}").symlink_to(tmp_path / other, target_is_directory=True)
    except OSError as error:
        pytest.skip(f"links need a permission here: {error}")
    assert len(searched(tmp_path)) == 5
