"""The note of which engines work on this machine."""

from pathlib import Path

import pytest

from autohdr.engines.seen import Best, remember, remember_best, seen
from autohdr.engines.seen import best as seen_best


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


def test_the_best_engine_is_kept_beside_those_that_work_and_is_of_this_processor(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    best = Best("openvino", "abc", "bfloat16", 1.75, {"Exposure": 0.002})
    assert seen_best(tmp_path, "one") is None
    remember_best(tmp_path, "one", best)
    remember(tmp_path, "one", ["cpu"])
    assert (seen_best(tmp_path, "one"), seen_best(tmp_path, "other")) == (best, None)
    assert seen(tmp_path, "one") == {"cpu"}
    monkeypatch.setattr("autohdr.engines.seen.processor_name", lambda: "an abacus")
    assert seen_best(tmp_path, "one") is None
    assert seen(tmp_path, "one") == set()
