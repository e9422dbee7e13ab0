"""What was written into object storage is taken back to the byte, in sidecars and in DNGs."""

from pathlib import Path

import pytest

import autohdr
from autohdr_scenes import write_shoot
from tests.s3.faults import Fault
from tests.s3.store import S3

RATED = (
    b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
    b'<rdf:Description rdf:about="" xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmp:Rating="3"/></rdf:RDF></x:xmpmeta>'
)
"""A sidecar without an edit."""


@pytest.fixture(scope="module")
def photos(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three small DNGs that nobody has edited."""
    folder = tmp_path_factory.mktemp("photos") / "raws"
    write_shoot(folder, 3, seed=3, size=(64, 96))
    for sidecar in folder.glob("*.xmp"):
        sidecar.unlink()
    return folder


@pytest.fixture
def there(s3: S3, photos: Path) -> dict[str, bytes]:
    """The same as objects, one with a sidecar; what the bucket holds."""
    s3.upload(photos, "a shoot/")
    s3.put("a shoot/IMG_0001.xmp", RATED)
    return s3.contents()


@pytest.mark.parametrize("embed", [True, False])
def test_labels_are_those_of_files_and_go_to_the_byte(
    s3: S3, photos: Path, there: dict[str, bytes], small_model: Path, tmp_path: Path, *, embed: bool
) -> None:
    local = tmp_path / "a shoot"
    local.mkdir()
    for key, data in there.items():
        (local / key.rpartition("/")[2]).write_bytes(data)
    autohdr.label(local, model=small_model, embed=embed)
    report = autohdr.label(s3.url("a shoot"), model=small_model, embed=embed)
    assert report.count("labelled") == 3, report.results
    assert {key.rpartition("/")[2]: data for key, data in s3.contents().items()} == {
        path.name: path.read_bytes() for path in local.iterdir()
    }
    dry = autohdr.undo(s3.url("a shoot"), dry_run=True)
    assert s3.contents() != there
    assert dry == autohdr.undo(s3.url("a shoot"))
    assert len(dry) == 3
    assert s3.contents() == there


def test_one_photo_is_undone_by_its_url(s3: S3, there: dict[str, bytes], small_model: Path) -> None:
    autohdr.label(s3.url("a shoot"), model=small_model, embed=True)
    (one,) = autohdr.undo(s3.url("a shoot/IMG_0002.dng"))
    assert (str(one.path), one.status) == (s3.url("a shoot/IMG_0002.dng"), "restored")
    assert s3.get("a shoot/IMG_0002.dng") == there["a shoot/IMG_0002.dng"]
    assert len(autohdr.undo(s3.url("a shoot"))) == 2


def test_what_another_program_has_written_is_left(s3: S3, there: dict[str, bytes], small_model: Path) -> None:
    autohdr.label(s3.url("a shoot"), model=small_model, embed=True)
    saved = s3.get("a shoot/IMG_0002.dng").replace(b"autohdr", b"another")
    s3.put("a shoot/IMG_0002.dng", saved)
    left = [result for result in autohdr.undo(s3.url("a shoot")) if result.status == "left"]
    assert [str(result.path) for result in left] == [s3.url("a shoot/IMG_0002.dng")]
    assert left[0].reason is not None
    assert left[0].reason.startswith(f"{s3.url('a shoot/IMG_0002.dng')} was changed by another program")
    assert "photo.dng" not in left[0].reason
    assert s3.get("a shoot/IMG_0002.dng") == saved


def test_a_dng_that_is_saved_meanwhile_is_left(s3: S3, there: dict[str, bytes], small_model: Path) -> None:
    """Between the reading of the DNG and the writing of its label, a program puts another one there."""
    key = "a shoot/IMG_0002.dng"
    saved = there[key] + b"by another program"
    with s3.calling(lambda: s3.put(key, saved)) as port:
        s3.plan(Fault("call", "PUT", f"{key}$", value=port))
        report = autohdr.label(s3.url("a shoot"), model=small_model, embed=True, threads=1)
    s3.plan()
    assert [result.status for result in report.results] == ["labelled", "failed", "labelled"]
    assert s3.get(key) == saved


@pytest.mark.parametrize("after", [True, False])
def test_lost_answers_lose_nothing(s3: S3, there: dict[str, bytes], small_model: Path, *, after: bool) -> None:
    s3.plan(Fault("reset", "PUT", "IMG_0002", after=after), Fault("reset", "POST", after=after))
    autohdr.label(s3.url("a shoot"), model=small_model, embed=True, threads=1)
    autohdr.undo(s3.url("a shoot"))
    s3.plan()
    autohdr.label(s3.url("a shoot"), model=small_model, embed=True, threads=1)
    autohdr.undo(s3.url("a shoot"))
    assert s3.contents() == there
