"""Photos as prepared tensors with their labels."""

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.utils.data import Dataset

from autohdr.edits.left_out import LeftOut
from autohdr.edits.photos import LabelledPhoto
from autohdr.edits.prepared import TensorCache, prepare_all
from autohdr.sliders import SLIDERS
from autohdr.spec import InputSpec
from autohdr.style.split import shoot_groups


class Pixels(Protocol):
    """Network inputs by index: an array (N, 3, S, S), or files."""

    def __getitem__(self, index: int, /) -> NDArray[np.floating]: ...


class TensorDataset(Dataset[tuple[Tensor, Tensor]]):
    """Network inputs (3, S, S) float32 with labels (8,) float32, scaled to [-1, 1], NaN where missing."""

    def __init__(
        self,
        pixels: Pixels,
        labels: NDArray[np.float32],
        groups: Sequence[str],
        captured: NDArray[np.float64],
        rows: NDArray[np.int64] | None = None,
        corrected: NDArray[np.bool_] | None = None,
    ) -> None:
        self.pixels = pixels
        self.labels = labels
        self.groups = list(groups)
        self.captured = captured
        """(N,), seconds; NaN where unknown."""
        self.corrected = np.zeros(len(labels), dtype=bool) if corrected is None else corrected
        """(N,), whether the labels are a photographer's correction of autohdr's."""
        self._rows = np.arange(len(labels)) if rows is None else rows

    def __len__(self) -> int:
        return len(self.labels)

    def __getitem__(self, index: int) -> tuple[Tensor, Tensor]:
        pixels = np.array(self.pixels[int(self._rows[index])], dtype=np.float32)  # a copy: the file stays read-only
        return torch.from_numpy(pixels), torch.from_numpy(self.labels[index])

    def batch(self, indices: NDArray[np.int64]) -> tuple[Tensor, Tensor]:
        """Some photos at once, one or more: copies of their pixels (B, 3, S, S) and labels (B, 8), float32."""
        first = self.pixels[int(self._rows[indices[0]])]
        pixels = np.empty((len(indices), *first.shape), dtype=np.float32)
        pixels[0] = first
        for place, index in enumerate(indices[1:], start=1):
            pixels[place] = self.pixels[int(self._rows[index])]
        return torch.from_numpy(pixels), torch.from_numpy(self.labels[indices])

    def subset(self, indices: NDArray[np.int64]) -> "TensorDataset":
        """Some of the photos; the tensors are shared, not copied."""
        groups = [self.groups[index] for index in indices]
        rows, corrected = self._rows[indices], self.corrected[indices]
        return TensorDataset(self.pixels, self.labels[indices], groups, self.captured[indices], rows, corrected)

    @classmethod
    def from_photos(
        cls, photos: Sequence[LabelledPhoto], spec: InputSpec, cache: Path, *, threads: int | None = None
    ) -> tuple["TensorDataset", list[LeftOut]]:
        """Edited RAW files, prepared once and kept in the folder `cache`; and those that could not be read.

        They come in the order of their paths, in which neighbours were mostly taken one after the other. Groups are
        folders, cut where no photo was taken for an hour, and joined where a burst goes on in another.

        Raises:
            SettingsError: the folder cannot be made.
            FileError: nothing can be written there.
        """
        ordered = sorted(photos, key=lambda photo: photo.path)
        used, pixels, left_out = prepare_all(ordered, TensorCache(cache, spec), threads=threads)
        captured = pixels.captured()
        groups = shoot_groups([str(photo.path.parent) for photo in used], captured)
        labels = np.array([photo.labels for photo in used], dtype=np.float32).reshape(-1, len(SLIDERS))
        corrected = np.array([photo.corrected for photo in used], dtype=bool)
        return cls(pixels, labels, groups, captured, corrected=corrected), left_out
