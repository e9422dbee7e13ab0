"""The plan cache: `plans` in autohdr's cache folder. A plan is built once, by one builder at a time.

Two builds at once would also spoil each other's timings, so there is one lock for the whole folder.
"""

import contextlib
from collections.abc import Callable
from pathlib import Path

from autohdr.engines.trt.build import Plan
from autohdr.engines.trt.key import PlanKey
from autohdr.engines.trt.progress import say
from autohdr.engines.trt.record import SUFFIX, Stored, read, record_of, stored, write
from autohdr.errors import FileError
from autohdr.files.changing.leftovers import remove_leftovers
from autohdr.files.locks import alone
from autohdr.files.whole import remove
from autohdr.model.checked import read_checked, write_checked
from autohdr.model.info import ModelFile, ModelInfo

FOLDER = "plans"
_LOCK = "lock"
_TIMING, _KERNELS = ".timing", ".kernels"


def cached(key: PlanKey, info: ModelInfo, cache: Path, build: Callable[[bytes], Plan]) -> bytes:
    """The plan for `key`, from the cache folder or, where it has none that is whole, built and kept there.

    Args:
        key: what it depends on.
        info: of the model.
        cache: autohdr's cache folder; made where it is not there.
        build: makes the plan from what the last build learnt of the kernels' speed.

    Raises:
        EngineError: it cannot be built.
        FileError: the cache folder cannot be written to.
    """
    folder = cache / FOLDER
    path = folder / f"{key.stem}{SUFFIX}"
    if (plan := read(path, key)) is not None:
        return plan
    with alone(folder / _LOCK, lambda: say("Waiting for another autohdr, which is building a TensorRT plan")):
        if (plan := read(path, key)) is not None:
            return plan
        remove_leftovers(folder)
        timing = folder / f"{key.library}-{key.version}-{key.arch}{_TIMING}"
        built = build(_kept(timing))
        write(path, built.data, key, info)
        if built.timing:
            write_checked(timing, built.timing)
    return built.data


def ahead(path: Path, arch: str) -> Path:
    """The file of a plan that was built ahead of time from the model at `path`: beside it, as `wedding.sm86.plan`."""
    return path.with_name(f"{path.stem}.{arch}{SUFFIX}")


def beside(model: ModelFile, key: PlanKey) -> bytes | None:
    """The plan that was built ahead of time from this model; None where there is none, or none that matches."""
    return read(ahead(model.path, key.arch), key.ahead_of_time)


def kernels(key: PlanKey, cache: Path) -> bytes:
    """The kernels that the library compiled when this plan was last loaded; empty if there are none."""
    return _kept(cache / FOLDER / f"{key.stem}{_KERNELS}")


def keep_kernels(key: PlanKey, cache: Path, data: bytes) -> None:
    """Keeps compiled kernels, where the folder can be written to: they only save time."""
    path = cache / FOLDER / f"{key.stem}{_KERNELS}"
    with contextlib.suppress(OSError, FileError):
        path.parent.mkdir(parents=True, exist_ok=True)
        write_checked(path, data)


def listed(cache: Path) -> list[Stored]:
    """Each plan in the cache folder, by file name.

    Raises:
        FileError: one cannot be read.
    """
    return [stored(path) for path in sorted((cache / FOLDER).glob(f"*{SUFFIX}"))]


def clear(cache: Path) -> list[Stored]:
    """Removes each plan in the cache folder, with what belongs to it; which ones they were. Waits for a build.

    Raises:
        FileError: one cannot be removed; it may be in use.
    """
    folder = cache / FOLDER
    if not folder.is_dir():
        return []
    with alone(folder / _LOCK, lambda: say("Waiting for another autohdr, which is building a TensorRT plan")):
        gone = listed(cache)
        plans = [record_of(plan.path) for plan in gone] + [plan.path for plan in gone]
        others = (path for ending in (_TIMING, _KERNELS) for path in folder.glob(f"*{ending}"))
        for path in (*plans, *others):
            if path.exists():
                remove(path)
        remove_leftovers(folder)
    return gone


def _kept(path: Path) -> bytes:
    """What lies there; empty where there is nothing, or it is of no use."""
    with contextlib.suppress(FileError):
        return read_checked(path) or b""
    return b""
