"""Threads: who prepares what, and what is made of the times."""

from dataclasses import replace
from pathlib import Path
from threading import get_ident

from autohdr.raw.decoders.base import Decoder
from autohdr.raw.decoders.libraw import LibRawDecoder
from autohdr.raw.frame import RawFrame
from autohdr_bench.photo import open_photo
from autohdr_bench.scaling import Scaling, measure, steps
from autohdr_bench.timing import Timing


class Counting(LibRawDecoder):
    """Notes which thread decoded which file."""

    def __init__(self) -> None:
        self.seen: list[tuple[int, str]] = []

    def decode(self, data: bytes, path: Path) -> RawFrame:
        self.seen.append((get_ident(), path.name))
        return super().decode(data, path)


def test_steps_double_and_end_at_the_most() -> None:
    assert [steps(most) for most in (1, 2, 3, 4, 6)] == [[1], [1, 2], [1, 2, 3], [1, 2, 4], [1, 2, 4, 6]]


def test_each_thread_prepares_each_photo(shoot: Path) -> None:
    counting = Counting()
    decoders: dict[str, Decoder] = {"libraw": counting}
    photos = [replace(open_photo(path), decoders=decoders) for path in sorted(shoot.glob("*.dng"))[:3]]
    scaling = measure(photos, threads=2, repeats=2)
    assert list(scaling.timings) == [1, 2]
    names = [name for _, name in counting.seen]
    # One thread, then two, in a warm-up and two rounds.
    assert {name: names.count(name) for name in names} == {photo.path.name: 9 for photo in photos}


def test_throughput_is_compared_with_one_threads_round_by_round() -> None:
    scaling = Scaling(3, {1: Timing((1.0, 2.0, 1.0)), 2: Timing((1.25, 2.0, 1.0))})
    told = scaling.to_dict()
    assert told["1"]["times_one_thread"] == 1.0
    assert told["2"]["times_one_thread"] == 2.0
    assert told["2"]["raws_per_second"] == 4.8
    assert len(scaling.lines()) == 4
