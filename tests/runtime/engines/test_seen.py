"""The note of which engines work on this machine."""

from pathlib import Path

import pytest

from autohdr.engines.seen import remember, seen


@pytest.mark.parametrize("held", [b"", b"no JSON", b"[]", b'{"machine": 1}', b'{"engines": []}'])
def test_a_note_of_engines_that_is_damaged_counts_as_none(tmp_path: Path, held: bytes) -> None:
    (tmp_path / "engines.json").write_bytes(held)
    assert seen(tmp_path, "one") == set()
    remember(tmp_path, "one", ["cpu"])
    assert seen(tmp_path, "one") == {"cpu"}


def test_what_works_with_one_network_need_not_with_another(tmp_path: Path) -> None:
    remember(tmp_path, "one", ["cpu"])
    remember(tmp_path, "other", ["openvino"])
    remember(tmp_path, "one", ["openvino"])
    assert [seen(tmp_path, model) for model in ("one", "other", "third")] == [{"cpu", "openvino"}, {"openvino"}, set()]
