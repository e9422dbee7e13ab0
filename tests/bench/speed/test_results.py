"""A result as a file: what it holds, and what is refused."""

import dataclasses
import json
from pathlib import Path
from typing import Any

import pytest

from autohdr.errors import FileError, SettingsError
from autohdr_bench.speed.machine import commit, fingerprint, same_machine, slug
from autohdr_bench.speed.results import Figure, Group, Result, load, save
from autohdr_bench.speed.table import text
from tests.bench.speed.conftest import DISTURBED, QUIET, figure, result


def changed(measured: Result, *way: str | int, to: Any) -> str:
    data = json.loads(measured.to_json())
    place = data
    for step in way[:-1]:
        place = place[step]
    if to is None:
        del place[way[-1]]
    else:
        place[way[-1]] = to
    return json.dumps(data)


def test_a_result_comes_back_as_it_was_written(measured: Result, tmp_path: Path) -> None:
    save(measured, tmp_path / "a.json")
    again = load(tmp_path / "a.json")
    assert again.to_json() == measured.to_json()
    assert again.stages[0].groups[0].figures[1].memory == 90_000_000
    assert again.stages[0].groups[0].conditions == QUIET


@pytest.mark.parametrize(
    ("way", "to", "sentence"),
    [
        (("schema",), 99, "has schema 99"),
        (("profile",), None, "fields missing or unknown .profile."),
        (("stages", 0, "groups", 0, "odd"), 1, "odd"),
        (("stages", 0, "groups", 0, "unit"), 5, r"unit is 5; expected a value of type str"),
        (("stages", 0, "groups", 0, "figures", 0, "role"), "best", "expected one of ours, peer, floor"),
        (("stages", 0, "groups", 0, "figures", 0, "wall"), [0.0], "above zero"),
        (("stages", 0, "groups", 0, "figures", 0, "wall"), [], "above zero"),
        (("stages", 0, "groups", 0, "figures", 0, "wall"), ["1"], "a number"),
        (("stages", 0, "groups", 0, "baseline"), "nobody", "baseline"),
        (("stages", 0, "groups", 0, "conditions", "valid"), 1, "type bool"),
        (("dirty",), 3, "type bool"),
    ],
)
def test_a_damaged_result_is_one_sentence(measured: Result, way: tuple[str | int, ...], to: Any, sentence: str) -> None:
    with pytest.raises(SettingsError, match=sentence):
        Result.from_json(changed(measured, *way, to=to))


def test_what_is_no_result_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="no JSON"):
        Result.from_json("{")
    with pytest.raises(SettingsError, match="schema None"):
        Result.from_json("[]")
    with pytest.raises(FileError, match="cannot be read"):
        load(tmp_path / "gone.json")


def test_speeds_are_those_of_the_median_and_ratios_of_the_rounds() -> None:
    fast, slow = figure("a", "ours", 1.0), figure("b", "peer", 3.0, spread=0.2)
    group = Group("x", "photo", (fast, slow, Figure.computed("floor", 0.5, "")), QUIET, "b", "floor")
    assert fast.median == 1.0
    assert group.times_as_fast(fast) == pytest.approx(3.0)
    assert group.of_floor(fast) == 2.0
    assert slow.noisy
    assert not fast.noisy
    assert group.figure("floor") is not None
    assert Figure.computed("floor", 0.5, "").processor is None


def test_a_table_tells_floors_noise_and_what_was_left_out(measured: Result) -> None:
    told = text(measured)
    assert "left out: bad.dng: is damaged" in told
    flashraw = next(line for line in told.splitlines() if "flashraw" in line).split()
    assert flashraw[1:] == ["1,000", "1", "1,000", "4x", "2x", "1.4%"]
    assert max(len(line) for line in told.splitlines()) <= 120
    assert "Not valid" not in told


def test_a_disturbed_table_says_so() -> None:
    told = text(result(conditions=DISTURBED))
    assert "Not valid, the machine was in use: decode: IMG_1.CR2; " in told
    assert "the processor's clock slowed down by 20%" in told
    assert "1.4% ?" in told


def test_a_machine_is_known_by_what_times_depend_on() -> None:
    here = fingerprint()
    assert {"system", "processor", "cores", "memory_gb", "gpus", "python", "packages"} <= set(here)
    assert same_machine(here, here | {"python": "3.13.0"})
    assert not same_machine(here, here | {"cores": 99})
    assert (
        slug({"processor": "Intel(R) Xeon(R)", "cores": 2, "gpus": [{"name": "H200"}]}) == "intel-r-xeon-r-2-cores-h200"
    )


def test_a_commit_is_told_with_whether_it_was_changed() -> None:
    digest, dirty = commit()
    if digest is None:
        pytest.skip("needs a git checkout")
    assert len(digest) == 40
    assert dirty in (True, False)
    assert dataclasses.replace(result(), commit=None, dirty=None).to_json()
