"""The head that travels with a network: what turns its features into sliders of its own, and what styles begin from."""

import base64
import binascii
from dataclasses import dataclass, field
from typing import Literal, Self

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError
from safetensors.numpy import load, save

from autohdr.errors import ModelError
from autohdr.sliders import SLIDERS

Activation = Literal["linear", "tanh"]
"""`linear`: the answer is clipped to [-1, 1] where it is used, so that +-100 can be reached. `tanh`: it never is."""

_WEIGHT, _BIAS, _PRIOR = "head.weight", "head.bias", "prior."


@dataclass(frozen=True, slots=True, eq=False)
class Head:
    """A linear layer on a network's features."""

    weight: NDArray[np.float32]
    """(8, F), in the order of `SLIDERS`."""
    bias: NDArray[np.float32]
    """(8,)."""
    activation: Activation = "linear"

    def answer(self, features: NDArray[np.float32]) -> NDArray[np.float32]:
        """Sliders (N, 8), scaled to [-1, 1] and not clipped, of features (N, F); not finite where those are not.

        A photo's sliders do not depend on the others: they are summed one by one, which a matrix product would not do.
        """
        with np.errstate(invalid="ignore", over="ignore"):
            sums = (features[:, None].astype(np.float64) * self.weight).sum(axis=2) + self.bias
        return (np.tanh(sums) if self.activation == "tanh" else sums).astype(np.float32)


@dataclass(frozen=True, slots=True, eq=False)
class Learnt:
    """What a model file holds besides its graph: the network's own head, and what is expected of photographers."""

    head: Head
    prior: dict[str, NDArray[np.float32]] = field(default_factory=dict)
    """What is expected of photographers, learnt with the network's learnt features; empty where it has none."""

    def to_text(self) -> str:
        """The metadata property's text: a safetensors file in base64, the same for the same content."""
        arrays = {_WEIGHT: self.head.weight, _BIAS: self.head.bias}
        arrays |= {f"{_PRIOR}{name}": values for name, values in self.prior.items()}
        kept = {name: np.ascontiguousarray(values, dtype=np.float32) for name, values in arrays.items()}
        return base64.b64encode(save(kept)).decode()

    @classmethod
    def from_text(cls, text: str, features: int, activation: Activation) -> Self:
        """What `to_text` wrote, of a network with so many features.

        Raises:
            ModelError: it is damaged, or of another number of features.
        """
        try:
            arrays = load(base64.b64decode(text, validate=True))
            weight, bias = arrays[_WEIGHT], arrays[_BIAS]
        except (binascii.Error, SafetensorError, KeyError, ValueError, TypeError) as error:
            raise ModelError("holds a damaged head; export it again with autohdr export") from error
        if weight.shape != (len(SLIDERS), features) or bias.shape != (len(SLIDERS),):
            raise ModelError(f"has {features} features and a head of {weight.shape}; export it again")
        prior = {name.removeprefix(_PRIOR): arrays[name] for name in sorted(arrays) if name.startswith(_PRIOR)}
        return cls(Head(weight, bias, activation), prior)
