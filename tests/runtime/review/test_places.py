"""No page tells where its photos lie."""

import os
import shutil
from pathlib import Path

import pytest

from autohdr import label, page
from autohdr.errors import SettingsError
from autohdr.review.places import Places
from tests.runtime.review.pages import contents, edit, photos, told


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home folder with a space in its name, and somebody's name."""
    folder = tmp_path / "homes" / "jane doe"
    folder.mkdir(parents=True)
    for variable in ("HOME", "USERPROFILE"):
        monkeypatch.setenv(variable, str(folder))
    return folder


def _broken(shoot: Path, home: Path) -> Path:
    """A shoot in the home folder where all goes wrong that a page tells of."""
    there = home / "Albums" / "wedding"
    (there / "church").mkdir(parents=True)
    for photo in sorted(shoot.glob("*.dng")):
        shutil.copy(photo, there / "church" if photo.name == "IMG_4.dng" else there)
    (there / "church" / "IMG_5.dng").write_text("not a photo")
    (there / "IMG_2.dng").write_text("not a photo")
    (there / "IMG_3.xmp").write_text("<not xmp")
    edit(there / "IMG_0.dng", Exposure2012="+900000000")
    edit(there / "IMG_1.dng", Exposure2012="+1.00")
    return there


def _refused(folder: Path, *words: str) -> None:
    for name, data in contents(folder).items():
        for word in words:
            assert word.encode() not in data, name


def test_a_page_tells_no_folder_above_the_shoot(shoot: Path, tmp_path: Path, home: Path) -> None:
    there = _broken(shoot, home)
    page(there, tmp_path / "page")
    _refused(tmp_path / "page", str(tmp_path), "jane", "Albums", "homes")
    shown = photos(tmp_path / "page")
    assert shown["IMG_2.dng"]["failed"].startswith("IMG_2.dng: ")
    assert shown["IMG_5.dng"]["failed"].startswith(f"{Path('church', 'IMG_5.dng')}: ")
    assert shown["IMG_3.dng"]["failed"].startswith("IMG_3.xmp ")
    assert shown["IMG_0.dng"]["failed"].startswith("IMG_0.xmp has 9e+08 for Exposure2012")
    assert [shown[f"IMG_{n}.dng"]["folder"] for n in range(6)] == ["", "", "", "", "church", "church"]
    assert told(tmp_path / "page")["title"] == "wedding"


def test_a_shoot_that_is_the_home_folder_is_called_by_a_sign(shoot: Path, tmp_path: Path, home: Path) -> None:
    shutil.copy(shoot / "IMG_0.dng", home)
    (home / "IMG_1.dng").write_text("not a photo")
    page(home, tmp_path / "page")
    _refused(tmp_path / "page", "jane")
    assert told(tmp_path / "page")["title"] == "~"


def test_neither_does_the_page_of_a_run(shoot: Path, small_model: Path, tmp_path: Path, home: Path) -> None:
    there = _broken(shoot, home)
    label(there, model=small_model, page=tmp_path / "page")
    _refused(tmp_path / "page", str(tmp_path), "jane", "Albums", "homes")
    shown = photos(tmp_path / "page")
    assert shown["IMG_2.dng"]["failed"].startswith("IMG_2.dng: ")
    assert "has edits that are not autohdr's" in shown["IMG_1.dng"]["note"]


def test_a_shoot_that_is_named_from_where_one_stands_or_by_a_link(
    shoot: Path, tmp_path: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    there = _broken(shoot, home)
    monkeypatch.chdir(there.parent)
    Path("linked").symlink_to("wedding", target_is_directory=True)
    for number, named in enumerate((Path("wedding"), Path("linked"), Path("wedding/../wedding"), there / "IMG_2.dng")):
        out = tmp_path / f"page{number}"
        page(named, out)
        _refused(out, str(tmp_path), "jane", "Albums", "homes")
        assert photos(out)["IMG_2.dng"]["failed"].startswith("IMG_2.dng: "), named


def test_shoots_of_one_name_are_told_apart(shoot: Path, tmp_path: Path) -> None:
    other = tmp_path / "other" / shoot.name
    shutil.copytree(shoot, other)
    page(shoot, tmp_path / "page")
    with pytest.raises(SettingsError, match=f"is the page of another shoot, {shoot.name}; name another folder"):
        page(other, tmp_path / "page")


@pytest.mark.parametrize(
    ("sentence", "told"),
    [
        ("/data/w/a.dng: cannot be read; see https://example.org/a/b", "a.dng: cannot be read; see https://example.org/a/b"),
        ("/data/w: cannot be searched", "w: cannot be searched"),
        ("/data/wide/a.dng and /data/w-2/b.dng", "a.dng and b.dng"),
        ("[Errno 2] No such file: '/data/w/x/a.dng'", "[Errno 2] No such file: 'x/a.dng'"),
        ("/out/page/pictures/a.jpg cannot be written", "pictures/a.jpg cannot be written"),
        ("/usr/lib/python3/x.py failed at f/2.8, 1/2/3", "x.py failed at f/2.8, 1/2/3"),
        ("in /homes/jane doe: 3 files, /homes/jane doe/.cache/x", "in ~: 3 files, ~/.cache/x"),
        (r"C:\Users\jane\a.dng and \\server\share\b.dng", "a.dng and b.dng"),
    ],
)  # fmt: skip
def test_sentences(monkeypatch: pytest.MonkeyPatch, sentence: str, told: str) -> None:
    if os.sep != "/":
        pytest.skip("these are paths of POSIX")
    monkeypatch.setenv("HOME", "/homes/jane doe")
    assert Places([Path("/data/w/IMG.dng")], Path("/out/page")).sentence(sentence) == told
