"""What an .onnx file says is read as onnx reads it, whatever the bytes are."""

import contextlib
import hashlib
from pathlib import Path

import onnx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autohdr import ModelError
from autohdr.model.info import DEFAULT_MODEL, METADATA_KEY, ModelInfo
from autohdr.model.onnx_file import check, read_model
from autohdr.model.seal import seal


@pytest.fixture(scope="module")
def small(small_model: Path) -> bytes:
    return small_model.read_bytes()


def test_the_default_model_says_what_onnx_finds_in_it() -> None:
    found = read_model(DEFAULT_MODEL)
    (text,) = (item.value for item in onnx.load(DEFAULT_MODEL).metadata_props if item.key == METADATA_KEY)
    assert found.info == ModelInfo.from_json(text)
    assert found.digest == hashlib.sha256(DEFAULT_MODEL.read_bytes()).hexdigest()[:12]


def test_a_file_that_was_cut_off_anywhere_is_refused(small: bytes) -> None:
    for end in range(len(small)):
        with pytest.raises(ModelError, match="cut"):
            check(small[:end], Path("cut"))


@given(at=st.integers(0, 10**6), byte=st.integers(0, 255))
def test_a_strange_byte_is_never_more_than_an_error(small: bytes, at: int, byte: int) -> None:
    """Also in a file that was sealed like this."""
    strange = bytearray(small)
    strange[at % len(small)] = byte
    with contextlib.suppress(ModelError):
        check(seal(bytes(strange)), Path("strange"))


def test_other_metadata_and_unknown_fields_are_passed_over(small: bytes) -> None:
    model = onnx.load_from_string(small)
    model.metadata_props.add(key="other", value="text")
    model.domain = "theirs"
    unknown = b"\xf8\x07\x01" + b"\xfd\x07\x00\x00\x00\x00"  # field 127 as a number and as four bytes
    assert check(seal(model.SerializeToString() + unknown), Path("more")).info == check(small, Path("small")).info
