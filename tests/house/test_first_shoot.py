"""The first guide: its commands are run on a simulated shoot, and print what the page shows, but for the figures.

    python -m tests.house.test_first_shoot FOLDER

prints what they print, in a folder that is not there yet; the page's figures come from that.
"""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import Result

from autohdr.sidecar import Document, merge
from autohdr.sidecar.dng.embedded import read_embedded, write_embedded
from autohdr.sidecar.xmp.properties import CRS
from autohdr.sliders import SLIDERS
from autohdr_scenes.shoot import write_shoot
from tests.house.guides import enter, played, shapes

PAGE = Path(__file__).resolve().parents[2] / "docs" / "guides" / "first-shoot.md"
PHOTOS = 60


def saved_in_lightroom(photo: Path, document: bytes) -> None:
    """The document inside a DNG, as another program writes it: what autohdr keeps beside it is not touched."""
    kept = {path: path.read_bytes() for path in photo.parent.glob(f"{photo.name}_xmp_original*")}
    added = write_embedded(photo, document)
    added.unlink()
    for path, data in kept.items():
        path.write_bytes(data)


def corrected(photo: Path, edit: Path) -> None:
    """Moves the sliders of a labelled photo to where the photographer has them."""
    document, values = read_embedded(photo), Document.parse(edit.read_bytes()).values()
    assert document is not None
    texts = {f"{{{CRS}}}{slider.key}": slider.spell(values[slider.key]) for slider in SLIDERS if slider.key in values}
    saved_in_lightroom(photo, merge(document, texts))


def photographed(folder: Path, size: tuple[int, int]) -> Iterator[tuple[str, list[str], Result]]:
    """Each command, what the page shows for it, and what came of it; between them the photographer does their part.

    The working folder has to be `folder`, which gets a folder `wedding`.
    """
    write_shoot(folder / "edits", PHOTOS, size=size, photographer="portraitist")
    (folder / "wedding").mkdir()
    for photo in sorted((folder / "edits").glob("*.dng")):
        photo.rename(folder / "wedding" / photo.name)
    learnt = 0
    for command, shown, done in played(PAGE):
        yield command, shown, done
        if " pick " in command:
            for name in done.stdout.splitlines():
                saved_in_lightroom(Path(name), Path("edits", f"{Path(name).stem}.xmp").read_bytes())
        if " label " in command and "--dry-run" not in command and not learnt:
            learnt += 1
            for kept in sorted(Path("wedding").glob("*.dng_xmp_original"))[:3]:
                labelled = kept.with_name(kept.name.removesuffix("_xmp_original"))
                corrected(labelled, Path("edits", f"{labelled.stem}.xmp"))


@pytest.mark.slow
def test_the_first_guide_prints_what_it_shows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    before: dict[Path, bytes] = {}
    for command, shown, done in photographed(tmp_path, size=(160, 240)):
        undone = " undo " in command
        assert done.exit_code == (3 if undone else 0), done.output
        assert [line for line in shapes("\n".join(shown)) if line not in shapes(done.output)] == [], done.output
        if " --dry-run" in command and not before:  # the photographer's edits are saved, and nothing is labelled
            before = {photo: photo.read_bytes() for photo in Path("wedding").glob("*.dng")}
    assert sum(photo.read_bytes() == data for photo, data in before.items()) == PHOTOS - 3


if __name__ == "__main__":
    place = enter(sys.argv[1])
    for asked, _, ended in photographed(place, size=(640, 960)):
        print(f"$ {asked}\n{ended.output}")
