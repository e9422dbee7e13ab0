"""The plug-in for Lightroom Classic, whose Lua runs here against a stand-in for the SDK's calls, and runs `autohdr`.

Nobody has tried it in Lightroom itself: the stand-in does what the SDK's documentation says.
"""

import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

import autohdr
from autohdr.cli.doctor.show import PLUGIN
from autohdr.sidecar import Document, merge
from tests.edited import shoot as edited

__all__ = ["edited"]

lua51 = pytest.importorskip("lupa.lua51", reason="needs Lua (lupa, extra `dev`)")
STAND_IN = Path(__file__).with_name("stand_in.lua")
TITLES = {"Label.lua": "&Label with autohdr", "Learn.lua": "L&earn my style from the selected photos"}


class Lightroom:
    """Lightroom with some photos selected, as far as the plug-in can tell."""

    def __init__(self, temp: Path, model: Path, **python: Any) -> None:
        self.commands: list[str] = []
        self.said = ""
        self._model = model
        beside: dict[str, Any] = {
            "windows": False,
            "execute": self._execute,
            "sleep": lambda seconds: None,
            "time": time.time,
            "modified": lambda path: Path(path).stat().st_mtime if Path(path).exists() else None,
            "save": self._save,
            "temp": str(temp),
            "answer": "ok",
            "canceled": lambda: False,
            "strict": False,
            "typed": lambda properties: None,
        }
        self.python = SimpleNamespace(**{**beside, **python})
        self.runtime = lua51.LuaRuntime(unpack_returned_tuples=True)
        begin = self.runtime.eval("function(path, ...) return assert(loadfile(path))(...) end")
        self.lua = begin(str(STAND_IN), self.python, str(PLUGIN))
        self.shown = self.lua.shown

    def _execute(self, command: str) -> int:
        """What a shell does, with a small model where the command would take the embedded one."""
        self.commands.append(command)
        before, redirection = command.rsplit(" > ", 1)
        return subprocess.run(f"{before} --model '{self._model}' > {redirection}", shell=True, check=False).returncode

    def _save(self, path: str) -> None:
        """A RAW file gets a sidecar that says what the catalog knows; a DNG is written anew."""
        if path.endswith(".dng"):
            os.utime(path)
            return
        sidecar = Path(path).with_suffix(".xmp")
        rated = {"{http://ns.adobe.com/xap/1.0/}Rating": "3"}
        sidecar.write_bytes(merge(sidecar.read_bytes() if sidecar.exists() else None, rated))

    def settings(self, **values: str) -> "Lightroom":
        for name, value in values.items():
            self.lua.preferences[name] = value
        return self

    def select(self, *photos: Path, format: str = "DNG", virtual: bool = False) -> "Lightroom":  # noqa: A002
        for photo in photos:
            self.lua.add(str(photo), format, virtual)
        return self

    def choose(self, item: str) -> str:
        """Runs a menu item. What its last message says."""
        self.lua.choose(item)
        messages = list(self.shown.messages.values())
        return f"{messages[-1].title}\n{messages[-1].info}" if messages else ""


@pytest.fixture
def program(tmp_path: Path) -> Path:
    """`autohdr`, in a folder whose name a shell could misread."""
    folder = tmp_path / "it's a $HOME"
    folder.mkdir()
    path = folder / "autohdr"
    path.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m autohdr "$@"\n')
    path.chmod(0o755)
    return path


@pytest.fixture
def lightroom(tmp_path: Path, program: Path, small_model: Path) -> Lightroom:
    temp = tmp_path / "temp's"
    temp.mkdir()
    return Lightroom(temp, small_model).settings(program=str(program))


runs = pytest.mark.skipif(sys.platform == "win32", reason="needs a POSIX shell; the quoting for Windows is looked at")


@pytest.mark.parametrize("file", sorted(PLUGIN.glob("*.lua")), ids=lambda path: path.name)
def test_every_file_is_lua_5_1(file: Path) -> None:
    """Which Lightroom runs. `luac -p` does the same."""
    lua51.LuaRuntime().eval("function(path) return assert(loadfile(path)) end")(str(file))


