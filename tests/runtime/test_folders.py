"""The user's folders: one rule on each system, and nobody needs a home folder."""

import os
import sys
from pathlib import Path

import pytest

from autohdr.folders import cache_folder, refusal, state_folder


@pytest.fixture
def variables(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home folder and what the systems say of others, in a folder of the test's."""
    monkeypatch.delenv("AUTOHDR_STATE")
    for name in ("HOME", "USERPROFILE"):
        monkeypatch.setenv(name, str(tmp_path / "home"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "xdg cache"))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "xdg state"))
    monkeypatch.setenv("LOCALAPPDATA", str(tmp_path / "local"))
    return tmp_path


@pytest.mark.parametrize(
    ("platform", "cached", "kept"),
    [
        ("linux", "xdg cache/autohdr", "xdg state/autohdr"),
        ("darwin", "home/Library/Caches/autohdr", "home/Library/Application Support/autohdr"),
        ("win32", "local/autohdr/cache", "local/autohdr"),
    ],
)
def test_each_system_has_its_own_places(
    variables: Path, monkeypatch: pytest.MonkeyPatch, platform: str, cached: str, kept: str
) -> None:
    monkeypatch.setattr(sys, "platform", platform)
    assert cache_folder() == variables / cached
    assert state_folder() == variables / kept


@pytest.mark.parametrize(
    ("platform", "cached", "kept"),
    [
        ("linux", "home/.cache/autohdr", "home/.local/state/autohdr"),
        ("win32", "home/AppData/Local/autohdr/cache", "home/AppData/Local/autohdr"),
    ],
)
@pytest.mark.parametrize("value", [None, "", "relative/folder"])
def test_a_variable_without_an_absolute_path_does_not_count(
    variables: Path, monkeypatch: pytest.MonkeyPatch, platform: str, cached: str, kept: str, value: str | None
) -> None:
    for name in ("XDG_CACHE_HOME", "XDG_STATE_HOME", "LOCALAPPDATA"):
        monkeypatch.delenv(name)
        if value is not None:
            monkeypatch.setenv(name, value)
    monkeypatch.setattr(sys, "platform", platform)
    assert cache_folder() == variables / cached
    assert state_folder() == variables / kept


@pytest.mark.parametrize("platform", ["linux", "darwin", "win32"])
def test_a_user_without_a_home_has_the_root(variables: Path, monkeypatch: pytest.MonkeyPatch, platform: str) -> None:
    for name in ("HOME", "USERPROFILE", "XDG_CACHE_HOME", "XDG_STATE_HOME", "LOCALAPPDATA"):
        monkeypatch.delenv(name)
    monkeypatch.setattr(sys, "platform", platform)

    def nobody() -> Path:
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.setattr(Path, "home", nobody)
    nowhere = cache_folder(), state_folder()
    monkeypatch.setattr(Path, "home", lambda: Path("relative"))
    assert (cache_folder(), state_folder()) == nowhere
    monkeypatch.setattr(Path, "home", lambda: Path(os.path.abspath(os.sep)))  # noqa: PTH100  # the current drive's
    assert (cache_folder(), state_folder()) == nowhere


def test_the_state_can_be_kept_elsewhere(variables: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AUTOHDR_STATE", str(variables))
    assert state_folder() == variables


def test_a_folder_that_can_be_written_is_made_and_left_empty(tmp_path: Path) -> None:
    assert refusal(tmp_path / "a" / "b") is None
    assert list((tmp_path / "a" / "b").iterdir()) == []


def test_a_folder_that_cannot_be_written_says_why(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    assert isinstance(refusal(tmp_path / "file"), FileExistsError)
    assert isinstance(refusal(tmp_path / "file" / "below"), NotADirectoryError)


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="needs Linux's /proc")
def test_a_folder_of_the_systems_own_says_why() -> None:
    assert isinstance(refusal(Path("/proc/autohdr")), OSError)
