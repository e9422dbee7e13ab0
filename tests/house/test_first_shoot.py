"""The first guide: its commands are run on a simulated shoot, and print what the page shows, but for the figures."""

import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from autohdr.cli.main import main
from autohdr.sidecar import merge
from autohdr.sidecar.embedded import read_embedded, write_embedded
from autohdr.sidecar.properties import CRS
from autohdr_scenes.shoot import write_shoot

PAGE = Path(__file__).resolve().parents[2] / "docs" / "guides" / "first-shoot.md"
PHOTOS = 60


def shapes(text: str) -> list[str]:
    """Lines without what differs from shoot to shoot: figures, names of photos, and which sliders were learnt."""
    lines = []
    for line in text.splitlines():
        plain = re.sub(r"^(\w+ .*?)  (adapted|constant|not learnt)\b.*", r"\1", line)
        plain = re.sub(r"^(Adapted to each photo: ).*|^(skipped: [^ ]+).*", r"\1\2", plain)
        lines.append(re.sub(r"[+-]?\d+(\.\d+)?", "#", re.sub(r"\s+", " ", plain)).strip())
    return lines


def steps() -> list[tuple[str, list[str]]]:
    """The commands of the page in order, each with the lines that the page shows for it."""
    found: list[tuple[str, list[str]]] = []
    for kind, block in re.findall(r"^ *```(sh|text)\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL | re.MULTILINE):
        if kind == "sh":
            found += [(line, []) for line in block.splitlines() if line.startswith("autohdr ")]
        else:
            found[-1][1].extend(line for line in block.splitlines() if line.strip() != "...")
    return found


def saved_in_lightroom(photo: Path, document: bytes) -> None:
    """The document inside a DNG, as another program writes it: what autohdr keeps beside it is not touched."""
    kept = {path: path.read_bytes() for path in photo.parent.glob(f"{photo.name}_xmp_original*")}
    added = write_embedded(photo, document)
    added.unlink()
    for path, data in kept.items():
        path.write_bytes(data)


@pytest.mark.slow
def test_the_first_guide_prints_what_it_shows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    write_shoot(tmp_path / "edits", PHOTOS, size=(160, 240), photographer="portraitist")
    Path("wedding").mkdir()
    for photo in sorted(Path("edits").glob("*.dng")):
        photo.rename(Path("wedding") / photo.name)
    before = {photo: photo.read_bytes() for photo in Path("wedding").glob("*.dng")}
    learnt = 0
    for command, shown in steps():
        done = CliRunner().invoke(main, command.split()[1:])
        undone = " undo " in command
        assert done.exit_code == (3 if undone else 0), done.output
        assert [line for line in shapes("\n".join(shown)) if line not in shapes(done.output)] == [], done.output
        if " pick " in command:
            for name in done.stdout.splitlines():
                photo = Path(name)
                saved_in_lightroom(photo, Path("edits", f"{photo.stem}.xmp").read_bytes())
                before[photo] = photo.read_bytes()
        if " label " in command and "--dry-run" not in command and not learnt:
            learnt += 1
            for photo in sorted(Path("wedding").glob("*.dng_xmp_original"))[:3]:
                labelled = photo.with_name(photo.name.removesuffix("_xmp_original"))
                document = read_embedded(labelled)
                assert document is not None
                saved_in_lightroom(labelled, merge(document, {f"{{{CRS}}}Exposure2012": "+1.25"}))
    assert sum(photo.read_bytes() == data for photo, data in before.items()) == PHOTOS - 3
