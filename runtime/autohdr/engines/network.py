"""A model on an engine: the layer that every engine shares. It refuses a model or a batch before an engine sees it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autohdr.engines.base import Engine
from autohdr.engines.best import open_best
from autohdr.engines.registry import open_engine
from autohdr.engines.seen import remember
from autohdr.errors import DeviceLostError, EngineError, ModelError, OutOfMemoryError
from autohdr.files.folders import cache_folder
from autohdr.model.info import ModelFile, ModelInfo, find_model
from autohdr.model.onnx_file import read_model


@dataclass(slots=True)
class Network:
    """A loaded model with what its metadata says. Not safe to share between threads, as its engine is not."""

    model: ModelFile
    engine: Engine
    passed_over: dict[str, str] = field(default_factory=dict)
    """Engines that `auto` would have liked better, and why they cannot run here."""
    answered: bool = False
    """Whether the engine has computed a photo."""
    _most: int | None = None
    """Photos that the device has room for at once; None while it has had room for all."""

    @property
    def info(self) -> ModelInfo:
        """What the model's metadata says."""
        return self.model.info

    @property
    def label(self) -> str:
        """Name and digest, as sidecars record them."""
        return self.model.label

    def features(self, pixels: NDArray[np.float32]) -> NDArray[np.float32]:
        """Features (N, F) of prepared photos; not finite where the network cannot answer.

        Where the device has too little memory for all of them, they are halved until it has enough, and no later batch
        is larger.

        Args:
            pixels: float32 (N, 3, size, size), N >= 1, as `autohdr.prepare` makes them for `info.spec`.

        Raises:
            ValueError: `pixels` has another shape or type.
            ModelError: what the network gives has another shape.
            OutOfMemoryError: the device has too little memory for a single photo.
            DeviceLostError: the device has stopped answering.
            EngineError: the engine refuses one of the photos.
        """
        size = self.info.spec.size
        if pixels.ndim != 4 or pixels.shape[1:] != (3, size, size) or not len(pixels) or pixels.dtype != np.float32:
            raise ValueError(f"pixels are {pixels.dtype} {pixels.shape}; expected float32 (N, 3, {size}, {size})")
        rest = np.ascontiguousarray(pixels)
        found = []
        while len(rest):
            part = rest[: self._most]
            try:
                found.append(self._infer(part))
            except OutOfMemoryError as error:
                if len(part) == 1:
                    raise OutOfMemoryError(
                        f"engine {self.engine.name} has too little memory for a single photo ({error}); end other "
                        "programs that use its device, or choose another --engine"
                    ) from error
                self._most = len(part) // 2
                continue
            rest = rest[len(part) :]
        self.answered = True
        return np.concatenate(found)

    def features_of_each(self, pixels: NDArray[np.float32]) -> list[NDArray[np.float32] | EngineError]:
        """The features of each photo by itself, (F,), or why the engine refuses it. The others are not affected.

        Raises:
            OutOfMemoryError: the device has too little memory for a single photo.
            DeviceLostError: the device has stopped answering, or the engine refuses every photo.
        """
        try:
            return list(self.features(pixels))
        except (OutOfMemoryError, DeviceLostError):
            raise
        except EngineError as error:
            if len(pixels) > 1:
                half = len(pixels) // 2
                return self.features_of_each(pixels[:half]) + self.features_of_each(pixels[half:])
            self._try_grey(error)
            return [error]

    def predict(self, pixels: NDArray[np.float32]) -> NDArray[np.float32]:
        """The model's own sliders (N, 8), scaled to [-1, 1], of prepared photos; all else as of `features`."""
        return self.model.head.answer(self.features(pixels))

    def answers(self, pixels: NDArray[np.float32]) -> list[NDArray[np.float32] | EngineError]:
        """The sliders of each photo by itself, (8,), or why the engine refuses it. The others are not affected."""
        return [
            found if isinstance(found, EngineError) else self.model.head.answer(found[None])[0]
            for found in self.features_of_each(pixels)
        ]

    def _try_grey(self, error: EngineError) -> None:
        """Raises DeviceLostError where an even grey photo fares no better than the one of this error."""
        size = self.info.spec.size
        try:
            self.features(np.zeros((1, 3, size, size), np.float32))
        except EngineError:
            raise DeviceLostError(f"no photo can be computed: {error}") from error

    def _infer(self, pixels: NDArray[np.float32]) -> NDArray[np.float32]:
        found = self.engine.infer(pixels)
        if found.shape != (len(pixels), self.info.features):
            raise ModelError(
                f"{self.model.path} answered with shape {found.shape}; export it again or use another model"
            )
        return found

    def describe(self) -> dict[str, Any]:
        """Plain JSON."""
        return {
            "path": str(self.model.path),
            "name": self.info.name,
            "sha256": self.model.digest,
            "autohdr": self.info.package_version,
            "precision": self.info.precision,
            "mode": self.info.mode.to_dict(),
        }


@contextmanager
def open_network(
    model: Path | None = None, engine: str = "auto", cache: Path | None = None, *, photos: int = 0
) -> Iterator[Network]:
    """A model, None for the default one, on an engine; both are given back at the end.

    Args:
        model: an `.onnx` of autohdr's, or a folder that holds one.
        engine: a name from `registry.ENGINES`, or `auto`.
        cache: as an engine is given it; None for the user's cache folder.
        photos: how many are to be computed, where that is known: for many it pays to find the best engine first.

    Raises:
        ModelError: the model is missing, not ours, or from a newer version.
        EngineError: the engine cannot run here.
    """
    found = read_model(find_model(model))
    passed_over: dict[str, str] = {}
    folder = cache_folder() if cache is None else cache
    if engine == "auto":
        opened, computed = open_best(found, folder, photos, passed_over)
    else:
        opened, computed = open_engine(engine, found, folder), found
    network = Network(computed.without_data(), opened, passed_over)
    digest = found.digest
    del found, computed  # tens of megabytes that an engine which needs them keeps
    try:
        yield network
    finally:
        opened.close()
    if engine == "auto" and network.answered:
        remember(folder, digest, [opened.name])
