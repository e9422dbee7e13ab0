"""White balance and further sliders that are moved in the studio are the photographer's, and teach as theirs."""

from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from autohdr import learn
from autohdr.edits.photos import EditedPhotos
from autohdr.errors import SettingsError
from autohdr.mode import HDR, SDR
from autohdr.sidecar import Document, apply, plan
from autohdr.sidecar.record import owner
from autohdr.sidecar.settings.further import AS_SHOT
from autohdr.sliders import SLIDERS
from autohdr_studio.shoot.written import moved
from autohdr_studio.shoot.written.journal import Journal
from autohdr_studio.shoot.written.saving import Saving
from tests.studio.opened import Page, running

VALUES = {slider.key: 1.0 for slider in SLIDERS}
COOL: Mapping[str, object] = {"Temperature": 4810, "Tint": -7}
RESTING: Mapping[str, object] = {"Temperature": None, "Tint": None}
OWN = b"""<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:crs="http://ns.adobe.com/camera-raw-settings/1.0/" crs:ProcessVersion="15.4"
 crs:WhiteBalance="Daylight" crs:Temperature="5500" crs:Tint="+10" crs:IncrementalTint="0" crs:Exposure2012="+0.50"
 crs:Clarity2012="+7" crs:HasSettings="True"/></rdf:RDF></x:xmpmeta>"""


@pytest.fixture
def saving(nef: Path, tmp_path: Path) -> Iterator[Saving]:
    """What saves its edits."""
    with closing(Journal([nef.parent], tmp_path / "state")) as journal:
        yield Saving(journal)


def stands(photo: Path) -> Document:
    return Document.parse(photo.with_suffix(".xmp").read_bytes(), "it")


def says(photo: Path) -> list[str | None]:
    document = stands(photo)
    return [document.get(name) if document.has(name) else "-" for name in ("WhiteBalance", "Temperature", "Tint")]


def written(told: Mapping[str, object]) -> dict[str, str | None]:
    return moved.beside(told, HDR, balance=True)


def test_it_is_read_as_lightrooms(nef: Path, saving: Saving) -> None:
    saving.save(nef, VALUES, HDR, moved=written({"Texture": 12, **COOL}))
    assert owner(stands(nef)) == "photographer"
    (found,) = EditedPhotos.find([nef]).photos
    assert found.balance == (4810.0, -7.0)
    assert found.further["Texture"] == 12
    saving.restore(nef)
    assert not nef.with_suffix(".xmp").exists()


def test_as_shot_takes_the_numbers_away(nef: Path, saving: Saving) -> None:
    nef.with_suffix(".xmp").write_bytes(OWN)
    saving.save(nef, VALUES, HDR, moved=written(RESTING))
    assert says(nef) == ["As Shot", "-", "-"]
    assert not stands(nef).has("IncrementalTint")
    assert EditedPhotos.find([nef]).photos[0].balance == AS_SHOT
    assert stands(nef).get("Clarity2012") == "+7"
    saving.restore(nef)
    assert nef.with_suffix(".xmp").read_bytes() == OWN


def test_what_is_not_moved_stays(nef: Path, saving: Saving) -> None:
    nef.with_suffix(".xmp").write_bytes(OWN)
    saving.save(nef, VALUES, HDR, moved=written({"Dehaze": -5}))
    assert says(nef) == ["Daylight", "5500", "+10"]
    assert [stands(nef).get(name) for name in ("Dehaze", "Clarity2012")] == ["-5", "+7"]
    saving.save(nef, VALUES, HDR, moved=written(COOL))
    assert says(nef) == ["Custom", "4810", "-7"]
    assert not saving.save(nef, VALUES, HDR, moved=written(COOL)), "it says so already"


@pytest.mark.parametrize(("told", "whole"), [(COOL, ["Custom", "4810", "-7"]), (RESTING, ["As Shot", "-", "-"])])
def test_the_rest_of_a_label_is_accepted(
    nef: Path, saving: Saving, told: Mapping[str, object], whole: list[str]
) -> None:
    label = {"WhiteBalance": "Custom", "Temperature": "6100", "Tint": "+3", "Texture": "+20", "Clarity2012": "+4"}
    saving.save(nef, VALUES, HDR, label, written({**told, "Texture": 0}))
    assert says(nef) == whole
    assert [stands(nef).get(name) for name in ("Texture", "Clarity2012")] == ["0", "+4"]


