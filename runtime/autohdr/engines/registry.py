"""Which engines there are, and how the best one that can run is chosen."""

from importlib import import_module
from pathlib import Path

from autohdr.engines.base import Engine, EngineFactory
from autohdr.errors import EngineError
from autohdr.model import ModelFile


def _lazily(module: str, name: str) -> EngineFactory:
    def open_engine(model: ModelFile, cache: Path) -> Engine:
        factory: EngineFactory = getattr(import_module(module), name)
        return factory(model, cache)

    return open_engine


def _planned(name: str) -> EngineFactory:
    def refuse(model: ModelFile, cache: Path) -> Engine:
        raise EngineError(f"engine {name} is not in this version of autohdr yet; use --engine cpu")

    return refuse


PLANNED = ("trt", "ort-trt", "cuda", "openvino")
"""Engines that have a name and not yet a file."""

ENGINES: dict[str, EngineFactory] = {
    **{name: _planned(name) for name in PLANNED},
    "cpu": _lazily("autohdr.engines.cpu", "CpuEngine"),
}
"""Fastest first: the order in which `auto` tries them, after the one that the model was made for. An engine's own
module is imported only when it is opened."""


def open_engine(name: str, model: ModelFile, cache: Path) -> Engine:
    """The engine called `name`, or for `auto` the best that can run here, with `model` loaded.

    Raises:
        EngineError: it cannot run here, or none can; the sentence says what to install.
        ModelError: the model cannot be loaded.
    """
    if name != "auto":
        if name not in ENGINES:
            raise EngineError(f"engine {name!r} is unknown; expected one of auto, {', '.join(sorted(ENGINES))}")
        return ENGINES[name](model, cache)
    reasons = []
    for other in sorted(ENGINES, key=lambda other: other != model.info.target):
        try:
            return ENGINES[other](model, cache)
        except EngineError as error:
            reasons.append(str(error))
    raise EngineError(reasons[-1])
