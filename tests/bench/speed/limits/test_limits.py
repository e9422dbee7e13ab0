"""The machine's limits: that they measure what they say."""

from pathlib import Path

import numpy as np
import pytest

from autohdr_bench.speed.limits import disk
from autohdr_bench.speed.limits.bits import PLACES, _walk_at_one, noisy_stream, walk
from autohdr_bench.speed.limits.measure import Limits, measure
from autohdr_bench.speed.limits.products import products
from autohdr_bench.speed.results import Stage

LIMITS = Limits(Stage("limits", ()), 2e9, copy=4e9, bits=1e9, products={"float32, 1 thread": 50e9})


def test_all_codes_of_a_stream_are_walked_through() -> None:
    """To the last bit: what is left is less than the padding."""
    stream = noisy_stream(4096)
    assert stream.each * PLACES == 4092
    last = _walk_at_one(stream.codes.ctypes.data, stream.table, stream.places[-1], 4)
    assert 0 <= 8 * (len(stream.codes) - 16) - int(last) < 8
    bits = walk(stream)
    assert bits == stream.places[-1]
    assert 8.0 < bits / 4092 < 9.0


def test_a_walk_that_leaves_the_codes_is_no_floor() -> None:
    stream = noisy_stream(4096)
    with pytest.raises(AssertionError, match="has left the codes"):
        walk(stream._replace(places=stream.places + np.uint64(1)))


def test_the_floor_of_decoding_is_walking_or_copying() -> None:
    compressed = LIMITS.decoding(25_000_000, 48_000_000)
    assert compressed.median == pytest.approx(0.2)
    assert "1.00 Gbit/s" in compressed.note
    assert LIMITS.decoding(48_000_500, 48_000_000).median == pytest.approx(0.012)


def test_the_floor_of_a_network_is_its_products() -> None:
    floor = LIMITS.computing(2.5e9, "float32, 1 thread", "its products")
    assert floor is not None
    assert floor.median == pytest.approx(0.05)
    assert LIMITS.computing(2.5e9, "int8, 9 threads", "") is None


def test_products_are_of_numbers_and_in_units_of_operations() -> None:
    cases = products(1, side=64)
    assert "float32, 1 thread" in cases
    assert cases["float32, 1 thread"].units == pytest.approx(2 * 64**3 / 1e9)


def test_a_forgotten_file_is_as_it_was(tmp_path: Path) -> None:
    if not disk.CAN_BE_COLD:
        pytest.skip("this system's cache cannot be emptied")
    path = tmp_path / "file"
    path.write_bytes(b"kept" * 1000)
    disk.forget(path)
    assert path.read_bytes() == b"kept" * 1000


def test_all_limits_are_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from autohdr_bench.speed.limits import measure as module
    from autohdr_bench.speed.method import rounds

    monkeypatch.setattr(rounds, "LEAST", 0.0)
    monkeypatch.setattr(module, "_COPIED", 1 << 16)
    monkeypatch.setattr(module, "_PIXELS", 1 << 10)
    monkeypatch.setattr(module, "products", lambda threads: products(threads, side=32))
    path = tmp_path / "file"
    path.write_bytes(bytes(100_000))
    limits = measure(path, threads=2, rounds=1)
    assert [group.name for group in limits.stage.groups] == ["disk", "memory", "codes", "products"]
    assert min(limits.warm, limits.copy, limits.bits, *limits.products.values()) > 0
    assert (limits.stage.groups[0].figure("cold") is not None) == disk.CAN_BE_COLD
