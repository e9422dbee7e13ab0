"""What a network sees of photos: features, computed once for each photo and network and kept on disk."""

import contextlib
import io
import itertools
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from autohdr.edits.left_out import LeftOut
from autohdr.edits.photos import LabelledPhoto
from autohdr.edits.prepared import CachedPixels, TensorCache, default_folder, prepare_all
from autohdr.encoding import decode, encode
from autohdr.engines.best import known
from autohdr.engines.network import Network, open_network
from autohdr.errors import EngineError
from autohdr.files.arrays import load_array
from autohdr.files.folders import cache_folder
from autohdr.files.whole import write_atomically
from autohdr.model.info import ModelFile
from autohdr.spec import InputSpec
from autohdr.style.description import COUNT, describe
from autohdr.style.experts.light import STOPS
from autohdr.style.further.inputs import describe_all_beside
from autohdr.style.points import Seen
from autohdr.system.progress import Progress

BATCH = 8
"""Photos that are handed to the engine at once."""

Rows = NDArray[np.float32]
"""(3, F): what is seen of a photo, and of it in the light of each of `STOPS`; NaN where nobody looked."""


@dataclass(slots=True)
class Looking:
    """A network that looks at photos. Its engine is opened when the first photo is new to it."""

    model: ModelFile
    engine: str
    engines_cache: Path | None
    folder: Path
    """Where prepared photos and their features are kept."""
    threads: int | None
    _held: contextlib.ExitStack
    quiet: bool = False
    """Whether no progress is shown."""
    _network: Network | None = None

    @property
    def cache(self) -> TensorCache:
        """Prepared photos, as the network wants them."""
        return TensorCache(self.folder, self.model.info.spec)

    def prepared(self, photos: list[LabelledPhoto]) -> tuple[list[LabelledPhoto], CachedPixels, list[LeftOut]]:
        """`prepare_all` for this network."""
        return prepare_all(photos, self.cache, threads=self.threads)

    def look(self, pixels: CachedPixels, corrected: NDArray[np.bool_], copied: Sequence[int] = ()) -> Seen:
        """What the network sees of prepared photos.

        Args:
            pixels: N photos.
            corrected: (N,), as of `Seen`.
            copied: numbers of the photos to look at in other light as well. Only the sensor's numbers are light: of
                previews none is.

        Raises:
            EngineError: the engine cannot run here, or refuses a photo.
        """
        width, light = self.model.info.features, set(copied) if self.model.info.spec.source == "raw" else set()
        rows = np.full((len(pixels), 1 + len(STOPS), width), np.nan, dtype=np.float32)
        missing: list[tuple[int, int]] = []
        for index, place in enumerate(pixels.paths):
            if (kept := self._read(place)) is not None:
                rows[index] = kept
            wanted = range(1 + len(STOPS)) if index in light else range(1)
            missing += [(index, which) for which in wanted if np.isnan(rows[index, which, 0])]
        for index, which, features in self._computed(pixels, missing):
            rows[index, which] = features
        for index in sorted({index for index, _ in missing}):
            self._write(pixels.paths[index], rows[index])
        seen = np.where([[[index in light]] for index in range(len(pixels))], rows[:, 1:], np.float32(np.nan))
        return Seen(rows[:, 0], seen, corrected)

    def describe(self, pixels: CachedPixels) -> NDArray[np.float64]:
        """Descriptions (N, D) of prepared photos."""
        spec, count = self.model.info.spec, range(len(pixels))
        rows = [describe(np.asarray(pixels[index]), spec, pixels.shot(index)) for index in count]
        return np.stack(rows) if rows else np.empty((0, COUNT))

    def describe_beside(self, pixels: CachedPixels) -> NDArray[np.float64]:
        """Descriptions (N, E) of prepared photos for the further sliders, beside those of `describe`."""
        count = range(len(pixels))
        shown, shots = (np.asarray(pixels[index]) for index in count), [pixels.shot(index) for index in count]
        return describe_all_beside(shown, self.model.info.spec, shots)

    def forget(self, pixels: CachedPixels) -> None:
        """Removes what the network saw of prepared photos, so that it is computed again."""
        for prepared in pixels.paths:
            self._place(prepared).unlink(missing_ok=True)

    def _computed(
        self, pixels: CachedPixels, missing: Sequence[tuple[int, int]]
    ) -> Iterator[tuple[int, int, NDArray[np.float32]]]:
        """The features of photos in the light that is missing, batch by batch."""
        spec = self.model.info.spec
        bar = Progress(total=len(missing), desc="looking", unit="photo", disable=self.quiet or None)
        with bar:
            for start in range(0, len(missing), BATCH):
                part = missing[start : start + BATCH]
                batch = np.stack(list(_inputs(pixels, spec, part)))
                for (index, which), features in zip(part, self._features(pixels, part, batch), strict=True):
                    yield index, which, features
                bar.update(len(part))

    def _features(
        self, pixels: CachedPixels, part: Sequence[tuple[int, int]], batch: NDArray[np.float32]
    ) -> list[NDArray[np.float32]]:
        if self._network is None:
            opened = open_network(self.model.path, self.engine, self.engines_cache)
            self._network = self._held.enter_context(opened)
        found = []
        for (index, _), features in zip(part, self._network.features_of_each(batch), strict=True):
            if isinstance(features, EngineError):
                raise EngineError(f"{pixels.photos[index]}: {features}") from features
            found.append(features)
        return found

    def _place(self, prepared: Path) -> Path:
        """The file of the features of a photo that is prepared in another."""
        return prepared.with_name(f"{prepared.stem}-{self.model.digest}.npy")

    def _read(self, prepared: Path) -> Rows | None:
        """What was kept of a photo; None where there is nothing, or it is damaged."""
        try:
            with self._place(prepared).open("rb") as file:
                data = file.read()
            rows: Rows = load_array(io.BytesIO(data[:-4]))
        except (OSError, ValueError, EOFError):
            return None
        whole = zlib.crc32(data[:-4]) == int.from_bytes(data[-4:], "little")
        return rows if whole and rows.shape == (1 + len(STOPS), self.model.info.features) else None

    def _write(self, prepared: Path, rows: Rows) -> None:
        buffer = io.BytesIO()
        np.save(buffer, rows)
        data = buffer.getvalue()
        write_atomically(self._place(prepared), data + zlib.crc32(data).to_bytes(4, "little"))


