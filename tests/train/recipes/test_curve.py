"""The log of a training run."""

import json
from pathlib import Path

from autohdr_train.data.tensors import TensorDataset
from autohdr_train.network.model import SliderNet
from autohdr_train.recipes.curve import from_parts, look, to_parts, write_log


def test_the_log_has_a_line_for_each_look(network: SliderNet, photos: TensorDataset, tmp_path: Path) -> None:
    """R2 of Contrast is missing: its labels do not vary."""
    write_log(
        tmp_path, [look(0, [], network, photos), look(3, [1.0, 3.0], network, photos), look(4, [], network, None)]
    )
    first, second, last = (json.loads(line) for line in (tmp_path / "log.jsonl").read_text().splitlines())
    assert (first["step"], first["loss"]) == (0, None)
    assert (second["step"], second["loss"]) == (3, 2.0)
    assert second["r2"]["Exposure2012"] < 1.0
    assert second["r2"]["Contrast2012"] is None
    assert last["r2"] is None


def test_a_curve_that_was_kept_is_the_same(network: SliderNet, photos: TensorDataset, tmp_path: Path) -> None:
    curve = [look(0, [], network, photos), look(2, [0.5], network, photos)]
    write_log(tmp_path, curve)
    before = (tmp_path / "log.jsonl").read_bytes()
    write_log(tmp_path, from_parts(to_parts(curve), photos))
    assert (tmp_path / "log.jsonl").read_bytes() == before
