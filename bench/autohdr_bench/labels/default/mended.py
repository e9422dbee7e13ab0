"""Measures how well exposure errors are mended that were made on purpose, on photographs of held-out sources.

Finished photographs are taken back to a RAW (`autohdr_train.default.taken_back`) and exposed otherwise, by stops of
standard deviation 0.5. Whoever makes up for that in full answers with as many stops the other way; whoever leaves all
photos alone is off by the stops themselves.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autohdr.develop import Scene
from autohdr.develop.auto import auto
from autohdr.engines.network import Network
from autohdr.sliders import to_values
from autohdr.system.progress import Progress
from autohdr_train.data.photographs import Photograph
from autohdr_train.default.examples import SCORED, Draw, as_asked
from autohdr_train.default.taken_back import exposed, pixels, take_back

SEED = 11
"""Seeds the exposure errors; the model's own training draws with others."""


@dataclass(frozen=True, slots=True)
class Mended:
    """Says how far Exposure is off on the photographs of one source, or of all: mean absolute errors, EV."""

    source: str
    photos: int
    nothing: float
    """Mean error, EV, where all is left alone."""
    auto: float
    """Mean error, EV, with Lightroom's Auto, as a formula."""
    default: float
    stated: float
    """What the default model says of its own error, on average; NaN where it says nothing."""

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON."""
        return {key: None if value != value else value for key, value in asdict(self).items()}


@dataclass(frozen=True, slots=True, eq=False)
class _Answers:
    stops: NDArray[np.float64]
    auto: NDArray[np.float64]
    default: NDArray[np.float64]
    stated: NDArray[np.float64]


def mended(
    photographs: Sequence[Photograph], network: Network, cache: Path, *, draw: Draw = as_asked, copies: int = SCORED
) -> list[Mended]:
    """Measures each source, and at last all of them, each photograph exposed otherwise so many times.

    Raises:
        OSError, FileError: a picture cannot be read, or the cache not be written.
    """
    answers = [
        _answers(photo, network, cache, draw, copies, index)
        for index, photo in enumerate(Progress(photographs, desc="mending", unit="photo", disable=None))
    ]
    groups = {
        source: [a for a, photo in zip(answers, photographs, strict=True) if photo.source == source]
        for source in sorted({photo.source for photo in photographs})
    }
    return [_row(source, group) for source, group in groups.items()] + [_row("all", answers)]


def _answers(photo: Photograph, network: Network, cache: Path, draw: Draw, copies: int, index: int) -> _Answers:
    scene, random, inputs, stops, autos = take_back(photo.path, cache), np.random.default_rng((SEED, index)), [], [], []
    for _ in range(copies):
        drawn = draw(random)
        light = exposed(scene, drawn.stops, baseline=drawn.baseline, beyond=drawn.beyond)
        inputs.append(pixels(light, network.info.spec))
        stops.append(drawn.stops)
        shown = light * np.float32(2.0**drawn.baseline)
        autos.append(auto(Scene.of_linear(shown, sensor_white=2.0**drawn.baseline)).exposure)
    scaled = network.predict(np.stack(inputs).astype(np.float32))
    errors = network.model.head.errors(scaled)
    stated = np.full(copies, np.nan) if errors is None else errors[:, 0]
    return _Answers(np.array(stops), np.array(autos), to_values(scaled)[:, 0], stated)


def _row(source: str, answers: Sequence[_Answers]) -> Mended:
    stops, autos, default, stated = (
        np.concatenate([getattr(one, name) for one in answers]) for name in ("stops", "auto", "default", "stated")
    )
    nothing, by_auto, by_default = (
        float(np.abs(values + stops).mean()) for values in (np.zeros(len(stops)), autos, default)
    )
    return Mended(source, len(answers), nothing, by_auto, by_default, float(stated.mean()))


def table(rows: Sequence[Mended]) -> str:
    """Writes the measure as text."""
    lines = ["Exposure errors of 0.5 EV (standard deviation) in finished photographs: off by, EV", ""]
    lines.append(f"{'photos':>6} {'nothing':>8} {'Auto':>8} {'default':>8} {'stated':>8}  source")
    for row in rows:
        values = "".join(_cell(value) for value in (row.nothing, row.auto, row.default, row.stated))
        lines.append(f"{row.photos:6d}{values}  {row.source}")
    return "\n".join(lines)


def _cell(value: float) -> str:
    return f" {'' if np.isnan(value) else f'{value:.2f}':>8}"
