"""Examines the machine: processors, GPUs, packages, and whether each engine can run."""

import os
import platform
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np

from autohdr.cli.doctor.selftest import Trial, attempt
from autohdr.engines.best import comparable
from autohdr.engines.nvidia import open_driver
from autohdr.engines.prove.trial import find_best
from autohdr.engines.registry import ON_GPU, preferred
from autohdr.engines.seen import Best, remember, seen
from autohdr.engines.wheel import installed
from autohdr.errors import EngineError
from autohdr.files.folders import cache_folder
from autohdr.model.info import ModelFile, find_model
from autohdr.model.onnx_file import read_model
from autohdr.sliders import LIMITS, SLIDERS
from autohdr.system.no_telemetry import import_onnxruntime
from autohdr.system.processors import processors
from autohdr.words import BATCH

PACKAGES = (
    *("onnxruntime", "onnxruntime-gpu", "openvino", "tensorrt", "tensorrt-rtx", "cuda-bindings"),
    *("numpy", "numba", "rawpy", "flashraw"),
)
"""What the speed and the engines depend on."""


@dataclass(frozen=True, slots=True)
class Checkup:
    """The examination of one engine."""

    trial: Trial
    differences: dict[str, float] | None
    """The largest of each slider from the `cpu` engine, in Lightroom's unit; None where one of them cannot run."""

    @property
    def runs(self) -> bool:
        """Whether it can run here."""
        return self.trial.reason is None


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """The examination of this machine: what can run here."""

    system: dict[str, Any]
    """Plain JSON: Python, operating system, processors, what limits threads."""
    gpus: list[dict[str, Any]]
    """Plain JSON: name, compute capability, memory in bytes."""
    driver: dict[str, Any]
    """Plain JSON: NVIDIA's driver, or why there is none."""
    providers: list[str]
    """What ONNX Runtime lists, whether or not it can use them; empty where it is not installed."""
    packages: dict[str, str | None]
    """Versions; None where one is not installed."""
    model: ModelFile
    engines: list[Checkup]
    """All engines, in the order in which `auto` tries them."""
    best: Best | None = None
    """The fastest of the engines for CPUs whose answers are those of `cpu`; None where there is nothing to choose."""

    @property
    def auto(self) -> str | None:
        """The engine that `auto` takes; None where none can run."""
        return _first(checkup.trial for checkup in self.engines) if self.best is None else self.best.engine

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON."""
        return {
            "system": self.system,
            "gpus": self.gpus,
            "driver": self.driver,
            "providers": self.providers,
            "packages": self.packages,
            "model": {
                "path": str(self.model.path),
                "name": self.model.info.name,
                "sha256": self.model.digest,
                "precision": self.model.info.precision,
                "mode": self.model.info.mode.to_dict(),
                "target": self.model.info.target,
            },
            "engines": [_plain(checkup) for checkup in self.engines],
            "auto": self.auto,
            "best": None if self.best is None else asdict(self.best),
        }


def doctor(
    model: str | os.PathLike[str] | None = None,
    *,
    cache: str | os.PathLike[str] | None = None,
    on_engine: Callable[[str], None] = lambda engine: None,
) -> Diagnosis:
    """Tries every engine with a model: can it run here, why not, and how fast.

    Args:
        model: an `.onnx` of autohdr's, or a folder that holds one; None for the one that comes with autohdr.
        cache: folder for plans that engines build; None for the user's cache folder.
        on_engine: told of each engine before it is tried; one that builds a plan takes minutes.

    Raises:
        ModelError: the model is missing, not ours, or from a newer version.
    """
    found = read_model(find_model(None if model is None else Path(model)))
    folder = cache_folder() if cache is None else Path(cache)
    trials = []
    for engine in preferred(found, seen(folder, found.digest)):
        on_engine(engine)
        trials.append(attempt(engine, found.path, folder, BATCH))
    remember(folder, found.digest, (trial.engine for trial in trials if trial.reason is None))
    gpus, driver = _nvidia()
    packages = {name: installed(name) for name in PACKAGES}
    chosen = None
    if (first := _first(trials)) is not None and first not in ON_GPU and comparable(found):
        on_engine("which is the fastest")
        chosen = find_best(found, folder)
    return Diagnosis(_system(), gpus, driver, _providers(), packages, found, checkups(trials), chosen)


def _first(trials: Iterable[Trial]) -> str | None:
    """The first engine that runs."""
    return next((trial.engine for trial in trials if trial.reason is None), None)


def checkups(trials: list[Trial]) -> list[Checkup]:
    """The examination of each engine, compared with `cpu`."""
    truth = next((trial.sliders for trial in trials if trial.engine == "cpu"), None)
    return [Checkup(trial, _differences(trial, truth)) for trial in trials]


def _differences(trial: Trial, truth: list[list[float]] | None) -> dict[str, float] | None:
    if trial.sliders is None or truth is None:
        return None
    apart = np.abs(np.asarray(trial.sliders) - np.asarray(truth)).max(axis=0) * LIMITS
    return {slider.name: float(value) for slider, value in zip(SLIDERS, apart, strict=True)}


def _plain(checkup: Checkup) -> dict[str, Any]:
    trial = asdict(checkup.trial)
    del trial["sliders"]
    return {**trial, "runs": checkup.runs, "differences": checkup.differences}


def _system() -> dict[str, Any]:
    allowed = processors()
    return {
        "autohdr": version("autohdr"),
        "python": platform.python_version(),
        "platform": platform.platform(),
        "processors": os.cpu_count(),
        "processors_allowed": allowed,
        "OMP_NUM_THREADS": os.environ.get("OMP_NUM_THREADS"),
    }


def _nvidia() -> tuple[list[dict[str, Any]], dict[str, Any]]:
    try:
        driver = open_driver()
    except EngineError as error:
        return [], {"version": None, "cuda": None, "reason": str(error)}
    cuda = ".".join(map(str, driver.cuda))
    return [asdict(gpu) for gpu in driver.gpus], {"version": driver.version, "cuda": cuda, "reason": None}


def _providers() -> list[str]:
    try:
        onnxruntime = import_onnxruntime()
        return list(onnxruntime.get_available_providers())
    except Exception:  # not installed, or broken, which the engines' own sentences say
        return []
