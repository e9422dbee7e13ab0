"""A large shoot: files that are all different, and what is told of a run over them."""

import hashlib
from pathlib import Path

import pytest

from autohdr.errors import SettingsError
from autohdr.raw.decode import decode
from autohdr_bench.speed import scale
from autohdr_bench.speed.scale import PARTS, Seen, growth, measure, stage, write_large_shoot


def test_no_two_files_are_equal_and_all_can_be_read(tmp_path: Path) -> None:
    out = tmp_path / "large"
    written = write_large_shoot(out, 30, (64, 96))
    paths = sorted(out.iterdir())
    assert len({hashlib.sha256(path.read_bytes()).digest() for path in paths}) == 30
    assert sum(path.stat().st_size for path in paths) == written
    assert (decode(paths[0]).data == decode(paths[24]).data).all()
    with pytest.raises(SettingsError, match="not an empty folder"):
        write_large_shoot(out, 1, (64, 96))


def test_throughput_is_told_by_equal_parts_and_memory_at_their_ends() -> None:
    memory = [(float(second), 100 + second) for second in range(1, 51)]
    seen = Seen([0.0625 * (index + 1) for index in range(800)], 0, memory)
    found = stage(seen, 0.0, {"photos": 100})
    (group,) = found.groups
    assert group.figures[0].wall == pytest.approx([0.0625] * PARTS)
    assert group.figures[0].memory == 150
    assert found.extra["raws_per_minute"] == [960.0] * PARTS
    assert found.extra["seconds"][-1] == 50.0
    assert found.extra["memory_bytes"][0] == 102
    assert group.conditions.valid
    assert not stage(seen, 0.5, {}).groups[0].conditions.valid


def test_a_short_run_that_nobody_looked_at_has_no_memory() -> None:
    found = stage(Seen([1.0, 2.0, 3.0]), 0.0, {})
    assert found.extra["memory_bytes"] == [0]
    assert found.groups[0].figures[0].wall == (1.0,)
    assert found.groups[0].figures[0].memory is None


def test_memory_that_grows_is_seen_after_the_start() -> None:
    assert growth([1, 100, 100, 100, 100, 100, 100, 100]) == 0.0
    assert growth([1, 1, 100, 100, 100, 100, 150, 150]) == 0.5
    assert growth([5, 6]) == 0.0


def test_a_shoot_is_labelled_by_the_program_itself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scale, "EVERY", 0.02)
    found, _ = measure(tmp_path / "large", 40, (64, 96))
    assert len(list((tmp_path / "large").glob("*.dng_xmp_original"))) == 40
    assert found.groups[0].facts["photos"] == 40
    assert max(found.extra["memory_bytes"]) > 20e6
