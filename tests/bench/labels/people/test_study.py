"""The comparison on people whose rules are known."""

from dataclasses import replace

import numpy as np
import pytest

from autohdr.errors import SettingsError
from autohdr_bench.labels.people.study import Study, Tables, run
from autohdr_bench.labels.people.table import ALL, Row, rows
from tests.bench.labels.people.conftest import FEW


@pytest.fixture(scope="module")
def found(tables: Tables) -> list[Row]:
    return rows(run(FEW, tables))


def row(found: list[Row], person: str, method: str, control: str = "", task: str = "style", kind: str = "all") -> Row:
    wanted = (person, method, control, task, kind)
    (one,) = (one for one in found if (one.person, one.method, one.control, one.task, one.kind) == wanted)
    return one


def test_constants_are_met_exactly_and_no_slider_is_in_use(found: list[Row]) -> None:
    for method in ("median", "mean", "autohdr", "gp", "ridge"):
        one = row(found, "habit", method)
        assert one["hits"] == 1.0
        assert one["light"] == 0.0
        assert np.isnan(one["error"])  # nothing is in use


def test_who_mends_light_is_learnt_from_tones_and_from_the_shutter(found: list[Row]) -> None:
    median, nothing = (row(found, "mender", method)["error Exposure"] for method in ("median", "nothing"))
    tones, shutter = (row(found, "mender", method)["error Exposure"] for method in ("gp", "triangle"))
    assert median == 1.0
    assert nothing > 0.5
    assert tones < 0.25
    assert tones < shutter < 0.9  # a third of the shutter times is not known
    assert row(found, "mender", "gp")["r2 Exposure"] > 0.9


def test_chance_is_not_learnt(found: list[Row]) -> None:
    assert row(found, "gambler", "gp")["error Exposure"] > 0.8
    assert row(found, "gambler", "median")["error"] == 1.0
    assert row(found, "gambler", "mean")["r2"] == 0.0


def test_what_is_shown_matters(found: list[Row]) -> None:
    full, shuffled, blind, content = (
        row(found, "mender", "gp", control)["error Exposure"] for control in ("", "shuffled", "no picture", "content")
    )
    assert full < 0.25
    assert shuffled > 0.7
    assert blind > 0.7  # the mean is all that is left
    assert content > 0.6


def test_nothing_is_learnt_from_placebos_where_nothing_was_clipped(found: list[Row]) -> None:
    exact, off = (row(found, "mender", "gp", control)["error Exposure"] for control in ("placebo", "placebo off"))
    assert exact > 0.75
    assert off > 0.75


def test_a_shoot_is_scored_too_and_so_are_photos_without_masks(found: list[Row], tables: Tables) -> None:
    assert row(found, "mender", "gp", task="shoot")["error Exposure"] < 0.3
    clean = rows(run(replace(FEW, kinds=("clean",), tasks=("style",), methods=("gp",), rendered=False), tables))
    assert row(clean, "mender", "gp", kind="clean")["error Exposure"] < 0.3


def test_the_mean_over_people_has_an_interval_and_a_worst_person(found: list[Row]) -> None:
    one = row(found, ALL, "gp")
    low, high = one.interval("error")
    assert (one.people, one.draws) == (3, 6)
    assert low < one["error"] < high
    assert one.worst[0] == "gambler"
    errors = [row(found, person, "gp")["error"] for person in ("mender", "gambler")]
    assert np.isclose(one["error"], np.mean(errors))


def test_only_the_product_states_errors(found: list[Row]) -> None:
    assert np.isnan(row(found, ALL, "gp")["within 1"])
    one = row(found, ALL, "autohdr")
    assert 0.3 < one["within 1"] <= one["within 2"] <= 1.0


def test_the_same_study_gives_the_same_rows(found: list[Row], tables: Tables) -> None:
    asked = replace(FEW, methods=("gp",), tasks=("style",))
    again = rows(run(asked, tables))
    one, same = row(found, ALL, "gp"), row(again, ALL, "gp")
    assert one.to_dict() == same.to_dict()
    assert {one.method for one in again} == {"median", "mean", "gp"}


@pytest.mark.parametrize(
    ("study", "sentence"),
    [
        (replace(FEW, methods=("magic",)), "there is no method magic"),
        (replace(FEW, people=("nobody",)), "there is no nobody"),
        (replace(FEW, least=100), "nobody has 100 photos"),
        (Study(edits=(17,), least=2), "nobody has"),
    ],
)
def test_a_mistake_is_one_sentence(study: Study, sentence: str, tables: Tables) -> None:
    with pytest.raises(SettingsError, match=sentence):
        run(study, tables)
