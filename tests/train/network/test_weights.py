"""Weights files hold a digest of themselves, and stay safetensors files that everyone can read."""

import pytest
import safetensors.torch
import torch

from autohdr_train.network.weights import dump, parse

WEIGHTS = {"a": torch.arange(6.0).reshape(2, 3), "b": torch.tensor([1.0, -1.0])}


def test_what_is_written_comes_back_and_opens_elsewhere() -> None:
    data = dump(WEIGHTS, {"note": 'with "quotes" and "sha256":"0"'}, [b"other"])
    weights, metadata = parse(data, [b"other"])
    assert metadata == {"note": 'with "quotes" and "sha256":"0"'}
    for found in (weights, safetensors.torch.load(data)):
        assert all(torch.equal(found[name], value) for name, value in WEIGHTS.items())
    assert dump(weights, metadata, [b"other"]) == data


def test_a_flipped_bit_anywhere_is_refused() -> None:
    data = dump(WEIGHTS, {"note": "text"})
    for place in range(len(data)):
        for bit in range(8):
            with pytest.raises((ValueError, KeyError, TypeError)):
                parse(data[:place] + bytes([data[place] ^ 1 << bit]) + data[place + 1 :])


def test_other_files_beside_it_are_refused() -> None:
    data = dump(WEIGHTS, {}, [b"one", b"two"])
    for others in ([], [b"one"], [b"two", b"one"], [b"onetwo", b""], [b"one", b"twp"]):
        with pytest.raises(ValueError, match="does not match"):
            parse(data, others)


def test_a_file_of_others_has_no_digest() -> None:
    for metadata in (None, {"format": "pt"}):
        with pytest.raises(ValueError, match="no digest"):
            parse(safetensors.torch.save(WEIGHTS, metadata))
