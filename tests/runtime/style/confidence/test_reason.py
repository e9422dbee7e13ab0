"""Why a style labels a photo as it does: the nearest edits by name, or in what the photo is unlike all of them."""

from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from autohdr.style.confidence.reason import NONE_MUCH_LIKE, Reason, reasons
from autohdr.style.description import AUTO, COUNT, GROUPS
from autohdr.style.experts.blend import Blend
from autohdr.style.experts.mixing import EXPERTS
from autohdr.style.experts.people import load
from autohdr.style.fit import fit_and_score
from tests.runtime.style.photographers import features, looked, prior

Array = NDArray[np.float64]

EDITS = 6
NAMES = tuple(f"DSC_{number}.NEF" for number in range(EDITS))
NOON = 43200.0
DAYS: Array = 86400.0 * np.arange(float(EDITS)) + NOON
CLIPPED, RED, BLUE, CHROMA, LIGHT, ISO = 13, 15, 16, 17, 26, 27
QUARTILES = [2, 4]
Place = int | slice | list[int]


def of(apart: Array) -> Array:
    """Descriptions (N, D) of numbers (N, D) in standard deviations from the mean over people."""
    people = load()
    return people.mean + people.deviation * apart


def near_the_mean(count: int = EDITS) -> Array:
    """Numbers of photos that are all much alike, and of which none is exactly at the mean."""
    made: Array = 0.05 + 0.1 * np.random.default_rng(2).uniform(-1.0, 1.0, (count, COUNT))
    return made


@pytest.fixture(scope="module")
def blend() -> Blend:
    """A style of six photos that are much alike, which goes by their descriptions."""
    labels = 0.3 * np.random.default_rng(1).standard_normal((EDITS, 8))
    seen = replace(looked(features(EDITS)), descriptions=of(near_the_mean()))
    made = fit_and_score(prior(), seen, labels, list("aabbcc"), DAYS).head
    shares = np.zeros((8, len(EXPERTS)))
    shares[:, EXPERTS.index("people")] = 1.0
    return replace(made, shares=shares)


def reason(blend: Blend, apart: Array, captured: float = np.nan) -> Reason:
    (found,) = reasons(blend, NAMES, of(apart)[None], np.array([captured]))
    return found


def changed(place: Place, by: float | list[float]) -> Array:
    """Another photo: far from the edits in what Auto would do, and in one thing besides."""
    apart: Array = near_the_mean(1)[0]
    apart[GROUPS[AUTO]] = 4.0
    apart[place] = by
    return apart


def test_the_nearest_edits_are_named_nearest_first(blend: Blend) -> None:
    apart = near_the_mean()[4]
    found = reason(blend, apart)
    assert found.near[0] == "DSC_4.NEF"
    assert (len(set(found.near)), found.unlike) == (3, None)


def test_of_edits_that_are_as_near_one_of_the_same_day_comes_first(blend: Blend) -> None:
    apart = near_the_mean().mean(axis=0)
    for number in range(EDITS):
        assert reason(blend, apart, DAYS[number] + 3600.0).near[0] == NAMES[number]


@pytest.mark.parametrize(
    ("place", "by", "said"),
    [
        (slice(0, 12), -3.0, "a photo this dark"),
        (slice(0, 12), 3.0, "a photo this bright"),
        (QUARTILES, [-4.0, 4.0], "a photo with this much contrast"),
        (QUARTILES, [4.0, -4.0], "a photo with this little contrast"),
        (CLIPPED, 4.0, "a photo with so much of it clipped"),
        (RED, 4.0, "a photo this warm in colour"),
        (BLUE, 4.0, "a photo this cool in colour"),
        (CHROMA, 4.0, "a photo with this much colour"),
        (LIGHT, -4.0, "a photo taken in this little light"),
        (ISO, 4.0, "a photo of so high an ISO"),
    ],
)
def test_where_none_is_near_it_is_said_what_is_beyond_all_edits(
    blend: Blend, place: Place, by: float | list[float], said: str
) -> None:
    assert reason(blend, changed(place, by)) == Reason(unlike=f"None of your edits is of {said}.")


def test_what_is_not_beyond_all_edits_or_not_known_is_not_said(blend: Blend) -> None:
    far = changed(slice(5, 12), -4.0)  # neither the median nor another thing that there is a word for
    assert reason(blend, far) == Reason(unlike=NONE_MUCH_LIKE)
    unknown = changed(ISO, np.nan)
    unknown[5:12] = -4.0
    assert reason(blend, unknown) == Reason(unlike=NONE_MUCH_LIKE)
    people = blend.people
    points = people.points.copy()
    points[2, ISO] = 0.0
    partly = replace(blend, people=replace(people, points=points))
    shown = changed(ISO, 4.0)
    shown[5:12] = -4.0
    assert "ISO" in str(reason(blend, shown).unlike)
    assert reason(partly, shown) == Reason(unlike=NONE_MUCH_LIKE)


def test_a_preset_and_a_style_without_names_give_no_reason(blend: Blend) -> None:
    shares = np.zeros((8, len(EXPERTS)))
    shares[:, 0] = 1.0
    assert reason(replace(blend, shares=shares), near_the_mean()[0]) == Reason()
    assert reasons(blend, (), of(near_the_mean()), DAYS) == [Reason()] * EDITS


def test_a_reason_comes_back_from_plain_json() -> None:
    for one in (Reason(("a.NEF", "b.NEF")), Reason(unlike="None."), Reason()):
        assert Reason.of(one.to_dict()) == one
    wrong: list[object] = [None, 3, {}, {"near": "a.NEF", "unlike": None}, {"near": [3], "unlike": None}, {"near": []}]
    for damaged in wrong:
        assert Reason.of(damaged) is None
