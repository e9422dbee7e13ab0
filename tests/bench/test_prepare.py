"""The bench of preparation: what it compares, and that it says so in numbers."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from autohdr.raw.decoders import flashraw
from autohdr_bench.cli import main
from autohdr_bench.photo import open_photo
from autohdr_bench.prepare import NAMES, developed, measure
from autohdr_bench.timing import Timing, in_turn, ratio


def test_candidates_take_turns_after_a_warm_up() -> None:
    order: list[str] = []
    timings = in_turn({"a": lambda: order.append("a"), "b": lambda: order.append("b")}, repeats=3)
    assert order == ["a", "b"] * 4
    assert [len(timings[name].seconds) for name in "ab"] == [3, 3]


def test_a_ratio_is_taken_round_by_round() -> None:
    slow, fast = Timing((2.0, 40.0, 6.0)), Timing((1.0, 10.0, 2.0))
    assert ratio(slow, fast) == 3.0
    assert fast.median == 2.0
    assert Timing((1.0, 1.0)).spread == 0.0


def test_the_seeds_recipe_gives_a_networks_input(shoot: Path) -> None:
    pixels = developed(shoot / "IMG_0.dng", half_size=False)
    assert pixels.shape == (224, 224, 3)
    assert pixels.min() >= -1
    assert pixels.max() <= 1 + 1e-6


def test_each_candidate_is_reported_beside_the_seeds_recipe(shoot: Path) -> None:
    done = CliRunner().invoke(main, ["prepare", str(shoot / "IMG_0.dng"), "--repeats", "2", "--threads", "2", "--json"])
    assert done.exit_code == 0, done.output
    report = json.loads(done.stdout)
    assert set(report) == {"machine", "repeats", "files", "left_out", "scaling"}
    assert report["machine"]["cores"] >= 1
    assert "rawpy" in report["machine"]["packages"]
    assert list(report["scaling"]) == ["1", "2"]
    (file,) = report["files"]
    assert set(file) == {
        *("file", "megapixels", "mosaic_bytes", "file_bytes", "notes", "baseline", "candidates"),
        *("libraw_decoding", "after_decoding", "memory_in_flight"),
    }
    assert list(file["candidates"]) == list(NAMES)
    decoders = {"libraw"} | ({"flashraw"} if flashraw.installed() else set())
    timed = {name: row for name, row in file["candidates"].items() if row is not None}
    assert set(timed) == {"seed", "half_size"} | decoders
    assert timed["seed"]["times_as_fast"] == 1.0
    assert all(row["ms"] > 0 for row in timed.values())
    assert set(file["memory_in_flight"]) == decoders
    assert file["after_decoding"]["of_libraw_decoding"] > 0


def test_a_preview_is_timed_where_there_is_one(shared_raws: Path) -> None:
    photo = open_photo(shared_raws / "canon_eos_d30_RAW_CANON_D30_SRGB.CRW")
    assert "preview" in measure(photo, [], repeats=1).whole.timings


@pytest.mark.parametrize("name", ["gone.dng"])
def test_a_file_that_is_not_there_is_one_sentence(tmp_path: Path, name: str) -> None:
    done = CliRunner().invoke(main, ["prepare", str(tmp_path / name)])
    assert done.exit_code == 2
    assert "does not exist" in done.stderr
