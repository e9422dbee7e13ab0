"""Chooses the engine and the precision that were proven to be the fastest on this machine: found once, and kept.

A network's model file may have a copy in less precision beside it, as `autohdr export --bf16` writes it. Which of the
two is faster, and on which engine, depends on the processor. `prove.trial` finds out, and `seen` keeps the answer.
"""

from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path

from autohdr.engines.base import Engine
from autohdr.engines.registry import ON_GPU, open_engine
from autohdr.engines.seen import best
from autohdr.errors import EngineError, FileError, ModelError
from autohdr.model.info import ModelFile
from autohdr.model.onnx_file import read_model

MANY = 200
"""Photos of a run for which it pays to find the best engine first, which takes some seconds, once."""
_LOWER = "-bf16"
"""End of the name of the copy in less precision. float16 is not looked for: engines for CPUs compute it in float32."""


def in_less_precision(model: ModelFile) -> ModelFile | None:
    """Reads the copy of a network in bfloat16 beside its file; None where there is none, or it is of another one."""
    beside = model.path.with_stem(model.path.stem + _LOWER)
    if model.info.precision != "float32" or not beside.is_file():
        return None
    with suppress(ModelError, FileError):
        found = read_model(beside)
        if found.info.precision == "bfloat16" and found.network == model.digest and found.info.spec == model.info.spec:
            return found
    return None


def known(model: ModelFile, cache: Path) -> tuple[str, ModelFile]:
    """The best engine for a network, with the file that it is to compute; `auto` and the model where none is known.

    Args:
        model: the network.
        cache: folder in which it is kept.
    """
    found = best(cache, model.digest)
    if found is None:
        return "auto", model
    file = model if found.file == model.digest else in_less_precision(model)
    return ("auto", model) if file is None or file.digest != found.file else (found.engine, file)


def open_best(
    model: ModelFile, cache: Path, photos: int = 0, passed_over: dict[str, str] | None = None
) -> tuple[Engine, ModelFile]:
    """Opens the best engine for a network, with the file that it computes.

    Args:
        model: the network.
        cache: as `EngineFactory` has it.
        photos: how many are to be computed; for `MANY` or more it is found out which engine is the best, where
            nobody has.
        passed_over: as `open_engine` has it.

    Raises:
        EngineError, ModelError: as `open_engine`.
    """
    reasons = {} if passed_over is None else passed_over
    name, file = known(model, cache)
    if name != "auto":
        try:
            return open_engine(name, file, cache), file
        except (EngineError, FileError) as error:  # it has worked: too little memory, perhaps
            reasons[name] = str(error)
    engine = open_engine("auto", model, cache, reasons)
    if name != "auto" or photos < MANY or engine.name in ON_GPU or not comparable(model):
        return engine, model
    from autohdr.engines.prove.trial import find_best

    find_best(model, cache)
    better, file = known(model, cache)
    if better in ("auto", engine.name):
        return engine, model
    with suppress(EngineError, FileError):
        opened = open_engine(better, file, cache)
        engine.close()
        return opened, file
    return engine, model


def comparable(model: ModelFile) -> bool:
    """Whether there is more than one way to compute a network on a CPU here: it is in float32, and made for no engine,
    and OpenVINO is installed."""
    return model.info.precision == "float32" and model.info.target is None and find_spec("openvino") is not None
