"""A small shoot in object storage."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from autohdr_scenes import Procedural, shots, write_dng
from tests.conftest import SMALL_INFO, write_model
from tests.runtime.objects.shoots import EDITED, FOLDER, RATED, Shoot, label
from tests.s3.store import S3


@pytest.fixture(scope="session")
def other_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model whose sliders are others."""
    return write_model(tmp_path_factory.mktemp("other") / "other.onnx", SMALL_INFO.to_json(), mix="Sigmoid")


@pytest.fixture(scope="session")
def photos(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """Four photos that nobody has labelled, by their keys."""
    path, found = tmp_path_factory.mktemp("photo") / "raw.dng", {}
    for index, photo in enumerate(shots(Procedural(), 4, seed=0, size=(96, 144))):
        write_dng(path, photo.frame, photo.camera)
        found[f"{FOLDER}IMG_{index}.dng"] = path.read_bytes()
    return found


@pytest.fixture
def photos_there(s3: S3, photos: dict[str, bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Four photos as objects that nobody has labelled; a folder for what runs remember."""
    s3.put_all(photos)
    (tmp_path / "states").mkdir()
    monkeypatch.setenv("AUTOHDR_STATE", str(tmp_path / "states"))
    return tmp_path / "states"


@contextmanager
def bucket(s3: S3, photos: dict[str, bytes], folder: Path) -> Iterator[Path]:
    """A bucket with these photos, as the environment names it; a folder for what runs remember."""
    with pytest.MonkeyPatch.context() as patch:
        s3.clear()
        s3.put_all(photos)
        for name, value in {**s3.environment, "AUTOHDR_STATE": str(folder), "XDG_CACHE_HOME": str(folder)}.items():
            patch.setenv(name, value)
        yield folder


def labelled(shoot: Shoot, count: int) -> Shoot:
    """The shoot, with what is there now as what was there before, and with what a run leaves."""
    shoot.before.update(shoot.s3.contents())
    shoot.forget()
    report = shoot.label()
    assert (report.count("labelled"), report.count("failed")) == (count, 0)
    shoot.after.update(shoot.s3.contents())
    return shoot


def laid(shoot: Shoot, states: Path) -> Shoot:
    """A copy of the shoot, which is in the bucket."""
    copy = replace(shoot, before=dict(shoot.before), after=dict(shoot.after), states=states)
    copy.lay()
    return copy


@pytest.fixture(scope="session")
def with_sidecars(
    s3_server: S3,
    photos: dict[str, bytes],
    small_model: Path,
    other_model: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> Shoot:
    """What `shoot_there` lays into the bucket."""
    with bucket(s3_server, photos, tmp_path_factory.mktemp("states")) as states:
        shoot = Shoot(s3_server, {}, small_model, {}, states)
        shoot.forget()
        label(s3_server, other_model)
        for index in (0, 1, 3):
            s3_server.delete(f"{FOLDER}IMG_{index}.xmp")
        s3_server.put_all({f"{FOLDER}IMG_1.xmp": RATED, f"{FOLDER}IMG_3.xmp": EDITED})
        return labelled(shoot, 3)


@pytest.fixture(scope="session")
def with_labels_inside(
    s3_server: S3,
    photos: dict[str, bytes],
    small_model: Path,
    other_model: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> Shoot:
    """What `dngs_there` lays into the bucket."""
    three = {key: data for key, data in photos.items() if key != f"{FOLDER}IMG_3.dng"}
    with bucket(s3_server, three, tmp_path_factory.mktemp("states")) as states:
        shoot = Shoot(s3_server, {}, small_model, {}, states, embed=True)
        shoot.forget()
        label(s3_server, other_model, embed=True)
        for key in (f"{FOLDER}IMG_0.dng", f"{FOLDER}IMG_1.dng"):
            s3_server.put(key, three[key])
            s3_server.delete(f"{key}_xmp_original")
        return labelled(shoot, 3)


@pytest.fixture
def shoot_there(with_sidecars: Shoot, photos_there: Path) -> Shoot:
    """Four photos: one with no sidecar, one that is rated, one that an older model of ours has labelled, one edited."""
    return laid(with_sidecars, photos_there)


@pytest.fixture
def dngs_there(with_labels_inside: Shoot, photos_there: Path) -> Shoot:
    """Three photos whose labels go inside: two untouched, and one with an older model's label in it."""
    return laid(with_labels_inside, photos_there)
