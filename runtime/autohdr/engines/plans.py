"""The TensorRT plans in the cache folder, of both engines that keep some: listed, and removed."""

from dataclasses import dataclass, field
from os import PathLike
from pathlib import Path
from typing import Any, get_args

from autohdr.engines import ort_trt
from autohdr.engines.trt import plans as native
from autohdr.errors import SettingsError
from autohdr.files.folders import cache_folder
from autohdr.words import PlanTask


@dataclass(frozen=True, slots=True)
class CachedPlan:
    """One plan in the cache folder, or that was there."""

    engine: str
    path: Path
    size: int
    """Bytes."""
    model: str | None = None
    """The name of the model that it was built from, where that is known."""
    key: dict[str, Any] = field(default_factory=dict)
    """What the plan was built for: GPU, driver, library; empty where that is not known."""
    built: str | None = None
    """When the plan was built, in UTC, as ISO 8601, where that is known."""
    whole: bool | None = None
    """Whether it is as it was written; None where that is not known."""

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON."""
        return {
            "engine": self.engine,
            "path": str(self.path),
            "size": self.size,
            "model": self.model,
            "key": self.key,
            "built": self.built,
            "whole": self.whole,
        }


def plans(task: PlanTask = "list", *, cache: str | PathLike[str] | None = None) -> list[CachedPlan]:
    """The TensorRT plans in the cache folder; with `clear`, those that were there and are removed.

    Args:
        task: `list` or `clear`.
        cache: the folder; None for the user's cache folder.

    Raises:
        SettingsError: `task` is neither.
        FileError: a plan cannot be read or removed.
    """
    if task not in get_args(PlanTask):
        raise SettingsError(f"task is {task!r}; expected one of {', '.join(get_args(PlanTask))}")
    folder = cache_folder() if cache is None else Path(cache)
    ours = native.clear(folder) if task == "clear" else native.listed(folder)
    theirs = ort_trt.clear(folder) if task == "clear" else ort_trt.listed(folder)
    return [
        *(CachedPlan("trt", plan.path, plan.size, plan.model, plan.key, plan.built, plan.whole) for plan in ours),
        *(CachedPlan("ort-trt", path, size) for path, size in theirs.items()),
    ]
