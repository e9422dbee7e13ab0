"""The user's folders: one rule on each system, and nobody needs a home folder."""

import os
import sys
from pathlib import Path

import pytest

from autohdr.errors import SettingsError
from autohdr.files.folders import cache_folder, is_there, make_folder, refusal, refuse_impossible, state_folder


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


@pytest.mark.parametrize("name", ["file", "file/below", "file/far/below"])
def test_a_file_in_the_way_is_named_before_anything_is_made(tmp_path: Path, name: str) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(SettingsError, match=r"^--out .* cannot be made, because .*file is not a folder"):
        refuse_impossible(tmp_path / name, "--out")


@pytest.mark.parametrize("name", ["", "new", "new/below"])
def test_what_can_be_made_is_made_when_asked_and_not_before(tmp_path: Path, name: str) -> None:
    refuse_impossible(tmp_path / name, "--out")
    assert not (tmp_path / "new").exists()
    make_folder(tmp_path / name, "--out")
    assert (tmp_path / name).is_dir()


def test_the_system_s_reason_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(SettingsError, match=r"--cache .* cannot be made \(Not a directory\); name another folder"):
        make_folder(tmp_path / "file" / "cache", "--cache")


def test_what_the_system_will_not_look_for_is_not_there(tmp_path: Path) -> None:
    assert is_there(tmp_path)
    assert not is_there(tmp_path / ("long" * 100))
