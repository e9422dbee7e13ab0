"""The guide to several machines: its commands are run on a simulated shoot, and print what the page shows.

    python -m tests.house.test_five_machines FOLDER

prints what they print, in a folder that is not there yet; the page's figures come from that.
"""

import sys
from pathlib import Path

import pytest

from autohdr_scenes.shoot import write_shoot
from tests.house.guides import enter, played, shapes

PAGE = Path(__file__).resolve().parents[2] / "docs" / "guides" / "five-machines.md"
EDITED, NEW = 30, 60


def make_share(folder: Path, size: tuple[int, int]) -> None:
    """The folder of a file server: photos that are edited, and a new shoot."""
    write_shoot(folder / "all", EDITED + NEW, size=size, photographer="portraitist")
    for name in ("old", "wedding"):
        (folder / name).mkdir()
    for count, photo in enumerate(sorted((folder / "all").glob("*.dng"))):
        place = folder / ("old" if count < EDITED else "wedding")
        photo.rename(place / photo.name)
        if count < EDITED:
            edit = photo.with_suffix(".xmp")
            edit.rename(place / edit.name)


@pytest.mark.slow
def test_the_guide_prints_what_it_shows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    photos: list[str] = []
    make_share(tmp_path, size=(160, 240))
    for command, shown, done in played(PAGE):
        assert done.exit_code == 0, done.output
        assert [line for line in shapes("\n".join(shown)) if line not in shapes(done.output)] == [], done.output
        if "--shard" in command:
            _, *rows = Path(f"part-{command.split('/')[0][-1]}.csv").read_text("utf-8").splitlines()
            photos += [row.split(",")[0] for row in rows]
    assert len(photos) == len(set(photos)) == NEW


if __name__ == "__main__":
    place = enter(sys.argv[1])
    make_share(place, size=(160, 240))
    for asked, _, ended in played(PAGE):
        print(f"$ {asked}\n{ended.output}")
