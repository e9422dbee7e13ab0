"""The guide to catalogs: its commands are run on a made catalog, and print what the page shows, but for the figures.

    python -m tests.house.test_catalog_guide FOLDER

prints what they print, in a folder that is not there yet; the page's figures come from that.
"""

import sys
from pathlib import Path

import pytest

from autohdr.sidecar import Document
from autohdr.sidecar.xmp.properties import number
from autohdr_scenes.shoot import write_shoot
from tests.catalogs import Photo, make_catalog, snapshot
from tests.house.guides import enter, played, shapes

PAGE = Path(__file__).resolve().parents[2] / "docs" / "guides" / "catalog.md"
HOME = "/Users/anna"
EDITED, NEW = 40, 20


def moved(sidecar: Path) -> dict[str, object]:
    """The edit in a sidecar, as a catalog has it."""
    document = Document.read(sidecar)
    assert document is not None
    texts = {name: found.text.strip() for name, found in document.settings().items() if found.simple}
    numbers = {name: text if (value := number(text)) is None else value for name, text in texts.items()}
    return {**numbers, "ProcessVersion": "15.4"}


def make_home(folder: Path, size: tuple[int, int]) -> None:
    """A photographer's pictures and catalog: a year of edited photos, and a new shoot."""
    old, new = folder / "Pictures" / "2023" / "portraits", folder / "Pictures" / "2024" / "wedding"
    write_shoot(folder / "all", EDITED + NEW, size=size, photographer="portraitist")
    listed = []
    for count, photo in enumerate(sorted((folder / "all").glob("*.dng"))):
        place = old if count < EDITED else new
        place.mkdir(parents=True, exist_ok=True)
        edit = moved(photo.with_suffix(".xmp")) if count < EDITED else {}
        listed.append(Photo(photo.rename(place / photo.name), edit, rating=count % 6))
    listed.append(Photo(listed[0].path, listed[0].edit, copy_of=1))
    make_catalog(folder / "Lightroom.lrcat", listed)


@pytest.mark.slow
def test_the_guide_prints_what_it_shows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    catalog: dict[str, tuple[bytes, int]] = {}
    make_home(tmp_path, size=(160, 240))
    for command, shown, done in played(PAGE):
        assert done.exit_code == 0, done.output
        output = done.output.replace(str(tmp_path), HOME)
        assert [line for line in shapes("\n".join(shown)) if line not in shapes(output)] == [], output
        now = {name: bytes_ for name, bytes_ in snapshot(tmp_path).items() if "lrcat" in name}
        assert now == (catalog or now), command
        catalog = now
    assert len(catalog) == 1


if __name__ == "__main__":
    place = enter(sys.argv[1])
    make_home(place, size=(640, 960))
    for asked, _, ended in played(PAGE):
        print(f"$ {asked}\n{ended.output.replace(str(place), HOME)}")
