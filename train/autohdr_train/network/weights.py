"""A network's weights on disk: a sealed safetensors file (`autohdr.model.sealed_arrays`) of torch tensors."""

from collections.abc import Mapping, Sequence

import safetensors.torch
from torch import Tensor

from autohdr.model.sealed_arrays import check, metadata_of, seal, unsealed

__all__ = ["dump", "metadata_of", "parse"]


def dump(weights: Mapping[str, Tensor], metadata: Mapping[str, str], others: Sequence[bytes] = ()) -> bytes:
    """A sealed file of weights, as `autohdr.model.sealed_arrays.dump` makes one of arrays."""
    kept = {name: value.detach().cpu().contiguous() for name, value in weights.items()}
    return seal(safetensors.torch.save(kept, unsealed(metadata)), others)


def parse(data: bytes, others: Sequence[bytes] = ()) -> tuple[dict[str, Tensor], dict[str, str]]:
    """Weights and metadata of a file that `dump` made, with the `others` that it was given.

    Raises:
        ValueError: it has no digest, or one of another content.
        SafetensorError, KeyError, TypeError: it is no such file.
    """
    metadata = check(data, others)
    return safetensors.torch.load(data), metadata
