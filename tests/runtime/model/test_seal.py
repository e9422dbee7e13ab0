"""A model file ends with a digest of all that comes before."""

import hashlib

import onnx
from hypothesis import given
from hypothesis import strategies as st

from autohdr.model.info import DEFAULT_MODEL
from autohdr.model.seal import SEAL_KEY, has_seal, look, seal


@given(st.binary(max_size=300))
def test_what_was_sealed_is_whole_and_sealed_again_is_the_same(data: bytes) -> None:
    sealed = seal(data)
    assert has_seal(sealed)
    assert look(sealed) == (hashlib.sha256(sealed).hexdigest(), True)
    assert seal(sealed) == sealed
    assert sealed.startswith(data)


@given(st.binary(max_size=300))
def test_other_bytes_have_no_seal(data: bytes) -> None:
    assert not has_seal(data)
    assert look(data) == (hashlib.sha256(data).hexdigest(), False)


def test_onnx_reads_the_seal_as_metadata() -> None:
    data = DEFAULT_MODEL.read_bytes()
    model = onnx.load_model_from_string(data)
    content = data[: data.rindex(SEAL_KEY.encode()) - 4]
    assert model.metadata_props[-1].key == SEAL_KEY
    assert model.metadata_props[-1].value == hashlib.sha256(content).hexdigest()
    assert model.SerializeToString(deterministic=True) == data