def test_the_menu_names_files_that_are_there() -> None:
    lua = lua51.LuaRuntime()
    info = lua.eval("function(path) return assert(loadfile(path))() end")(str(PLUGIN / "Info.lua"))
    items = {item.file: item.title for item in info.LrLibraryMenuItems.values()}
    assert TITLES.items() <= items.items()
    assert all((PLUGIN / name).is_file() for name in items)


@runs
def test_photos_are_saved_labelled_and_read_back(lightroom: Lightroom, shoot: Path) -> None:
    photos = sorted(shoot.glob("*.dng"))
    said = lightroom.select(*photos).choose("Label.lua")
    assert "5 labelled, 0 skipped, 0 failed." in said
    assert "Label 5 photos with autohdr?" in lightroom.shown.asked[1]
    assert lightroom.shown.saved == 5
    assert list(lightroom.shown.read.values()) == [str(photo) for photo in photos]
    assert autohdr.undo(shoot, dry_run=True)[0].status == "restored"
    assert not list(Path(lightroom.python.temp).iterdir())


@runs
def test_raw_files_get_labels_into_the_sidecars_that_lightroom_has_saved(lightroom: Lightroom, shoot: Path) -> None:
    raw = shoot / 'Zürich "1" it\'s 😀.CR2'
    shutil.copy(shoot / "IMG_0.dng", raw)
    assert "1 labelled" in lightroom.select(raw, format="RAW").choose("Label.lua")
    document = Document.parse(raw.with_suffix(".xmp").read_bytes())
    assert document.get("Rating", "http://ns.adobe.com/xap/1.0/") == "3"
    assert document.values()
    assert list(lightroom.shown.read.values()) == [str(raw)]


@runs
def test_what_cannot_be_labelled_is_left_out_with_a_sentence(lightroom: Lightroom, shoot: Path) -> None:
    lightroom.select(shoot / "IMG_0.dng").select(shoot / "IMG_0.dng", virtual=True)
    lightroom.select(shoot / "clip.mov", format="VIDEO").select(shoot / "gone.dng")
    lightroom.select(shoot / "IMG_1.dng", shoot / "IMG_2.dng", format="JPG")
    said = lightroom.choose("Label.lua")
    for sentence in (
        "1 left out: missing: their files are not there.",
        "1 left out: videos.",
        "1 left out: virtual copies, which have no file of their own.",
        "2 left out: no RAW files or DNGs.",
        "1 labelled",
    ):
        assert sentence in said


@runs
def test_a_photo_whose_metadata_is_not_saved_is_not_labelled(tmp_path: Path, program: Path, shoot: Path) -> None:
    """Else reading it back would lose what the catalog alone knows."""
    photos, long_ago = sorted(shoot.glob("*.dng"))[:2], 1_000_000_000
    for photo in photos:
        os.utime(photo, (long_ago, long_ago))
    lightroom = Lightroom(tmp_path, program, save=lambda path: None).settings(program=str(program)).select(*photos)
    said = lightroom.choose("Label.lua")
    assert "2 left out: their metadata could not be saved to files." in said
    assert (lightroom.commands, len(lightroom.shown.read)) == ([], 0)


@runs
def test_a_lightroom_that_saves_later_is_waited_for(
    tmp_path: Path, program: Path, small_model: Path, shoot: Path
) -> None:
    """As version 15 does: the call returns before the file is written."""
    later: list[str] = []
    photo = shoot / "IMG_0.dng"
    os.utime(photo, (1_000_000_000, 1_000_000_000))
    lightroom = Lightroom(tmp_path, small_model, save=later.append, sleep=lambda seconds: os.utime(later[0]))
    assert "1 labelled" in lightroom.settings(program=str(program)).select(photo).choose("Label.lua")


@runs
def test_edited_photos_stay_and_are_not_read_back(lightroom: Lightroom, edited: Path, tmp_path: Path) -> None:
    folder = tmp_path / "edited"
    shutil.copytree(edited, folder)
    raw = folder / "IMG_1.CR2"
    photo = sorted(folder.glob("*.dng"))[0]
    photo.rename(raw)
    photo.with_suffix(".xmp").rename(raw.with_suffix(".xmp"))
    assert "0 labelled, 1 skipped" in lightroom.select(raw, format="RAW").choose("Label.lua")
    assert len(lightroom.shown.read) == 0


