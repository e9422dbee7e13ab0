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
from autohdr.sliders import SLIDERS, to_values

Activation = Literal["linear", "tanh"]
"""`linear`: the answer is clipped to [-1, 1] where it is used, so that +-100 can be reached. `tanh`: it never is."""

_WEIGHT, _BIAS, _MOST, _ERROR, _PRIOR = "head.weight", "head.bias", "head.most", "head.error", "prior."


@dataclass(frozen=True, slots=True, eq=False)
class Head:
    """A linear layer on a network's features."""

    weight: NDArray[np.float32]
    """(8, F), in the order of `SLIDERS`."""
    bias: NDArray[np.float32]
    """(8,)."""
    activation: Activation = "linear"
    most: NDArray[np.float32] | None = None
    """(8,), scaled: an answer further from 0 ends there, since it is nearly never right. None where nothing ends it."""
    error: NDArray[np.float32] | None = None
    """(2, 8), in Lightroom's units: the mean absolute error that is to be expected of an answer of 0, and by how much
    it grows with each unit that the answer is away from 0. None where nobody measured."""

    def answer(self, features: NDArray[np.float32]) -> NDArray[np.float32]:
        """Sliders (N, 8), scaled to [-1, 1] and not clipped, of features (N, F); not finite where those are not.

        A photo's sliders do not depend on the others: they are summed one by one, which a matrix product would not do.
        """
        with np.errstate(invalid="ignore", over="ignore"):
            sums = (features[:, None].astype(np.float64) * self.weight).sum(axis=2) + self.bias
            if self.activation == "tanh":
                sums = np.tanh(sums)
            if self.most is not None:  # what is not finite stays so: the network could not answer
                sums = np.where(np.isfinite(sums), np.clip(sums, -self.most, self.most), sums)
        return sums.astype(np.float32)

    def errors(self, scaled: NDArray[np.floating]) -> NDArray[np.float64] | None:
        """Mean absolute errors (N, 8) that are to be expected of answers (N, 8), scaled, in Lightroom's units; None
        where nobody measured."""
        if self.error is None:
            return None
        found: NDArray[np.float64] = self.error[0] + self.error[1] * np.abs(to_values(scaled))
        return found


@dataclass(frozen=True, slots=True, eq=False)
class Learnt:
    """What a model file holds besides its graph: the network's own head, and what is expected of photographers."""

    head: Head
    prior: dict[str, NDArray[np.float32]] = field(default_factory=dict)
    """What is expected of photographers, learnt with the network's learnt features; empty where it has none."""

    def to_text(self) -> str:
        """The metadata property's text: a safetensors file in base64, the same for the same content."""
        head = self.head
        optional = {_MOST: head.most, _ERROR: head.error}
        arrays = {_WEIGHT: head.weight, _BIAS: head.bias}
        arrays |= {name: values for name, values in optional.items() if values is not None}
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
        most, stated = arrays.get(_MOST), arrays.get(_ERROR)
        if not (most is None or most.shape == (len(SLIDERS),)) or not (
            stated is None or stated.shape == (2, len(SLIDERS))
        ):
            raise ModelError("holds a damaged head; export it again with autohdr export")
        prior = {name.removeprefix(_PRIOR): arrays[name] for name in sorted(arrays) if name.startswith(_PRIOR)}
        return cls(Head(weight, bias, activation, most, stated), prior)
