"""Photos are listed one after the other as a run finds them, each once."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from autohdr import SettingsError
from autohdr.raw.discover import find_photos
from autohdr.run.spread import names
from autohdr.run.spread.names import check_named, listed


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    for name in ("b.cr2", "a.dng", "notes.txt", "x/2.cr2", "x/1.cr2", "x/y/3.cr2", ".hidden/4.cr2", "x-1/5.cr2"):
        path = tmp_path / "shoot" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    return tmp_path / "shoot"


@pytest.mark.parametrize(
    "named",
    [
        (".",),
        ("x", "."),
        (".", "x"),
        ("x/y", "x", "."),
        ("x/1.cr2", "x", "a.dng"),
        ("b.cr2", "a.dng", "notes.txt", "b.cr2"),
        ("notes.txt",),
    ],
)
def test_it_finds_what_a_run_finds_in_the_same_order(tree: Path, named: tuple[str, ...]) -> None:
    paths = [tree / name for name in named]
    assert [name.path for name in listed(paths)] == find_photos(paths)


def test_a_name_is_seen_from_the_folder_that_is_named(tree: Path) -> None:
    found = {name.path.name: name.within for name in listed([tree])}
    assert found == {"a.dng": "", "b.cr2": "", "1.cr2": "x", "2.cr2": "x", "3.cr2": "x/y", "5.cr2": "x-1"}
    assert [name.within for name in listed([tree / "x"])] == ["", "", "y"]
    assert [name.within for name in listed([tree / "x" / "1.cr2"])] == [""]


@pytest.mark.skipif(sys.platform == "win32", reason="links are not for everybody there")
def test_a_photo_with_several_names_is_listed_once(tree: Path, tmp_path: Path) -> None:
    (tmp_path / "other.cr2").touch()
    (tree / "x" / "0.cr2").symlink_to(tree / "b.cr2")
    (tree / "x" / "9.cr2").symlink_to(tmp_path / "other.cr2")
    (tree / "a-link.cr2").symlink_to(tmp_path / "other.cr2")
    (tree / "also").symlink_to(tree / "x", target_is_directory=True)
    found = [name.path for name in listed([tree, tree / "also"])]
    assert len({path.resolve() for path in found}) == len(found) == 7


def test_photos_are_listed_as_they_are_asked_for(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    searched: list[Path] = []

    def search(folder: Path) -> Iterator[Path]:
        for path in find_photos([folder]):
            searched.append(path)
            yield path

    monkeypatch.setattr(names, "search", search)
    some = listed([tree])
    next(some)
    assert len(searched) == 1


def test_what_cannot_be_divided_by_name_is_refused(tree: Path) -> None:
    with pytest.raises(SettingsError, match="does not exist"):
        check_named([tree / "gone"], "--shard")
    with pytest.raises(SettingsError, match=r"is a Lightroom catalog, and --shard goes by the names of files"):
        check_named([tree, tree / "a.lrcat"], "--shard")
    with pytest.raises(SettingsError, match="--only is for the photos of a Lightroom catalog"):
        check_named([tree], "--shard", only=["rating=3"])
    with pytest.raises(SettingsError, match="--page shows a whole shoot"):
        check_named([tree], "--shard", page=tree)
    check_named([tree, tree / "a.dng"], "--shard")
