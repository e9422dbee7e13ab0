"""NumPy's files, read by many threads at once."""

import io
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np

from autohdr.files.arrays import load_array, load_arrays


def test_many_threads_read_at_once(tmp_path: Path) -> None:
    held = np.arange(12.0).reshape(3, 4)
    np.save(tmp_path / "one.npy", held)
    np.savez(tmp_path / "some.npz", first=held, second=held[0])
    packed = (tmp_path / "some.npz").read_bytes()

    def read(_: int) -> bool:
        some = load_arrays(io.BytesIO(packed))
        mapped = load_array(tmp_path / "one.npy", mapped=True)
        same = np.array_equal(load_array(tmp_path / "one.npy"), held) and np.array_equal(mapped, held)
        return same and sorted(some) == ["first", "second"] and np.array_equal(some["second"], held[0])

    with ThreadPoolExecutor(8) as threads:
        assert all(threads.map(read, range(400)))
