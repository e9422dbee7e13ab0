"""Memory that is decoded into again: only once nobody holds anything of what was there."""

import threading

import numpy as np

from autohdr.raw.ljpeg.memory import Memory


def place(samples: np.ndarray[tuple[int, ...], np.dtype[np.uint16]]) -> int:
    return int(samples.ctypes.data)


def test_memory_is_used_again_when_nobody_holds_it() -> None:
    memory = Memory()
    first = memory.samples((30, 40))
    where = place(first)
    del first
    again = memory.samples((30, 39))
    assert place(again) == where
    assert again.shape == (30, 39)
    assert again.flags.writeable


def test_what_somebody_holds_a_part_of_is_left_alone() -> None:
    memory = Memory()
    part = memory.samples((30, 40))[3:9, 2:8].T[1:]
    part[:] = 7
    for _ in range(3):
        memory.samples((30, 40))[:] = 1
    assert (part == 7).all()
    kept, strided = memory.samples((30, 40)), memory.samples((30, 40))
    view = np.lib.stride_tricks.as_strided(strided[:, 1:], (10,), (4,))
    view[:] = 8
    del strided
    memory.samples((30, 40))[:] = 2
    assert (view == 8).all()
    assert place(kept) != place(view) - 2


def test_other_sizes_and_what_was_cleared_are_asked_for_anew() -> None:
    memory = Memory()
    held = memory.samples((30, 40))
    assert memory.samples((10, 40)).size == 400
    assert memory.samples((60, 40)).size == 2400
    memory.clear()
    assert not np.shares_memory(held, memory.samples((30, 40)))


def test_each_thread_has_its_own() -> None:
    memory, places = Memory(), [set[int](), set[int]()]
    both = threading.Barrier(2)

    def work(number: int) -> None:
        both.wait()
        for _ in range(20):
            samples = memory.samples((30, 40))
            samples[:] = number
            places[number].add(place(samples))
            assert (samples == number).all()
            del samples
        both.wait()

    threads = [threading.Thread(target=work, args=(number,)) for number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(places[0]) == len(places[1]) == 1
    assert places[0] != places[1]
