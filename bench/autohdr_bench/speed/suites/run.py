"""Times whole runs, from a folder of RAW files to a folder of sidecars, beside what people would use instead.

The shoot is made of links to the photos, a link counting as a photo of its own, so that files come from the system's
cache; labels of DNGs go into sidecars then, since a file with two names is never written into. Its stages are then run
alone over the same photos, each with all the threads that it has in a run: the pipeline cannot be faster than the
slowest of them, nor than what all of them together take of the cores.
"""

import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

import autohdr
from autohdr.engines.best import MANY
from autohdr.engines.network import Network, open_network
from autohdr.engines.prove.difference import TOLERANCES, Difference
from autohdr.errors import SettingsError
from autohdr.files.folders import STATE, cache_folder
from autohdr.raw.decode import open_decoder, read_for
from autohdr.raw.decoders.base import Decoder
from autohdr.raw.prepare import prepare_photo
from autohdr.run.stages.kept import NAME as KEPT
from autohdr.sidecar import apply, plan
from autohdr.sliders import settings
from autohdr.words import BATCH
from autohdr_bench.speed.capacity import STAGES, Work, bound
from autohdr_bench.speed.files import FORMATS
from autohdr_bench.speed.method.rounds import Case, Taken, Times
from autohdr_bench.speed.photo import Photo
from autohdr_bench.speed.results import Figure, Group, Stage
from autohdr_bench.speed.suites import peers
from autohdr_bench.speed.suites.base import Bench, figures

NAME = "run"
WHOLE, FEW, STEADY = "autohdr", "autohdr, a quarter of the photos", "autohdr, without its start"


@dataclass(slots=True)
class Shoot:
    """Photos to label, anew each time."""

    name: str
    photos: Sequence[Photo]
    """Different ones."""
    count: int
    """How many photos the shoot has; the same ones come again."""
    folder: Path
    paths: list[Path] = field(default_factory=list)

    @property
    def originals(self) -> list[Path]:
        """(count,), what each photo of the shoot is."""
        return [self.photos[index % len(self.photos)].path for index in range(self.count)]

    def renew(self) -> None:
        """Links without sidecars, and nothing known of them; what was kept of photos goes, which costs time alone."""
        shutil.rmtree(self.folder, ignore_errors=True)
        (cache_folder() / KEPT).unlink(missing_ok=True)
        (self.folder / "state").mkdir(parents=True)
        os.environ[STATE] = str(self.folder / "state")
        self.paths = []
        for index, path in enumerate(self.originals):
            place = self.folder / f"IMG_{index:04d}{path.suffix}"
            _link(path, place)
            self.paths.append(place)

    def label(self) -> None:
        """Labels all of it.

        Raises:
            SettingsError: photos failed.
        """
        report = autohdr.label(self.paths, embed=False)
        if report.count("labelled") != self.count:
            reason = next((result.reason for result in report.results if result.status != "labelled"), report.stopped)
            raise SettingsError(f"{self.name}: {report.count('labelled')} of {self.count} were labelled ({reason})")


def measure(bench: Bench) -> Stage:
    """Times each shoot: of the files named, all together; and of a generated one, noisy lossless JPEG if there is."""
    groups: list[Group] = []
    extra: dict[str, Any] = {}
    with _state():
        for name, photos in _shoots(bench.photos):
            found, told = _shoot(name, photos, bench)
            groups += found
            extra[name] = told
    return Stage(NAME, tuple(groups), tuple(bench.left_out), extra)


def _shoots(photos: Sequence[Photo]) -> list[tuple[str, list[Photo]]]:
    formats = {known.name: known for known in FORMATS}
    generated = [photo for photo in photos if photo.path.stem in formats]
    named = [photo for photo in photos if photo not in generated]
    hardest = sorted(generated, key=lambda photo: formats[photo.path.stem].compression != "ljpeg")[:1]
    name = ", ".join(photo.path.name for photo in named[:2]) + (", ..." if len(named) > 2 else "")
    return [(name, named)] * bool(named) + [(photo.path.stem, [photo]) for photo in hardest]


