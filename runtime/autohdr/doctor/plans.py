"""The TensorRT plans in the cache folder: `autohdr-run --plans`."""

from pathlib import Path
from typing import Any, Literal

from autohdr.engines import ort_trt
from autohdr.engines.trt import plans as native

Task = Literal["list", "clear"]


def manage(task: Task, cache: Path) -> list[dict[str, Any]]:
    """Plain JSON of each plan that is there, or was and is removed: `engine`, `path`, `size` in bytes, `model`.

    Raises:
        FileError: one cannot be read or removed.
    """
    ours = native.clear(cache) if task == "clear" else native.listed(cache)
    theirs = ort_trt.clear(cache) if task == "clear" else ort_trt.listed(cache)
    return [
        *({"engine": "trt", **plan.to_dict()} for plan in ours),
        *({"engine": "ort-trt", "path": str(path), "size": size, "model": None} for path, size in theirs.items()),
    ]


def text(task: Task, cache: Path, found: list[dict[str, Any]]) -> str:
    """The same to read: a line each, and the sums."""
    lines = [f"{plan['path']}  {plan['size'] / 1e6:.1f} MB{_what(plan)}" for plan in found]
    size = sum(plan["size"] for plan in found) / 1e6
    done = "removed from" if task == "clear" else "in"
    return "\n".join([*lines, f"{len(found)} plans of {size:.1f} MB {done} {cache}"])


def _what(plan: dict[str, Any]) -> str:
    key = plan.get("key") or {}
    parts = [plan["engine"], plan["model"], key.get("gpu") or key.get("arch")]
    damaged = ", damaged" if plan.get("whole") is False else ""
    return f"  ({', '.join(str(part) for part in parts if part)}{damaged})"
