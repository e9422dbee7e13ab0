"""What ways to learn are told of a scene: groups of numbers, each computed once for every photo and kept.

A new group is a function of a scene and one line in `FEATURES`; raise its version when it gives other numbers.
"""

import io
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from autohdr.develop import Scene
from autohdr.develop.auto import auto
from autohdr.engines.network import Network, open_network
from autohdr.files.whole import write_atomically
from autohdr.model.info import ModelFile
from autohdr.shot.shot import NOTHING
from autohdr.sliders import SLIDERS
from autohdr.style.description import EXPOSURE, GROUPS, describe
from autohdr.style.experts.light import STOPS
from autohdr.system.progress import Progress
from autohdr_train.people.inputs import pixels
from autohdr_train.people.scenes import Place, equal

Array = NDArray[np.float64]

VIEWS: dict[str, Callable[[Scene], Scene]] = {"": lambda scene: scene, "equal": equal}
"""What of a scene is shown: all of it, or its content at equal brightness."""


@dataclass(frozen=True, slots=True)
class Feature:
    """A group of numbers that is measured in a scene."""

    version: int
    measure: Callable[[Scene, Network], Array]
    """Measures a scene, with the product's network at hand: numbers of any shape, one shape for all scenes."""
    by: Literal["scene", "input", "network"] = "scene"
    """What the numbers depend on besides the scene: how the network's input is made, or the network."""


def _picture(scene: Scene, network: Network) -> Array:
    spec = network.info.spec
    return describe(pixels(scene, spec), spec, NOTHING)[: GROUPS[EXPOSURE].start]


def _auto(scene: Scene, network: Network) -> Array:
    values = auto(scene)
    return np.array([getattr(values, slider.name.lower()) for slider in SLIDERS], dtype=np.float64)


def _network(scene: Scene, network: Network) -> Array:
    inputs = np.stack([pixels(scene, network.info.spec, stops) for stops in (0.0, *STOPS)])
    return network.features(inputs).astype(np.float64)


FEATURES: dict[str, Feature] = {
    "picture": Feature(2, _picture, "input"),
    "auto": Feature(1, _auto),
    "network": Feature(2, _network, "network"),
}
"""`picture` (26,), what a style is told of it (`autohdr.style.description`) without the exposure; `auto` (8,), Auto's
sliders in Lightroom's units; `network` (3, F), the default network's features of the scene and of it in the light of
each of `STOPS`."""


@dataclass(slots=True)
class Measured:
    """Features of scenes, from where they are kept, or measured now."""

    network: Network

    def rows(self, places: Sequence[Place], view: str) -> dict[str, Array]:
        """Every group of `FEATURES` for scenes in a view, (N, ...) each."""
        found: dict[str, list[Array]] = {name: [] for name in FEATURES}
        with Progress(total=len(places), desc=f"measuring {view}".strip(), unit="photo", disable=None) as bar:
            for place in places:
                scene: Scene | None = None
                for name, feature in FEATURES.items():
                    kept = self._path(place, name, view)
                    if not kept.is_file():
                        scene = VIEWS[view](place.scene()) if scene is None else scene
                        _write(kept, feature.measure(scene, self.network))
                    found[name].append(np.load(kept))
                bar.update(1)
        return {name: np.stack(rows) for name, rows in found.items()}

    @property
    def model(self) -> ModelFile:
        """The network's file, with what it expects of photographers."""
        return self.network.model

    def _path(self, place: Place, name: str, view: str) -> Path:
        feature = FEATURES[name]
        model = self.network.model
        whose = {"scene": "", "input": model.info.spec.digest, "network": model.digest}[feature.by]
        return place.path.with_name(f"{place.path.stem}-{view}-{name}-{feature.version}-{whose}.npy")


@contextmanager
def measured(model: Path | None = None) -> Iterator[Measured]:
    """Features by a model's network, None for the default one, until the end of the block.

    They are computed in the network's own precision, so that studies do not depend on the machine.

    Raises:
        ModelError, EngineError: it cannot be opened.
    """
    with open_network(model, "cpu") as network:
        yield Measured(network)


def _write(path: Path, values: Array) -> None:
    buffer = io.BytesIO()
    np.save(buffer, values)
    write_atomically(path, buffer.getvalue())
