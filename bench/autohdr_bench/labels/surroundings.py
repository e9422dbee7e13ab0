"""What the cells of a study share and is expensive to have: banks, starts, what a frozen network says of each photo."""

import hashlib
import io
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property, partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from autohdr.files.whole import write_atomically
from autohdr.shot.shot import NOTHING
from autohdr.sliders import SLIDERS
from autohdr.spec import InputSpec
from autohdr.style.description import describe_all
from autohdr.style.points import Seen
from autohdr_train.data.bank import Bank, Part, open_bank
from autohdr_train.data.tensors import TensorDataset
from autohdr_train.network import seeing
from autohdr_train.network.model import Head, SliderNet
from autohdr_train.network.start import DEFAULT, begin

Array = NDArray[np.float64]
SEED = 5
"""The seed of the photos; the default model was trained on others."""


@dataclass(frozen=True)
class Start:
    """A start for styles: the network of that name, on a device."""

    name: str
    device: str

    def network(self, head: Head, seed: int) -> SliderNet:
        """A new one, whose head and, from scratch, whose weights `seed` draws."""
        return begin(self.name, None, None, head, seed)[0]

    @cached_property
    def spec(self) -> InputSpec:
        """The input that the network of this start is fed."""
        return begin(self.name, None, None, "linear", 0)[1]

    @cached_property
    def digest(self) -> str:
        """A digest of the weights and the input, without the head's linear layer."""
        digest = hashlib.sha256(self.spec.digest.encode())
        for name, weight in self.network("linear", 0).state_dict().items():
            if name.startswith("classifier."):
                continue
            digest.update(name.encode() + weight.detach().cpu().contiguous().numpy().tobytes())
        return digest.hexdigest()[:12]


@dataclass
class Surroundings:
    """Banks and starts of one study, each had when it is first asked for."""

    radiance: Path
    cache: Path
    photos: int
    held_out: int
    device: str
    _banks: dict[str, Bank] = field(default_factory=dict)
    _starts: dict[str, Start] = field(default_factory=dict)

    def start(self, name: str) -> Start:
        """The start of this name.

        Raises:
            ModelError: it cannot be loaded, once it is used.
        """
        return self._starts.setdefault(name, Start(name, self.device))

    def bank(self, start: str | None) -> Bank:
        """The photos as a start wants them; for plain algebra, as the default model does."""
        spec = self.start(start or DEFAULT).spec
        if spec.digest not in self._banks:
            bank = open_bank(self.radiance, self.cache, spec, train=self.photos, held_out=self.held_out, seed=SEED)
            self._banks[spec.digest] = bank
        return self._banks[spec.digest]

    def described(self, bank: Bank) -> tuple[Array, Array]:
        """What a style is told of a bank's photos to learn from and of those to score, kept beside them. How they were
        exposed is not known.
        """

        def describe(part: Part) -> Array:
            return describe_all(part.pixels, bank.spec, [NOTHING] * len(part))

        return self._both(bank, "described", describe)

    def seen(self, bank: Bank, start: Start) -> tuple[Seen, NDArray[np.float32]] | None:
        """What a start's head is given of a bank's photos, of those to learn from in other light as well; computed once
        and kept. None where the start has no features of its own, since they depend on what is learnt from then.
        """
        network = start.network("linear", 0)
        if network.features is None:
            return None
        network.to(self.device)
        train, held_out = self._both(bank, f"features-{start.digest}", lambda part: features(network, part))
        name = f"{bank.train.name}-copies-{start.digest}.npy"
        copies = _kept(bank.folder / name, lambda: in_other_light(network, bank.spec, bank.train))
        found, relit, others = (numbers.astype(np.float32) for numbers in (train, copies, held_out))
        return Seen(found, relit, np.zeros(len(found), dtype=bool)), others

    def _both(self, bank: Bank, name: str, make: Callable[[Part], Array]) -> tuple[Array, Array]:
        parts = (bank.train, bank.held_out)
        train, held_out = (_kept(bank.folder / f"{part.name}-{name}.npy", partial(make, part)) for part in parts)
        return train, held_out


def features(network: SliderNet, part: Part) -> Array:
    """What a network's head is given (N, F), of a part's photos."""
    return seeing.features(network, unlabelled(part.pixels)).astype(np.float64)


def in_other_light(network: SliderNet, spec: InputSpec, part: Part) -> Array:
    """Features (N, 2, F) of each photo in other light."""
    return seeing.in_other_light(network, spec, unlabelled(part.pixels)).astype(np.float64)


def unlabelled(pixels: NDArray[np.floating]) -> TensorDataset:
    """Photos that nobody has edited, of network inputs (N, 3, S, S)."""
    nothing = np.full((len(pixels), len(SLIDERS)), np.nan)
    return TensorDataset(pixels, nothing.astype(np.float32), [""] * len(pixels), nothing[:, 0])


def _kept(path: Path, make: Callable[[], Array]) -> Array:
    """An array from its file, which is made now if it is missing."""
    if not path.is_file():
        buffer = io.BytesIO()
        np.save(buffer, make())
        write_atomically(path, buffer.getvalue())
    return np.load(path)
