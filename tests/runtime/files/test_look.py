"""What names of a file have in common, whoever asks for how many."""

import os
from pathlib import Path

import pytest

from autohdr.files.look import Identities, identity
from autohdr.objects.path import ObjectPath, named


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    below = tmp_path / "real" / "below"
    below.mkdir(parents=True)
    for name in ("a.dng", "b.dng"):
        (below / name).touch()
    return below


def test_many_files_have_the_identities_of_each(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    try:
        (folder / "link.dng").symlink_to(folder / "a.dng")
        (folder.parent / "other").symlink_to(folder)
    except OSError:
        pytest.skip("this system makes no links for everybody")
    names = [folder / "a.dng", folder / "link.dng", folder.parent / "other" / "b.dng", folder / "gone.dng"]
    monkeypatch.chdir(folder)
    names += [Path("a.dng"), Path("..") / "below" / "b.dng"]
    identities = Identities()
    assert [identities.of(name) for name in names] == [identity(name) for name in names]


def test_each_folder_is_followed_once(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    followed: list[str] = []
    real = os.path.realpath

    def counted(path: str) -> str:
        followed.append(os.fspath(path))
        return real(path)

    monkeypatch.setattr(os.path, "realpath", counted)
    identities = Identities()
    assert len({identities.of(folder / f"{number}.dng") for number in range(100)}) == 100
    assert followed == [str(folder)]


def test_an_object_is_known_by_its_address() -> None:
    path = named("s3://bucket/folder/a.dng")
    assert isinstance(path, ObjectPath)
    assert Identities().of(path) == identity(path) == "s3://bucket/folder/a.dng"