@contextlib.contextmanager
def looking(
    model: ModelFile,
    *,
    engine: str = "auto",
    threads: int | None = None,
    cache: Path | None = None,
    quiet: bool = False,
) -> Iterator[Looking]:
    """A network that looks at photos, until the end of the block.

    Args:
        model: the network.
        engine: a name from `autohdr.engines.registry.ENGINES`, or `auto`.
        threads: that decode; None for one a core.
        cache: folder for prepared photos, and for what engines keep; None for the user's.
        quiet: show no progress.

    Raises:
        EngineError: the engine cannot run here; when the first photo is looked at.
    """
    if engine == "auto":
        engine, model = known(model, cache_folder() if cache is None else cache)
    with contextlib.ExitStack() as held:
        yield Looking(model, engine, cache, default_folder() if cache is None else cache, threads, held, quiet)


def _inputs(pixels: CachedPixels, spec: InputSpec, asked: Sequence[tuple[int, int]]) -> Iterator[NDArray[np.float32]]:
    """Network inputs (3, S, S) of photos by number, as they are (0), or with their light times 2^`STOPS[which - 1]`."""
    for index, group in itertools.groupby(asked, key=lambda pair: pair[0]):
        shown, light = np.array(pixels[index], dtype=np.float32), None
        for _, which in group:
            if which == 0:
                yield shown
                continue
            light = decode(shown, spec) if light is None else light
            yield encode(light * 2.0 ** STOPS[which - 1], spec)
