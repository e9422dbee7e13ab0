"""A small shoot in object storage."""

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


@pytest.fixture
def photos_there(s3: S3, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Four photos as objects that nobody has labelled; a folder for what runs remember."""
    for index, photo in enumerate(shots(Procedural(), 4, seed=0, size=(96, 144))):
        write_dng(tmp_path / "raw.dng", photo.frame, photo.camera)
        s3.put(f"{FOLDER}IMG_{index}.dng", (tmp_path / "raw.dng").read_bytes())
    (tmp_path / "states").mkdir()
    monkeypatch.setenv("AUTOHDR_STATE", str(tmp_path / "states"))
    return tmp_path / "states"


def laid(shoot: Shoot, labelled: int) -> Shoot:
    """The shoot, with what is there now as what was there before."""
    shoot.before.update(shoot.s3.contents())
    shoot.forget()
    report = shoot.label()
    assert (report.count("labelled"), report.count("failed")) == (labelled, 0)
    shoot.after.update(shoot.s3.contents())
    shoot.lay()
    return shoot


@pytest.fixture
def shoot_there(s3: S3, small_model: Path, other_model: Path, photos_there: Path) -> Shoot:
    """Four photos: one with no sidecar, one that is rated, one that an older model of ours has labelled, one edited."""
    shoot = Shoot(s3, {}, small_model, {}, photos_there)
    shoot.forget()
    label(s3, other_model)
    for index in (0, 1, 3):
        s3.delete(f"{FOLDER}IMG_{index}.xmp")
    s3.put(f"{FOLDER}IMG_1.xmp", RATED)
    s3.put(f"{FOLDER}IMG_3.xmp", EDITED)
    return laid(shoot, 3)


@pytest.fixture
def dngs_there(s3: S3, small_model: Path, other_model: Path, photos_there: Path) -> Shoot:
    """Three photos whose labels go inside: two untouched, and one with an older model's label in it."""
    shoot = Shoot(s3, {}, small_model, {}, photos_there, embed=True)
    s3.delete(f"{FOLDER}IMG_3.dng")
    untouched = s3.contents()
    shoot.forget()
    label(s3, other_model, embed=True)
    for key in (f"{FOLDER}IMG_0.dng", f"{FOLDER}IMG_1.dng"):
        s3.put(key, untouched[key])
        s3.delete(f"{key}_xmp_original")
    return laid(shoot, 3)