@runs
def test_a_version_that_wants_write_access_for_reading_gets_it(
    tmp_path: Path, program: Path, small_model: Path, shoot: Path
) -> None:
    lightroom = Lightroom(tmp_path, small_model, strict=True).settings(program=str(program))
    lightroom.select(shoot / "IMG_0.dng").choose("Label.lua")
    assert list(lightroom.shown.read.values()) == [str(shoot / "IMG_0.dng")]


@runs
def test_a_cancelled_run_reads_back_what_is_labelled(
    tmp_path: Path, program: Path, small_model: Path, shoot: Path
) -> None:
    commands: list[str] = []
    lightroom = Lightroom(tmp_path, small_model, canceled=lambda: bool(commands)).settings(program=str(program))
    commands = lightroom.commands
    label = (PLUGIN / "Label.lua").read_text().replace("local GROUP = 200", "local GROUP = 2")
    smaller = tmp_path / "smaller.lua"
    smaller.write_text(label)
    lightroom.select(*shoot.glob("*.dng"))
    lua_choose = lightroom.lua.choose
    lua_choose(os.path.relpath(smaller, PLUGIN))
    assert len(commands) == 1
    assert len(lightroom.shown.read) == 2


@runs
def test_a_style_is_learnt_and_labels_with_it_are_marked(
    lightroom: Lightroom, edited: Path, tmp_path: Path, shoot: Path
) -> None:
    folder, style = tmp_path / "edited photos", tmp_path / "my style's.style"
    shutil.copytree(edited, folder)
    lightroom.settings(style=str(style), mark="Red")
    for photo in sorted(folder.glob("*.dng")):
        raw = photo.with_suffix(".CR2")
        photo.rename(raw)
        lightroom.select(raw, format="RAW")
    said = lightroom.choose("Learn.lua")
    assert "Learnt from 16 edited photos; 0 others are left out." in said
    assert autohdr.load_style(style).learnt_from["photos"] == 16
    again = Lightroom(tmp_path, lightroom._model).settings(**dict(lightroom.lua.preferences.items()))
    again.select(*shoot.glob("*.dng")).choose("Label.lua")
    assert "--mark' 'doubtful=Red'" in again.commands[0]
    assert len(again.shown.read) == 5


@runs
@pytest.mark.parametrize(
    ("settings", "sentence"),
    [({"program": "/nowhere/autohdr"}, "Is its path right"), ({"style": "/nowhere/my.style"}, "/nowhere/my.style")],
)
def test_what_goes_wrong_is_said(lightroom: Lightroom, shoot: Path, settings: dict[str, str], sentence: str) -> None:
    said = lightroom.settings(**settings).select(shoot / "IMG_0.dng").choose("Label.lua")
    assert sentence in said
    assert lightroom.shown.messages[1].style == "critical"


def test_without_a_path_of_autohdr_the_settings_are_asked_for(tmp_path: Path, small_model: Path) -> None:
    def typed(properties: Any) -> None:
        properties.mark = "Blue"

    lightroom = Lightroom(tmp_path, small_model, typed=typed)
    assert lightroom.choose("Label.lua") == ""
    assert dict(lightroom.lua.preferences.items()) == {"program": "", "style": "", "mark": "Blue"}


def test_the_command_line_for_windows(tmp_path: Path, small_model: Path) -> None:
    lightroom = Lightroom(tmp_path, small_model, windows=True)
    given = lightroom.runtime.table("C:\\My Programs\\autohdr.exe", "label", "@C:\\T\\a & b.txt")
    words = lightroom.lua.require("Program").line(given, "C:\\T\\o.txt")
    assert words == '""C:\\My Programs\\autohdr.exe" "label" "@C:\\T\\a & b.txt" > "C:\\T\\o.txt" 2>&1"'


@pytest.mark.parametrize("text", ["plain", 'a "quoted" \\ path', "Zürich\n\t\r\b\f", "😀 写真", ""])
def test_texts_come_out_of_json_as_they_went_in(tmp_path: Path, small_model: Path, text: str) -> None:
    program = Lightroom(tmp_path, small_model).lua.require("Program")
    line = json.dumps({"schema": 1, "type": "photo", "path": text, "status": "labelled", "count": 12})
    assert program.text(line, "path") == text
    assert program.text(line, "status") == "labelled"
    assert program.text(line, "sentence") is None
    assert (program.number(line, "count"), program.number(line, "none")) == (12, 0)
