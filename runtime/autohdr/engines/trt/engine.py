"""The `trt` engine: native TensorRT or TensorRT-RTX."""

import contextlib
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autohdr.engines.trt import plans
from autohdr.engines.trt.build import Plan, build
from autohdr.engines.trt.driver import open_device
from autohdr.engines.trt.key import FLAGS, PlanKey, Profile
from autohdr.engines.trt.lane import Lane
from autohdr.engines.trt.lanes import COUNT, Lanes
from autohdr.engines.trt.library import Library, for_card, installed
from autohdr.engines.trt.load import Loaded, suits
from autohdr.errors import EngineError
from autohdr.model.info import ModelFile


class TrtEngine:
    """TensorRT on the first GPU. A plan for it is built once, or was built ahead of time and lies beside the model.

    Photos are computed eight at a time, whatever the batch: as many as a run hands over at once.
    """

    name = "trt"

    def __init__(self, model: ModelFile, cache: Path) -> None:
        if model.info.precision == "int8" and model.info.target not in (None, self.name):
            raise EngineError(
                f"{model.path} is in int8 for engine {model.info.target}, which TensorRT does not take; "
                f"use --engine {model.info.target}"
            )
        libraries = installed()
        self._device = open_device()
        try:
            self._library = for_card(libraries, self._device.card.name, self._device.card.arch)
            with self._device.current():
                self._open(model, cache)
        except BaseException:
            self._device.close()
            raise

    def infer(self, pixels: NDArray[np.float32]) -> NDArray[np.float32]:
        """See `Engine.infer`."""
        with self._device.current():
            return self._lanes.infer(pixels)

    def describe(self) -> dict[str, Any]:
        """See `Engine.describe`."""
        card = self._device.card
        return {
            "name": self.name,
            "library": f"{self._library.name} {self._library.version}",
            "device": card.name,
            "arch": card.arch,
            "driver": f"CUDA {card.driver}",
            "plan": self._source,
            "flags": list(FLAGS),
            "batch": self._lanes.batch,
            "streams": COUNT,
            "cuda_graphs": self._lanes.are_graphs,
        }

    def close(self) -> None:
        """See `Engine.close`."""
        # A GPU that is lost has nothing to give back, and the run has been told already.
        with contextlib.suppress(EngineError), self._device.current():
            self._lanes.close()
            del self._lanes, self._loaded
        self._device.close()

    def _open(self, model: ModelFile, cache: Path) -> None:
        card, profile = self._device.card, Profile.of(model.info)
        key = PlanKey(
            model.digest,
            model.info.precision,
            self._library.name,
            self._library.version,
            card.arch,
            profile,
            card.name,
            card.driver,
        )
        plan = plans.beside(model, key)
        if plan is not None and suits(self._library, plan):
            self._source = "built ahead of time"
        else:
            self._source = "from the plan cache"
            plan = plans.cached(
                key, model.info, cache, lambda timing: _built(self._library, model, profile, card.arch, timing)
            )
        known = plans.kernels(key, cache)
        self._loaded = loaded = Loaded(self._library, plan, profile, known, COUNT)

        def lane(number: int, batch: int) -> Lane:
            return Lane(self._device, loaded.contexts[number], loaded.log, batch, profile)

        self._lanes = Lanes(lane, profile.steady)
        if (compiled := loaded.kernels()) not in (b"", known):
            plans.keep_kernels(key, cache, compiled)


def _built(library: Library, model: ModelFile, profile: Profile, arch: str, timing: bytes) -> Plan:
    return build(library, model.data, str(model.path), profile, (arch,) if library.targets else (), timing)
