"""Sliders of photos: a network's features through a style, or through the network's own head."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from autohdr.edits.preset import NO_PRESET
from autohdr.engines.network import Network, open_network
from autohdr.errors import EngineError
from autohdr.mode import SDR, Mode
from autohdr.model.info import ModelInfo
from autohdr.shot.shot import Shot
from autohdr.sidecar.xmp.values import Value
from autohdr.sliders import to_values
from autohdr.spec import InputSpec
from autohdr.style.confidence.reason import Reason
from autohdr.style.further.answers import Beside, beside_of
from autohdr.style.view import View
from autohdr.system.one_thread import one_thread

if TYPE_CHECKING:  # what styles need is imported where there is one
    from autohdr.style.file import Style

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Answer:
    """What is predicted for one photo."""

    scaled: Array
    """(8,), sliders scaled to [-1, 1], not clipped; not finite where the network cannot answer."""
    error: Array | None
    """(8,), mean absolute error that is to be expected of each, in Lightroom's units; None where nobody knows it."""
    why: Reason | None = None
    """Which edits it goes by; None where there is no style."""
    also: Mapping[str, Value] = field(default_factory=dict)
    """What is written beside the sliders and the mode, value by `crs` name."""
    beside: Beside = field(default_factory=Beside)
    """What is to be known of that part of it that follows the photo."""
    note: str | None = None
    """What is to be known of the other part, the preset, in one sentence."""


@dataclass(frozen=True, slots=True, eq=False)
class Prediction:
    """What is predicted for photos."""

    sliders: Array
    """(N, 8), in Lightroom's units, in the order of `SLIDERS`, not rounded."""
    errors: Array | None
    """(N, 8), mean absolute error that is to be expected of each, in the same units; None where nobody knows it."""


@dataclass(slots=True)
class Predictor:
    """An open network and the style that reads its features. Not safe to share between threads."""

    network: Network
    style: "Style | None"
    sdr: bool = False
    """Whether the network's own sliders are for SDR."""
    only_sliders: bool = False
    """Whether the style's preset is left out."""

    @property
    def spec(self) -> InputSpec:
        """How photos are prepared."""
        return self.network.info.spec

    @property
    def mode(self) -> Mode:
        """The mode that its edits are made in."""
        return mode_of(self.style, self.network.info, sdr=self.sdr)

    @property
    def label(self) -> str:
        """What sidecars record of it."""
        return self.network.label if self.style is None else self.style.label

    def answers(self, pixels: NDArray[np.float32], shots: Sequence[Shot]) -> list[Answer | EngineError]:
        """Each photo's sliders, or why the engine refuses it. The others do not suffer.

        Args:
            pixels: float32 (N, 3, size, size), N >= 1, as `autohdr.prepare` makes them for `spec`.
            shots: what the photos' files say of them beside pixels.

        Raises:
            OutOfMemoryError: the device has too little memory for a single photo.
            DeviceLostError: the device has stopped answering, or the engine refuses every photo.
        """
        views = self.views(pixels, shots)
        good = [(view, shot) for view, shot in zip(views, shots, strict=True) if isinstance(view, View)]
        answers = iter(self.answers_to(*map(list, zip(*good, strict=True))) if good else ())
        return [next(answers) if isinstance(view, View) else view for view in views]

    def views(self, pixels: NDArray[np.float32], shots: Sequence[Shot]) -> list[View | EngineError]:
        """What labels go by in each photo, or why the engine refuses it; all else as of `answers`."""
        found = self.network.features_of_each(pixels)
        whole = zip(found, pixels, shots, strict=True)
        return [one if isinstance(one, EngineError) else self._view(one, *rest) for one, *rest in whole]

    def _view(self, features: NDArray[np.float32], pixels: NDArray[np.float32], shot: Shot) -> View:
        if self.style is None:
            return View(features)
        from autohdr.style.description import describe
        from autohdr.style.further.inputs import describe_beside

        beside = describe_beside(pixels, self.spec, shot)
        return View(features, describe(pixels, self.spec, shot), beside)

    def goes_by(self, view: View) -> bool:
        """Whether a view that was made for another style, or for none, holds all that this one goes by."""
        return self.style is None or (view.described is not None and view.beside is not None)

    def answers_to(self, views: Sequence[View], shots: Sequence[Shot]) -> list[Answer]:
        """The answers for photos, one at least, by views that `goes_by` all; what is not finite in them is found by who
        asks."""
        features = np.stack([view.features for view in views])
        if self.style is None:
            head = self.network.model.head
            sliders = head.answer(features).astype(np.float64)
            errors = head.errors(sliders)
            return [Answer(scaled, None if errors is None else errors[row]) for row, scaled in enumerate(sliders)]
        described, beside = (
            np.stack([one for one in part if one is not None])
            for part in ([view.described for view in views], [view.beside for view in views])
        )
        return answers_of(self.style, features, described, beside, shots, only_sliders=self.only_sliders)

    def describe(self) -> dict[str, Any]:
        """Plain JSON: the network and the style."""
        style = None if self.style is None else self.style.describe()
        told = {"style": style, "mode": self.mode.to_dict(), "only_sliders": self.only_sliders}
        return {**self.network.describe(), **told}