@pytest.mark.parametrize("told", [COOL, RESTING, {"Dehaze": 3}, {"Clarity2012": 0}])
def test_a_label_whose_balance_is_moved_is_corrected(nef: Path, saving: Saving, told: Mapping[str, object]) -> None:
    label = {"WhiteBalance": "Custom", "Temperature": "6100", "Tint": "+3", "Clarity2012": "+4"}
    apply(plan(nef, VALUES, "model 1", also=label))
    before = nef.with_suffix(".xmp").read_bytes()
    saving.save(nef, VALUES, HDR, label, written(told))
    assert owner(stands(nef)) == "correction"
    assert EditedPhotos.find([nef]).photos[0].corrected
    saving.restore(nef)
    assert nef.with_suffix(".xmp").read_bytes() == before


@pytest.mark.parametrize(
    ("told", "sentence"),
    [
        ({"Temperature": 1999, "Tint": 0}, "Temperature is 1999; expected 2000 to 50000"),
        ({"Temperature": 5000, "Tint": 151}, "Tint is 151; expected -150 to 150"),
        ({"Temperature": 5000}, "set both of them"),
        ({"Temperature": None}, "set both of them"),
        ({"Temperature": None, "Tint": 4}, "set both of them"),
        ({"Temperature": "warm", "Tint": 4}, "Temperature is no number"),
        ({"Texture": float("nan")}, "Texture is no number"),
        ({"Texture": True}, "Texture is no number"),
        ({"Texture": None}, "Texture is no number"),
        ({"Clarity2012": -101}, "Clarity is -101; expected -100 to 100"),
        ({"Sharpness": 40}, "'Sharpness' is no slider"),
        ({"SDRBrightness": 5}, "SDR Brightness is for HDR edits"),
    ],
)
def test_what_no_slider_can_be_is_refused(told: dict[str, object], sentence: str) -> None:
    with pytest.raises(SettingsError, match=sentence):
        moved.beside(told, SDR, balance=True)


def test_without_a_light_as_shot_there_is_no_balance() -> None:
    with pytest.raises(SettingsError, match="in what light"):
        moved.beside(COOL, HDR, balance=False)
    assert moved.beside(RESTING, HDR, balance=False)["WhiteBalance"] == "As Shot"


def edit(page: Page, photo: dict[str, Any], number: int) -> dict[str, Any]:
    """Saves an edit that is warmer than the light as shot, each time by more."""
    kelvin, tint = photo["light"]
    warmer = round(1e6 / (1e6 / kelvin - 10 * number))
    also = {"Temperature": warmer, "Tint": round(tint) + number, "Texture": 10 + number, "ParametricLights": 5}
    values = [0.1 * number, 10 + number, -20, 5 * number, 0, -3, 12, number]
    answer = page.post(f"/api/photos/{photo['id']}/edit", {"values": values, "also": also})
    assert answer.status == 200, answer.data
    assert answer.json["beside"]["values"] == {key: float(value) for key, value in also.items()}
    assert answer.json["settings"]["temperature"] == warmer
    assert answer.json["settings"]["curves"]["parametric"]["lights"] == 5
    return dict(page.wait("learnt", lambda told: told["edits"] == number))


def test_what_is_moved_teaches_as_an_edit_of_lightrooms(unedited: Path, small_model: Path, tmp_path: Path) -> None:
    with running(unedited, small_model, tmp_path / "cache") as open_:
        page = open_.page
        photos = page.ready()
        for number in range(1, 7):
            told = edit(page, photos[2 * number], number)
        saved = page.get("/api/style").data
        assert {"Temperature", "Tint", "Texture", "ParametricLights"} <= {one["key"] for one in told["style"]["scores"]}
        beside = {row[0]: row[5] for row in told["labels"]}
        left = next(one for one in page.photos() if one["whose"] == "nobody")
        assert beside[left["id"]] == left["beside"]
        assert left["beside"]["label"]["ParametricLights"] == 5
        assert left["settings"]["curves"]["parametric"]["lights"] == 5
        assert {"Temperature", "Texture"} <= left["beside"]["errors"].keys()
        would = page.post("/api/write", {"ids": [left["id"]], "dry": True}).json["photos"]
        assert would[0]["changes"]["Temperature"][1] == left["beside"]["label"]["Temperature"]
        assert would[0]["changes"]["ParametricLights"][1] == 5
        bad = page.post(f"/api/photos/{left['id']}/edit", {"values": [0] * 8, "also": {"Temperature": 5000}})
        assert bad.status == 400
        assert page.post(f"/api/photos/{left['id']}/edit", {"values": [0] * 8, "also": [1]}).status == 400
    learn([unedited], tmp_path / "its.style", model=small_model, engine="cpu", cache=tmp_path / "other")
    assert saved == (tmp_path / "its.style").read_bytes()
