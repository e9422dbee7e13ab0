"""Where runs remember: in a folder of the user's."""

import sys
from pathlib import Path

import pytest

from autohdr.run.state import folder_of, roots, state_folder


@pytest.mark.parametrize(
    ("platform", "expected"),
    [
        ("linux", ("state", "autohdr")),
        ("darwin", ("home", "Library", "Application Support", "autohdr")),
        ("win32", ("local", "autohdr")),
    ],
)
def test_each_system_has_its_own_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, platform: str, expected: tuple[str, ...]
) -> None:
    monkeypatch.delenv("AUTOHDR_STATE")
    for name in ("HOME", "USERPROFILE"):
        monkeypatch.setenv(name, str(tmp_path / "home"))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setenv("LOCALAPPDATA", str(tmp_path / "local"))
    monkeypatch.setattr(sys, "platform", platform)
    assert state_folder() == tmp_path.joinpath(*expected)


def test_a_folder_can_be_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AUTOHDR_STATE", str(tmp_path))
    assert state_folder() == tmp_path
    assert folder_of(Path("/photos"), tmp_path) != folder_of(Path("/photo"), tmp_path)


def test_the_roots_of_a_run_are_folders_of_which_none_is_inside_another(tmp_path: Path) -> None:
    for name in ("a", "a/b", "c"):
        (tmp_path / name).mkdir()
    (tmp_path / "c" / "IMG_1.dng").touch()
    found = roots([tmp_path / "a" / "b", tmp_path / "a", tmp_path / "c" / "IMG_1.dng"])
    assert found == [(tmp_path / name).resolve() for name in ("a", "c")]
