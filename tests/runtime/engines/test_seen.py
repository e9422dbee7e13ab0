"""The note of which engines work on this machine."""

from pathlib import Path

import pytest

from autohdr.engines.seen import remember, seen


@pytest.mark.parametrize("held", [b"", b"no JSON", b"[]", b'{"machine": 1}'])
def test_a_note_of_engines_that_is_damaged_counts_as_none(tmp_path: Path, held: bytes) -> None:
    (tmp_path / "engines.json").write_bytes(held)
    assert seen(tmp_path) == set()
    remember(tmp_path, ["cpu"])
    assert seen(tmp_path) == {"cpu"}