def _shoot(name: str, photos: Sequence[Photo], bench: Bench) -> tuple[list[Group], dict[str, Any]]:
    profile = bench.profile
    whole = Shoot(name, photos, profile.shoot, bench.folder / "whole")
    few = Shoot(name, photos, max(1, profile.shoot // 4), bench.folder / "few")
    some = whole.originals[: max(profile.peer_shoot, len(photos))]
    ways = peers.recipes(some, bench.threads)
    with open_network(photos=MANY) as network:  # so that the best engine is known before anything is timed
        decoder = open_decoder()
        cases = {recipe: Case(_bound(ways[recipe], some), len(some)) for recipe in ways}
        cases[WHOLE] = Case(whole.label, whole.count, before=whole.renew)
        cases[FEW] = Case(few.label, few.count, before=few.renew)
        cases |= _stages(whole, network, decoder, bench.threads)
        notes = _checked(network, photos, decoder)
        taken = bench.in_turn(cases, slow=True)
        engine = network.engine.describe()
    steady = _steady(taken, whole.count, few.count)
    roles = dict.fromkeys(ways, "peer") | {WHOLE: "ours"}
    first = Group(
        name,
        "photo",
        (*figures(taken, roles), Figure.of(STEADY, "ours", steady)),  # type: ignore[arg-type]  # literals
        taken.conditions,
        next(iter(ways)),
        facts={"photos": whole.count, "engine": engine["name"], "threads": bench.threads, **_mean_facts(photos)},
        notes=notes,
    )
    second = Group(
        f"{name}, stages",
        "photo",
        (*figures(taken, dict.fromkeys(STAGES, "ours")), Figure.of(STEADY, "ours", steady)),
        taken.conditions,
        facts={"threads": bench.threads},
        notes=("each stage alone, over the same photos; threads as in a run",),
    )
    return [first, second], _told(second, photos, bench)


def _told(group: Group, photos: Sequence[Photo], bench: Bench) -> dict[str, Any]:
    """What bounds the whole. The files are in the system's cache."""
    work = Work.of(group, float(np.mean([photo.file_bytes for photo in photos])))
    return bound(group, work, bench.threads, bench.limits.warm)


def _stages(shoot: Shoot, network: Network, decoder: Decoder, threads: int) -> dict[str, Case]:
    """Each over all photos of the shoot."""
    spec = network.info.spec
    data = {photo.path: photo.path.read_bytes() for photo in shoot.photos}
    prepared = {path: prepare_photo(path, spec, decoder, content).pixels for path, content in data.items()}
    pixels = np.stack([prepared[path] for path in shoot.originals])
    sliders = settings(network.predict(pixels[:1])[0])

    def reading() -> None:
        for path in shoot.originals:
            read_for(path, decoder)

    def preparing() -> None:
        with ThreadPoolExecutor(threads) as pool:
            list(pool.map(lambda path: prepare_photo(path, spec, decoder, data[path]), shoot.originals))

    def predicting() -> None:
        for begin in range(0, len(pixels), BATCH):
            network.predict(pixels[begin : begin + BATCH])

    def writing() -> None:
        for path in shoot.paths:
            apply(plan(path, sliders, network.label, "skip", "adobe", embed=False))

    return {
        "read": Case(reading, shoot.count),
        "decode and prepare": Case(preparing, shoot.count),
        "network": Case(predicting, shoot.count),
        "write": Case(writing, shoot.count, before=shoot.renew),
    }


def _checked(network: Network, photos: Sequence[Photo], decoder: Decoder) -> tuple[str, ...]:
    """Checks that the small network in PyTorch gives the engine's sliders, before its time counts.

    Raises:
        SettingsError: it gives others.
    """
    pixels = np.stack([prepare_photo(photo.path, network.info.spec, decoder).pixels for photo in photos])
    apart = Difference.of_sliders(peers.answers(peers.small_network(), pixels), network.predict(pixels))
    tolerance = TOLERANCES[network.info.precision]
    if not apart.within(tolerance):
        raise SettingsError(f"PyTorch's sliders are not the engine's ({apart.beyond(tolerance)}); please report this")
    return (
        f"the small network in PyTorch gives the engine's sliders of these photos, to {tolerance}",
        "the ViT-base of AutoHDR (2024) has random weights; peers are timed to their sliders, and write nothing",
    )


def _steady(taken: Taken, count: int, few: int) -> Times:
    """What each further photo takes, round by round: two shoots of different length start alike."""

    def slope(clock: str) -> tuple[float, ...]:
        whole, less = (getattr(taken.times[name], clock) for name in (WHOLE, FEW))
        return tuple(
            max(1e-6, (count * one - few * other) / (count - few)) for one, other in zip(whole, less, strict=True)
        )

    return Times(slope("wall"), slope("cpu"))


def _mean_facts(photos: Sequence[Photo]) -> dict[str, float]:
    return {
        "megapixels": round(float(np.mean([photo.megapixels for photo in photos])), 2),
        "file_bytes": round(float(np.mean([photo.file_bytes for photo in photos]))),
    }


def _bound(recipe: peers.Recipe, paths: list[Path]) -> Callable[[], object]:
    return lambda: recipe(paths)


def _link(path: Path, place: Path) -> None:
    """A link where the system has them, else a copy."""
    try:
        place.hardlink_to(path)
    except OSError:
        shutil.copyfile(path, place)


@contextmanager
def _state() -> Iterator[None]:
    """Restores, at the end, the environment variable that says where runs remember what is finished."""
    before = os.environ.get(STATE)
    try:
        yield
    finally:
        if before is None:
            os.environ.pop(STATE, None)
        else:
            os.environ[STATE] = before
