"""Lists the engines, and chooses the best one that can run."""

from collections.abc import Collection
from importlib import import_module
from pathlib import Path

from autohdr.engines.base import Engine, EngineFactory
from autohdr.engines.seen import seen
from autohdr.errors import EngineError, FileError
from autohdr.model.info import ModelFile


def _lazily(module: str, name: str) -> EngineFactory:
    def open_engine(model: ModelFile, cache: Path) -> Engine:
        factory: EngineFactory = getattr(import_module(module), name)
        return factory(model, cache)

    return open_engine


ENGINES: dict[str, EngineFactory] = {
    "trt": _lazily("autohdr.engines.trt.engine", "TrtEngine"),
    "ort-trt": _lazily("autohdr.engines.ort_trt", "OrtTrtEngine"),
    "cuda": _lazily("autohdr.engines.cuda", "CudaEngine"),
    "cpu": _lazily("autohdr.engines.cpu", "CpuEngine"),
    "openvino": _lazily("autohdr.engines.openvino", "OpenvinoEngine"),
}
"""Fastest first: the order in which `auto` tries them, less what `preferred` puts before. In float32 the two
for CPUs are equally fast, and `cpu`, which has no bfloat16, opens faster. An engine's own module is imported only when
it is opened."""

ON_GPU = frozenset({"trt", "ort-trt", "cuda"})
"""Engines that compute on a GPU, while the processor waits."""


def preferred(model: ModelFile, seen: Collection[str] = ()) -> list[str]:
    """The order in which `auto` tries the engines for a model: the one that it was made for, then those that have been
    `seen` to work on this machine, then the others, each part as in `ENGINES`."""
    return sorted(ENGINES, key=lambda name: (name != model.info.target, name not in seen))


def open_engine(name: str, model: ModelFile, cache: Path, passed_over: dict[str, str] | None = None) -> Engine:
    """The engine called `name`, or for `auto` the best that can run here, with `model` loaded.

    Args:
        name: from `ENGINES`, or `auto`.
        model: what to load.
        cache: as `EngineFactory` has it.
        passed_over: filled with the engines that `auto` tried first, and why they cannot run here.

    Raises:
        EngineError: it cannot run here, or none can; the sentence says what to install.
        ModelError: the model cannot be loaded.
    """
    if name != "auto":
        if name not in ENGINES:
            raise EngineError(f"engine {name!r} is unknown; expected one of auto, {', '.join(sorted(ENGINES))}")
        return ENGINES[name](model, cache)
    reasons = {} if passed_over is None else passed_over
    for other in preferred(model, seen(cache, model.digest)):
        try:
            return ENGINES[other](model, cache)
        except (EngineError, FileError) as error:  # FileError: it cannot do without a folder to write to
            reasons[other] = str(error)
    raise EngineError(f"{reasons['cpu']}; autohdr doctor says what else is missing for each engine")
