"""Gives photos their labels, which are those that `autohdr label` would write: by its own stages, from what is known of
the photos already. Photos of a series have one look."""

import threading
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, NoReturn

import numpy as np
from numpy.typing import NDArray

from autohdr.codes import Code
from autohdr.engines.network import Network
from autohdr.errors import EngineError
from autohdr.model.info import ModelFile
from autohdr.raw.decoders.base import Decoder
from autohdr.run.results.report import Result
from autohdr.run.stages.photo import Photo as RunPhoto
from autohdr.run.stages.stages import Stages
from autohdr.run.stages.together import beginning, divided
from autohdr.run.state.journal import Journal
from autohdr.run.stop import Stop
from autohdr.shot.shot import NOTHING
from autohdr.style.file import Style
from autohdr.style.predict import Answer, Predictor, answers_of
from autohdr.system.one_thread import one_thread
from autohdr_studio.shoot.photo import Label, Photo
from autohdr_studio.shoot.prepared.store import Kept

AT_ONCE = 500
"""Photos that are answered at once: the default model's head takes 60 MB for them."""


class _Known:
    """The engine of a network that has seen all photos already."""

    name = "known"

    def infer(self, pixels: NDArray[np.float32]) -> NoReturn:
        """See `Engine.infer`."""
        raise EngineError("every photo has been looked at already; this is a bug, please report it")

    def describe(self) -> dict[str, Any]:
        """See `Engine.describe`."""
        return {"engine": self.name}

    def close(self) -> None:
        """See `Engine.close`."""


@dataclass(frozen=True, slots=True)
class Labels:
    """Makes the labels of one style, or of the model's own head where there is none."""

    model: ModelFile
    style: Style | None
    decoder: Decoder

    @property
    def predictor(self) -> Predictor:
        """Makes the predictor of `autohdr label`, without the network's engine."""
        return Predictor(Network(self.model, _Known()), self.style)

    def stages(self, journal: Journal | None = None, stop: Stop | None = None) -> Stages:
        """The stages of a run of `autohdr label`; without a journal, of a dry run."""
        held = journal or Journal((), Path(), {}, write=False)
        stopping = stop or Stop(threading.Event())
        return Stages(self.predictor, self.decoder, held, stopping, "skip", "adobe", True, journal is None)

    def of(self, photos: Sequence[Photo]) -> dict[str, Label]:
        """The labels of photos by id, in the order of the shoot; of one that is not to be labelled, such as one that
        the photographer has edited, the label that it would have alone. None is there of a photo that the network has
        not seen, or cannot answer for."""
        seen = [(photo, kept) for photo in photos if (kept := photo.seen) is not None]
        told = dict(zip((photo.path for photo, _ in seen), self._answers([kept for _, kept in seen]), strict=True))
        known = {photo.path: (photo, kept) for photo, kept in seen if told[photo.path] is not None}
        fill = self._filled({path: kept for path, (_, kept) in known.items()}, told)
        others = [photo for photo in photos if not photo.standing.in_catalog]
        together = beginning(map(_looked_at, others), [photo.path for photo in others])
        alone = (fill(RunPhoto(path, shot=kept.shot)) for path, (photo, kept) in known.items() if not photo.labelled)
        stages = self.stages()
        made = [*stages.agreed(map(fill, divided(together))), *stages.agreed(alone)]
        return {known[one.path][0].id: _label(one) for one in made if one.sliders is not None}

    def results(
        self, look: Callable[[Path], RunPhoto], photos: Sequence[Photo], chosen: Collection[Path], stages: Stages
    ) -> Iterator[Result]:
        """Writes the labels of some photos: those that `of` gives them, by which others of their series count.

        Args:
            look: looks at a photo as `autohdr label` does, and ends it where it is left alone.
            photos: all of the shoot, in order.
            chosen: those that are written.
            stages: of the run.
        """
        kept = {photo.path: one for photo in photos if (one := photo.seen) is not None}
        told = dict(zip(kept, self._answers([*kept.values()]), strict=True))
        others = [photo for photo in photos if not photo.standing.in_catalog]
        looked = (look(photo.path) if photo.path in chosen else _looked_at(photo) for photo in others)
        made = stages.agreed(
            map(self._filled(kept, told), divided(beginning(looked, [photo.path for photo in others])))
        )
        return stages.written(one for one in made if one.path in chosen)

    def _filled(self, kept: dict[Path, Kept], told: dict[Path, Answer | None]) -> Callable[[RunPhoto], RunPhoto]:
        """What gives a photo what the stages before would have given it."""
        raw = self.model.info.spec.source == "raw"

        def fill(photo: RunPhoto) -> RunPhoto:
            answer = told.get(photo.path)
            if photo.ended is not None:
                return photo
            if answer is None:
                return replace(photo, ended=Result(photo.path, "failed", Code.BUG, reason="it has no label"))
            one = kept[photo.path]
            seen = one.glance if raw and photo.block > 1 else None
            return replace(photo, shot=one.shot, brightness=one.brightness, glance=seen, answer=answer)

        return fill

    def _answers(self, photos: Sequence[Kept]) -> list[Answer | None]:
        parts = (photos[start : start + AT_ONCE] for start in range(0, len(photos), AT_ONCE))
        with one_thread(), np.errstate(invalid="ignore", over="ignore"):
            found = [answer for part in parts for answer in self._some(part)]
        return [answer if np.isfinite(answer.scaled).all() else None for answer in found]

    def _some(self, photos: Sequence[Kept]) -> list[Answer]:
        features = np.stack([photo.features for photo in photos])
        if self.style is not None:
            more = np.stack([photo.more for photo in photos])
            return answers_of(self.style, features, descriptions(photos), more, [photo.shot for photo in photos])
        sliders = self.model.head.answer(features).astype(np.float64)
        errors = self.model.head.errors(sliders)
        return [Answer(row, None if errors is None else errors[place]) for place, row in enumerate(sliders)]


def _looked_at(photo: Photo) -> RunPhoto:
    """A photo as a run has looked at it, ended where it would not be labelled."""
    shot = NOTHING if photo.kept is None else photo.kept.shot
    ended = None if photo.labelled and photo.seen else Result(photo.path, "skipped", Code.EDITED)
    return RunPhoto(photo.path, shot=shot, ended=ended)


def _label(photo: RunPhoto) -> Label:
    assert photo.sliders is not None
    return Label(photo.sliders, photo.errors, photo.difference, photo.why, photo.also, photo.note)


def descriptions(photos: Sequence[Kept]) -> NDArray[np.float64]:
    """The descriptions (N, D) of photos."""
    return np.stack([photo.description for photo in photos])


def captured(photos: Sequence[Kept]) -> NDArray[np.float64]:
    """When photos were taken (N,), seconds; NaN where unknown."""
    return np.array([np.nan if photo.shot.captured is None else photo.shot.captured for photo in photos])
