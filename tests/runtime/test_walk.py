"""Folders are searched in order, links once, hidden ones never, and none is passed over in silence."""

from pathlib import Path

import pytest

from autohdr.walk import walk


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
