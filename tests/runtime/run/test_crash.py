"""Runs that die at a point with a name: the same command goes on, and nothing is lost, torn or done twice.

`test_resume` kills runs at random besides.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest

import autohdr
from autohdr import Report
from autohdr.run.undo import undo
from autohdr.sidecar import Document
from tests.runtime.crashes import CLAIMING, CODE, CREATING, NOTING, REMOVING, WRITING
from tests.runtime.run.processes import begin, begin_undo, many

PHOTOS = 12
FOREIGN = (
    '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
    '<rdf:Description rdf:about="" xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmp:Rating="{}"/></rdf:RDF></x:xmpmeta>'
)
"""A sidecar of another program, of which the original is kept."""


def photos(shoot: Path) -> Path:
    """A folder of photos, every third with a sidecar of another program."""
    folder = many(shoot, PHOTOS)
    for number in range(0, PHOTOS, 3):
        (folder / f"IMG_{number}.xmp").write_text(FOREIGN.format(number))
    return folder


def label(folder: Path, model: Path) -> Report:
    return autohdr.label([folder], model=model, embed=False)


def contents(folder: Path) -> dict[str, bytes]:
    """Each file but the photos, and but what the crash left, which a later run removes."""
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.suffix not in (".dng", ".tmp")}


def labelled(folder: Path) -> Iterator[str]:
    """Names of the sidecars that hold labels; each sidecar is whole."""
    for path in folder.glob("*.xmp"):
        if Document.parse(path.read_bytes(), str(path)).values():
            yield path.name


@pytest.fixture
def undisturbed(shoot: Path, small_model: Path) -> dict[str, bytes]:
    """What a run leaves that nothing stopped."""
    folder = photos(shoot)
    label(folder, small_model)
    found = contents(folder)
    folder.rename(folder.with_name("undisturbed"))
    assert len(found) == PHOTOS + PHOTOS / 3
    return found


def plain(files: dict[str, bytes]) -> dict[str, object]:
    """What files say, without the dates that a sidecar holds."""
    return {
        name: data if name.endswith("_original") else (Document.parse(data).values(), Document.parse(data).hdr)
        for name, data in files.items()
    }


LABELLING = [
    *((f"written: {point}", time) for point in WRITING for time in (1, 4)),
    *((f"created: {point}", time) for point in CREATING for time in (1, 3)),
    *((point, 2) for point in CLAIMING),
    *((point, time) for point in NOTING for time in ((1,) if point.startswith("all") else (1, PHOTOS))),
]


@pytest.mark.parametrize(("point", "time"), LABELLING)
def test_a_run_that_dies_there_is_gone_on_with(
    shoot: Path, small_model: Path, undisturbed: dict[str, bytes], point: str, time: int
) -> None:
    folder = photos(shoot)
    before, expected = contents(folder), plain(undisturbed)
    run = begin(folder, crash=(point, time), model=small_model, embed=False)
    run.join()
    assert run.exitcode == CODE
    for name, data in contents(folder).items():
        assert data == before.get(name) or plain({name: data})[name] == expected[name], name
    there = set(labelled(folder))
    report = label(folder, small_model)
    assert report.count("failed") == 0
    already = sum(result.reason == "labelled already" for result in report.results)
    assert len(there) - 1 <= already <= len(there)  # the last may have been written, and not yet noted
    assert plain(contents(folder)) == expected
    assert label(folder, small_model).count("labelled") == 0


UNDOING = [
    *((f"written: {point}", time) for point in WRITING if "half" not in point for time in (1, 3)),
    *((point, time) for point in REMOVING for time in (1, 6)),
    *((point, 2) for point in CLAIMING),
]


@pytest.mark.parametrize(("point", "time"), UNDOING)
def test_an_undo_that_dies_there_is_gone_on_with(shoot: Path, small_model: Path, point: str, time: int) -> None:
    folder = photos(shoot)
    before = contents(folder)
    label(folder, small_model)
    after = contents(folder)
    run = begin_undo(folder, crash=(point, time))
    run.join()
    assert run.exitcode == CODE
    for name, data in contents(folder).items():
        assert data in (before.get(name), after.get(name)), name
    undo(folder)
    assert contents(folder) == before
