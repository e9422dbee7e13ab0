"""A model file that is not as autohdr export wrote it is refused, wherever it differs, by every engine alike."""

from pathlib import Path

import pytest

from autohdr import ModelError
from autohdr.engines.network import open_network
from autohdr.model.info import DEFAULT_MODEL
from autohdr.model.onnx_file import read_model


@pytest.mark.parametrize("engine", ["cpu", "openvino", "auto"])
def test_the_default_model_with_five_flipped_bytes_is_refused(engine: str, tmp_path: Path) -> None:
    damaged = bytearray(DEFAULT_MODEL.read_bytes())
    for place in range(5):
        damaged[len(damaged) // 2 + place * 100_003] ^= 0x40
    path = tmp_path / "flip.onnx"
    path.write_bytes(damaged)
    with pytest.raises(ModelError, match=r"flip\.onnx is damaged.* export it again"), open_network(path, engine):
        pass


def test_a_flipped_bit_anywhere_is_refused(small_model: Path, tmp_path: Path) -> None:
    whole, path = small_model.read_bytes(), tmp_path / "flip.onnx"
    for place in range(len(whole)):
        for bit in range(8):
            path.write_bytes(whole[:place] + bytes([whole[place] ^ 1 << bit]) + whole[place + 1 :])
            with pytest.raises(ModelError, match=r"flip\.onnx .*expected a model made by|flip\.onnx .*export it again"):
                read_model(path)


def test_bytes_that_were_appended_are_refused(small_model: Path, tmp_path: Path) -> None:
    path = tmp_path / "longer.onnx"
    path.write_bytes(small_model.read_bytes() + b"\xf8\x07\x01")  # an unknown field, which parsers pass over
    with pytest.raises(ModelError, match=r"longer\.onnx .*export it again"):
        read_model(path)
