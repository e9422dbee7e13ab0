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
def shoot_there(s3: S3, small_model: Path, other_model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Shoot:
    """Four photos as objects, of which nobody has labelled the first two."""
    for index, photo in enumerate(shots(Procedural(), 4, seed=0, size=(96, 144))):
        write_dng(tmp_path / "raw.dng", photo.frame, photo.camera)
        s3.put(f"{FOLDER}IMG_{index}.dng", (tmp_path / "raw.dng").read_bytes())
    (tmp_path / "states").mkdir()
    monkeypatch.setenv("AUTOHDR_STATE", str(tmp_path / "states"))
    shoot = Shoot(s3, {}, small_model, {}, tmp_path / "states")
    shoot.forget()
    label(s3, other_model)
    for index in (0, 1, 3):
        s3.delete(f"{FOLDER}IMG_{index}.xmp")
    s3.put(f"{FOLDER}IMG_1.xmp", RATED)
    s3.put(f"{FOLDER}IMG_3.xmp", EDITED)
    shoot.before.update(s3.contents())
    shoot.forget()
    report = shoot.label()
    assert (report.count("labelled"), report.count("skipped")) == (3, 1)
    shoot.after.update(s3.contents())
    shoot.lay()
    return shoot
