"""What is quick is done at once, in its place among what is not."""

import threading
from concurrent.futures import ThreadPoolExecutor

from autohdr.run.stages.ordered import ordered_map, ordered_within


def is_even(number: int) -> bool:
    return number % 2 == 0


def test_what_is_quick_is_not_handed_to_another_thread() -> None:
    def work(number: int) -> tuple[int, bool]:
        return number, threading.current_thread() is threading.main_thread()

    expected = [(number, is_even(number)) for number in range(20)]
    with ThreadPoolExecutor(2) as pool:
        assert list(ordered_map(pool, work, range(20), 4, is_even)) == expected
        assert list(ordered_within(pool, work, range(20), lambda number: 0.25, is_even)) == expected
        assert not any(here for _, here in ordered_map(pool, work, range(20), 4))
