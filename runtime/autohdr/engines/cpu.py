"""The `cpu` engine: ONNX Runtime's CPU provider."""

from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import suppress
from pathlib import Path
from threading import Barrier
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autohdr.engines.failures import inferring, line, opening
from autohdr.engines.tuning import Memory, Run, Setting, in_batches, search
from autohdr.engines.wheel import require_onnxruntime
from autohdr.errors import EngineError, ModelError
from autohdr.model.info import INPUT_NAME, OUTPUT_NAME, ModelFile
from autohdr.system.no_telemetry import import_onnxruntime
from autohdr.system.processors import processors

SEARCH_AFTER = 200
"""Photos that are labelled before settings are searched for: a handful never pays for it, and a shoot hardly."""


def open_session(model: bytes, *, threads: int = 1, arena: bool = True) -> Any:
    """Returns ONNX Runtime's CPU provider with a model.

    Args:
        model: the file's bytes.
        threads: that one photo's work is split among.
        arena: whether memory is kept from one call to the next.
    """
    onnxruntime = import_onnxruntime()
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 4  # what goes wrong is raised, too
    options.intra_op_num_threads = threads
    options.enable_cpu_mem_arena = arena
    return onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])


class CpuEngine:
    """ONNX Runtime on the CPU. A photo's features never depend on its batch.

    Photos run side by side, each on one thread: splitting one photo's work among threads costs more. Measured in
    November 2026 on two cores with the default model of then: 45 ms of processor time a photo with ONNX Runtime's
    `intra_op_num_threads` at 1, 52 ms at 2. And with one thread, none waits spinning for the others while a decoder
    needs its core.
    """

    name = "cpu"

    def __init__(self, model: ModelFile, cache: Path) -> None:
        self._wheel = require_onnxruntime()
        self._model = model
        self._memory = Memory.of(cache, self.name, model.digest, self._wheel)
        found = self._memory.read()
        self._setting = found or Setting()
        self._session = self._open(self._setting)
        self._threads = self._started(processors())
        self._tuned = found is not None
        self._labelled = 0

    def _open(self, setting: Setting) -> Any:
        path = self._model.path
        try:
            return open_session(self._model.data, arena=setting.arena)
        except Exception as error:  # ONNX Runtime's own exceptions share no base class
            if (no_room := opening(self.name, error)) is not None:
                raise no_room from error
            other = "openvino" if self._model.info.precision == "bfloat16" else self._model.info.target
            if other not in (None, self.name):
                raise EngineError(
                    f"{path} is not for engine {self.name} ({line(error)}); use --engine {other}"
                ) from error
            raise ModelError(f"{path} cannot be loaded by ONNX Runtime ({line(error)}); export it again") from error

    def _started(self, count: int) -> ThreadPoolExecutor:
        """Starts that many threads; where one cannot be started, that is said before any photo is decoded."""
        pool, gate = ThreadPoolExecutor(count, "network"), Barrier(count)
        try:
            for _ in range(count):
                pool.submit(gate.wait)
        except RuntimeError as error:
            gate.abort()
            pool.shutdown()
            raise opening(self.name, error) or error from error
        return pool

    def infer(self, pixels: NDArray[np.float32]) -> NDArray[np.float32]:
        """See `Engine.infer`."""
        try:
            running = [self._threads.submit(self._infer, batch) for batch in in_batches(pixels, self._setting.batch)]
            wait(running)  # where one has failed, too: what is still at work has memory that the next batch needs
            features = np.concatenate([done.result() for done in running])[: len(pixels)]
        except Exception as error:
            raise inferring(self.name, error, len(pixels), line(error)) from error
        self._labelled += len(pixels)
        if not self._tuned and self._labelled >= SEARCH_AFTER:
            self._tune(pixels)
        return features

    def _infer(self, pixels: NDArray[np.float32]) -> NDArray[np.float32]:
        return self._session.run([OUTPUT_NAME], {INPUT_NAME: pixels})[0]

    def _tune(self, pixels: NDArray[np.float32]) -> None:
        """Search for the best setting on photos in hand, take it and remember it, or keep what there is."""
        self._tuned = True
        with suppress(Exception):  # such as too little memory for two sessions, and there is one that works
            setting = search(self._run, pixels)
            if setting != self._setting:
                self._session, self._setting = self._open(setting), setting
            self._memory.write(setting)

    def _run(self, setting: Setting) -> Run:
        session = self._session if setting == self._setting else self._open(setting)

        def run(pixels: NDArray[np.float32]) -> NDArray[np.float32]:
            batches = in_batches(pixels, setting.batch)
            return np.concatenate([session.run([OUTPUT_NAME], {INPUT_NAME: batch})[0] for batch in batches])

        return run

    def describe(self) -> dict[str, Any]:
        """See `Engine.describe`."""
        return {
            "name": self.name,
            "library": self._wheel,
            "provider": self._session.get_providers()[0],
            "threads": processors(),
            "batch": self._setting.batch,
            "arena": self._setting.arena,
            "tuned": self._tuned,
        }

    def close(self) -> None:
        """See `Engine.close`."""
        self._threads.shutdown()
        del self._session
