"""The guide to object storage: its commands are run on a local S3, and print what the page shows.

    python -m tests.house.test_object_storage_guide FOLDER

prints what they print, in a folder that is not there yet; the page's figures come from that.
"""

import os
import sys
from pathlib import Path

import pytest

from autohdr_scenes.shoot import write_shoot
from tests.house.guides import enter, played, shapes
from tests.s3.store import S3, served

PAGE = Path(__file__).resolve().parents[2] / "docs" / "guides" / "object-storage.md"
EDITED, NEW = 30, 12


def fill(s3: S3, folder: Path) -> dict[str, bytes]:
    """Puts edited photos and new ones into the bucket, and returns the new ones."""
    write_shoot(folder / "all", EDITED + NEW, size=(160, 240), photographer="portraitist")
    s3.clear()
    new = {}
    for count, photo in enumerate(sorted((folder / "all").glob("*.dng"))):
        if count < EDITED:
            for path in (photo, photo.with_suffix(".xmp")):
                s3.put(f"edited/{path.name}", path.read_bytes())
        else:
            new[f"new/{photo.name}"] = photo.read_bytes()
            s3.put(f"new/{photo.name}", photo.read_bytes())
    return new


@pytest.mark.slow
def test_the_guide_prints_what_it_shows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    with served() as s3:
        for name, value in s3.environment.items():
            monkeypatch.setenv(name, value)
        new = fill(s3, tmp_path)
        for command, shown, done in played(PAGE):
            assert done.exit_code == 0, done.output
            assert [line for line in shapes("\n".join(shown)) if line not in shapes(done.output)] == [], done.output
            if " undo " in command:
                assert s3.contents("new/") == new
        assert len(s3.keys("new/")) == 2 * NEW


if __name__ == "__main__":
    place = enter(sys.argv[1])
    with served() as local:
        os.environ |= local.environment
        fill(local, place)
        for asked, _, ended in played(PAGE):
            print(f"$ {asked}\n{ended.output}")
