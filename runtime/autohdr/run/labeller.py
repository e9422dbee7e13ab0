"""An open labeller: engine, model, style and decoder, loaded once, through which any number of photos pass.

A run on one machine has one; where several machines share the work, each has its own, and all are given the same
settings.
"""

import contextlib
import threading
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from autohdr.files.folders import cache_folder
from autohdr.mode import Mode
from autohdr.run.results.report import Result
from autohdr.run.settings import Gathered, Settings, gather
from autohdr.run.spread.labelling import by_parcel
from autohdr.run.spread.parcels import Parcel
from autohdr.run.stages.kept import keeping
from autohdr.run.stages.stages import Stages
from autohdr.run.state.journal import Journal
from autohdr.run.stop import Stop
from autohdr.style.predict import open_predictor

if TYPE_CHECKING:
    from autohdr.review.alongside import Alongside

Remember = Callable[[Mapping[str, str | bool]], AbstractContextManager[Journal]]
"""Opens the journal of a run that depends on these settings."""


@contextlib.contextmanager
def forgetting(settings: Mapping[str, str | bool]) -> Iterator[Journal]:
    """A journal that holds nothing, and writes nothing down."""
    with contextlib.closing(Journal((), Path(), settings)) as journal:
        yield journal


@dataclass(frozen=True, slots=True)
class Labeller:
    """What photos pass through. Of one caller at a time."""

    settings: Settings
    stages: Stages

    def results(self, photos: Iterable[Path]) -> Generator[Result]:
        """Yields the result of each photo, in order; photos that were not begun when the run stopped have none.

        Photos are taken in as the stages have room for them. Close it to end early.
        """
        return self.stages.results(photos, self.settings.workers, self.settings.batch)

    def by_parcel(self, parcels: Iterable[Parcel]) -> Generator[tuple[Parcel, Result | None]]:
        """Yields the result of each photo that parcels answer for, and None once there are all of a parcel.

        See `labelling.by_parcel`: parcels are taken in long before the first of them is done.
        """
        return by_parcel(self.stages, parcels, self.settings.workers, self.settings.batch)

    def engine(self) -> dict[str, Any]:
        """Plain JSON: the engine that computes, and those that were passed over."""
        network = self.stages.predictor.network
        return {**network.engine.describe(), "passed_over": network.passed_over}

    def describe(self) -> dict[str, Any]:
        """Plain JSON: the network and the style."""
        return self.stages.predictor.describe()


@dataclass(slots=True)
class Shared:
    """Labels parcels, and knows whether it has done all of them."""

    labeller: Labeller
    _under_way: int = 0

    @property
    def complete(self) -> bool:
        """Whether all has come of the parcels that it was given."""
        return self._under_way == 0

    def results(self, parcels: Iterable[Parcel]) -> Generator[Result]:
        """Yields the results of the photos that the parcels answer for, in order."""
        with contextlib.closing(self.labeller.by_parcel(self._counted(parcels))) as flow:
            for _, result in flow:
                if result is None:
                    self._under_way -= 1
                else:
                    yield result

    def engine(self) -> dict[str, Any]:
        """Says what the network runs on, as `Labeller.engine` does."""
        return self.labeller.engine()

    def describe(self) -> dict[str, Any]:
        """Describes the labeller, as `Labeller.describe` does."""
        return self.labeller.describe()

    def _counted(self, parcels: Iterable[Parcel]) -> Iterator[Parcel]:
        for parcel in parcels:
            self._under_way += 1
            yield parcel


@contextlib.contextmanager
def open_labeller(
    settings: Settings,
    gathered: Gathered | None = None,
    *,
    remember: Remember = forgetting,
    stop: Stop | None = None,
    page: "Alongside | None" = None,
    photos: int = 0,
) -> Iterator[Labeller]:
    """Opens the engine, and the journal, for a block.

    Args:
        settings: of the run, checked.
        gathered: what `gather` found for them, where that was asked already.
        remember: opens the journal, given what the labels depend on besides the RAW files.
        stop: what ends the run.
        page: what shows the labels.
        photos: how many there are, where that is known.

    Raises:
        ModelError, EngineError, FileError, SettingsError: as `gather`, `open_predictor` and `remember`.
    """
    means = gathered or gather(settings)
    with contextlib.ExitStack() as held:
        predictor = held.enter_context(
            open_predictor(
                means.style,
                means.model,
                settings.engine,
                settings.cache,
                sdr=settings.sdr,
                only_sliders=settings.only_sliders,
                photos=photos,
            )
        )
        depends = depends_on(settings, predictor.label, predictor.mode)
        kept = keeping(settings.cache or cache_folder(), predictor, settings.decoder, version("autohdr"))
        stages = Stages(
            predictor,
            means.decoder,
            held.enter_context(remember(depends)),
            stop or Stop(threading.Event()),
            settings.existing,
            settings.sidecar,
            settings.embedded,
            settings.dry_run,
            page,
            settings.marks,
            None if page is not None else held.enter_context(kept),
        )
        yield Labeller(settings, stages)


@contextlib.contextmanager
def open_shared(settings: Settings, gathered: Gathered, remember: Remember, stop: Stop) -> Iterator[Shared]:
    """Opens what labels parcels, for a block; all is as of `open_labeller`."""
    with open_labeller(settings, gathered, remember=remember, stop=stop) as labeller:
        yield Shared(labeller)


def depends_on(settings: Settings, label: str, mode: Mode) -> dict[str, str | bool]:
    """What the journal writes down beside each photo that is finished.

    Args:
        settings: of the run.
        label: what sidecars record of its model or style.
        mode: of the edits that it makes.
    """
    depends: dict[str, str | bool] = {
        "model": label,
        "sdr": mode.headroom is None,
        "only_sliders": settings.only_sliders,
        "existing": settings.existing,
        "naming": settings.sidecar,
        "embed": settings.embedded,
        "decoder": settings.decoder,
        "autohdr": version("autohdr"),
    }
    # Where no mark is asked for, a photo that has one is finished as well.
    return depends if settings.marks is None else {**depends, "mark": settings.marks.noted}
