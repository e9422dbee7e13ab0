"""What holds for every one of the photographers for testing."""

import inspect
import re
from dataclasses import fields, replace

import numpy as np
import pytest
from numpy.typing import NDArray

import autohdr_scenes.photographers as package
from autohdr.errors import SettingsError
from autohdr.sliders import LIMITS
from autohdr_scenes.camera import developed, random_camera
from autohdr_scenes.metering import meter
from autohdr_scenes.photographers import PHOTOGRAPHERS, Photographer, draw, find
from autohdr_scenes.photographers.seen import see
from autohdr_scenes.procedural import KINDS, scene

USUAL = np.array([0.83, 8.5, 25.0, 32.0, 27.0, 9.0, 3.6, 1.9])
"""Standard deviation of the sliders over the photos of a real photographer."""

everyone = pytest.mark.parametrize("who", PHOTOGRAPHERS.values(), ids=PHOTOGRAPHERS)


def photo(kind: str, seed: int) -> NDArray[np.float32]:
    rng = np.random.default_rng(seed)
    linear = scene(kind, rng, (64, 96)).linear
    return developed(linear, random_camera(rng), meter(linear, rng))


@pytest.fixture(scope="module")
def photos() -> list[NDArray[np.float32]]:
    """Six of each kind of procedural scene."""
    return [photo(kind, seed) for kind in KINDS for seed in range(6)]


@pytest.fixture(scope="module")
def edits(photos: list[NDArray[np.float32]]) -> dict[str, NDArray[np.float64]]:
    """Everybody's (N, 8) for `photos`."""
    return {name: np.array([who.edit(picture) for picture in photos]) for name, who in PHOTOGRAPHERS.items()}


@pytest.fixture(scope="module")
def sweep() -> list[NDArray[np.float32]]:
    """One dark room, from far too dark to far too bright in twentieths of a stop."""
    rng = np.random.default_rng(2)
    linear, camera = scene("room", rng, (64, 96)).linear, random_camera(rng)
    middle = meter(linear, rng)
    return [developed(linear, camera, middle * 2.0**stops) for stops in np.arange(-2.0, 2.0, 0.05)]


@pytest.fixture(scope="module")
def moderate() -> NDArray[np.float32]:
    """A picture of areas, texture and colour that lies two stops from either end of a sensor."""
    rng = np.random.default_rng(0)
    areas = np.kron(rng.normal(0.0, 0.9, (4, 6)), np.ones((16, 16)))
    stops = np.clip(-4.5 + areas + rng.normal(0.0, 0.2, (64, 96)), -7.0, -2.2)
    return np.exp2(stops[..., None] + rng.normal(0.0, 0.15, 3)).astype(np.float32)


def test_there_are_a_dozen_or_more_each_of_a_class_of_its_own() -> None:
    assert 12 <= len(PHOTOGRAPHERS) == len({type(who.school) for who in PHOTOGRAPHERS.values()})
    assert all(name == who.name and who.about.endswith(".") for name, who in PHOTOGRAPHERS.items())


def test_the_table_of_the_package_names_everybody_with_the_sliders_they_use() -> None:
    rows = [line.strip("| ").split("|") for line in inspect.getdoc(package).splitlines() if line.startswith("| ")][1:]  # type: ignore[union-attr]
    table = {row[0].strip(): [cell.strip() == "x" for cell in [*row[2:], *[""] * 8][:8]] for row in rows}
    assert table == {name: who.uses.tolist() for name, who in PHOTOGRAPHERS.items()}


@everyone
@pytest.mark.parametrize("stops", [-1.0, 0.5, 1.5])
def test_capture_exposure_is_made_up_for_by_all_but_the_believer(
    who: Photographer, stops: float, moderate: NDArray[np.float32]
) -> None:
    change = who.edit(moderate * np.float32(2.0**stops)) - who.edit(moderate)
    assert change[0] == pytest.approx(-who.compensates * stops, abs=0.05 * abs(stops))
    assert who.compensates == (0.5 if who.name == "believer" else 1.0)
    if who.name != "believer":
        assert (np.abs(change[1:]) < 0.03 * 100.0).all()