def mode_of(style: "Style | None", model: ModelInfo, *, sdr: bool) -> Mode:
    """Tells the mode of the edits that a style makes, or without one the network's own sliders."""
    if style is not None:
        return style.mode
    return SDR if sdr else model.mode


def answers_of(
    style: "Style",
    features: NDArray[np.floating],
    descriptions: Array,
    more: Array | None,
    shots: Sequence[Shot],
    *,
    only_sliders: bool = False,
) -> list[Answer]:
    """A style's answers for N photos that are described already.

    Args:
        style: of the network whose features these are.
        features: (N, F).
        descriptions: (N, D), as of `description.describe_all`.
        more: (N, E), as of `further.inputs.describe_all_beside`; None where the style sets nothing beside the eight.
        shots: what the photos' files say of them beside pixels.
        only_sliders: leave out the style's preset.
    """
    captured = np.array([np.nan if shot.captured is None else shot.captured for shot in shots])
    with np.errstate(invalid="ignore", over="ignore"):
        sliders, errors = style.answer(features, descriptions, captured)
        rest = [Beside()] * len(shots)
        if style.further is not None and more is not None:
            rest = beside_of(style.further, descriptions, more, shots, captured)
        told = zip(sliders, errors, style.reasons(descriptions, captured), rest, strict=True)
    preset = NO_PRESET if only_sliders else style.preset
    return [
        Answer(scaled, error, why, {**preset.also(shot), **one.also}, one, preset.note(shot))
        for (scaled, error, why, one), shot in zip(told, shots, strict=True)
    ]


@contextmanager
def open_predictor(
    style: "Style | None" = None,
    model: Path | None = None,
    engine: str = "auto",
    cache: Path | None = None,
    *,
    sdr: bool = False,
    only_sliders: bool = False,
    photos: int = 0,
) -> Iterator[Predictor]:
    """A style, None for the network's own head, with its network open on an engine.

    Args:
        style: what `load_style` gave.
        model: an `.onnx` of autohdr's, or a folder that holds one; None for the embedded one.
        engine: a name from `autohdr.engines.registry.ENGINES`, or `auto`.
        cache: as an engine is given it; None for the user's cache folder.
        sdr: make SDR edits of the network's own sliders; a style makes those that it learnt.
        only_sliders: leave out the style's preset.
        photos: as of `open_network`.

    Raises:
        ModelError: the model is missing, not ours, from a newer version, or not the one that the style was learnt on.
        EngineError: the engine cannot run here.
    """
    with one_thread(), open_network(model, engine, cache, photos=photos) as network:
        if style is not None:
            style.refuse_other(network.model)
        yield Predictor(network, style, sdr, only_sliders)


def predict(
    pixels: NDArray[np.float32],
    *,
    style: str | PathLike[str] | None = None,
    model: str | PathLike[str] | None = None,
    engine: str = "auto",
    cache: str | PathLike[str] | None = None,
    shots: Sequence[Shot] | None = None,
) -> Prediction:
    """The sliders of prepared photos, and how far they may be off. Nothing is written.

    Args:
        pixels: float32 (N, 3, size, size), N >= 1, as `autohdr.prepare` makes them.
        style: a file that `autohdr learn` wrote; None for the model's own sliders.
        model: an `.onnx` of autohdr's, or a folder that holds one; None for the embedded one.
        engine: a name from `autohdr.engines.registry.ENGINES`, or `auto`.
        cache: folder for what engines keep for this machine; None for the user's.
        shots: what the photos' files say of them beside pixels; None where nobody asked.

    Raises:
        ModelError, EngineError, FileError: as `load_style` and `open_predictor`; or EngineError where a photo is
            refused.
    """
    from autohdr.style.file import load_style

    learnt = None if style is None else load_style(style)
    file, folder = (None if value is None else Path(value) for value in (model, cache))
    with open_predictor(learnt, file, engine, folder) as predictor:
        answers = predictor.answers(pixels, shots or [Shot()] * len(pixels))
    good: list[Answer] = []
    for answer in answers:
        if isinstance(answer, EngineError):
            raise answer
        good.append(answer)
    errors = [answer.error for answer in good if answer.error is not None]
    return Prediction(to_values(np.stack([answer.scaled for answer in good])), np.stack(errors) if errors else None)