@everyone
def test_sliders_that_are_used_vary_like_a_real_photographers_and_the_others_not_at_all(
    who: Photographer, edits: dict[str, NDArray[np.float64]]
) -> None:
    spread = edits[who.name].std(axis=0)
    assert (spread[~who.uses] == 0.0).all()
    assert (spread[who.uses] > 0.3 * USUAL[who.uses]).all()
    assert (spread[who.uses] < 3.0 * USUAL[who.uses]).all()
    assert (np.abs(edits[who.name]) >= LIMITS).mean() < 0.02


@everyone
def test_noise_leaves_most_of_the_labels_to_be_learnt(who: Photographer, edits: dict[str, NDArray[np.float64]]) -> None:
    rng = np.random.default_rng(0)
    labels = np.array([who.inconsistent(edit, rng) for edit in edits[who.name]])
    learnt = who.uses & (who.missing < 1.0)
    lost = (who.noise**2 + who.steps**2 / 12.0)[learnt] / np.nanvar(labels[:, learnt], axis=0)
    assert (lost < 0.3).all()
    assert (lost > 0.005).all()


def test_nobody_edits_as_another_does(edits: dict[str, NDArray[np.float64]]) -> None:
    """No one's used sliders follow from all eight of another's by a linear map, as in one school they nearly do."""
    for name, mine in edits.items():
        wanted = mine[:, PHOTOGRAPHERS[name].uses]
        for other, theirs in edits.items():
            known = np.column_stack([theirs, np.ones(len(theirs))])
            missed = wanted - known @ np.linalg.lstsq(known, wanted, rcond=None)[0]
            explained = 1.0 - missed.var(axis=0) / wanted.var(axis=0)
            assert name == other or explained.mean() < 0.98, (name, other)


@everyone
def test_a_small_change_of_light_makes_a_small_change_of_the_edit(
    who: Photographer, sweep: list[NDArray[np.float32]]
) -> None:
    edits = np.array([who.edit(picture) for picture in sweep])
    assert (np.abs(np.diff(edits, axis=0)).max(axis=0) < 0.05 * LIMITS).all()


@everyone
@pytest.mark.parametrize("level", [0.0, 1e-5, 1.0])
def test_black_and_white_pictures_get_a_finite_edit_within_the_limits(who: Photographer, level: float) -> None:
    values = who.edit(np.full((8, 8, 3), level, dtype=np.float32))
    assert np.isfinite(values).all()
    assert (np.abs(values) <= LIMITS).all()


@everyone
def test_a_picture_and_a_seed_decide_the_label(who: Photographer) -> None:
    picture = photo("day", 0)
    labels = [who.inconsistent(who.edit(picture), np.random.default_rng(seed)) for seed in (1, 1, 2)]
    np.testing.assert_array_equal(labels[0], labels[1])
    assert not np.array_equal(labels[0], labels[2], equal_nan=True)


@everyone
def test_those_who_are_drawn_are_of_the_same_school_with_parameters_of_their_own(
    who: Photographer, photos: list[NDArray[np.float32]], edits: dict[str, NDArray[np.float64]]
) -> None:
    drawn = [draw(who.name, seed) for seed in range(3)]
    assert draw(who.name, 2).school == drawn[2].school
    assert len({str(one.school) for one in drawn}) == 3
    for one in drawn:
        assert type(one.school) is type(who.school)
        assert (one.uses == who.uses).all()
        ours = np.array([one.edit(picture) for picture in photos[::4]])
        assert (ours.std(axis=0)[who.uses] > 0.0).all()
        assert 0.0 < np.abs(ours - edits[who.name][::4])[:, 0].mean() < 1.5


@everyone
def test_every_parameter_matters(who: Photographer, photos: list[NDArray[np.float32]]) -> None:
    pictures = [see(picture) for picture in photos[::5]]
    usual = np.array([who.school.edit(picture) for picture in pictures])
    for item in fields(who.school):
        value = getattr(who.school, item.name) + item.metadata["spread"]
        moved = replace(who.school, **{item.name: value})
        changes = np.array([moved.edit(picture) for picture in pictures]) - usual
        assert np.abs(changes / LIMITS).max() > 0.004, item.name


def test_an_unknown_name_is_refused_with_the_choices() -> None:
    with pytest.raises(SettingsError, match=re.escape("'nobody'; choose one of keynote, protector")):
        find("nobody")
