"""What a stage keeps comes back as it was, or not at all."""

from pathlib import Path

import torch

from autohdr_train.unfinished import Stage


def test_what_was_kept_comes_back(tmp_path: Path) -> None:
    stage = Stage(tmp_path / "stage.pt")
    assert stage.restore() is None
    stage.keep({"step": 3, "weights": torch.arange(6.0)})
    kept = stage.restore()
    assert kept is not None
    assert kept["step"] == 3
    assert torch.equal(kept["weights"], torch.arange(6.0))


def test_a_stage_with_a_flipped_bit_begins_again(tmp_path: Path) -> None:
    """torch itself would load it, with another weight."""
    stage = Stage(tmp_path / "stage.pt")
    stage.keep({"weights": torch.arange(1000.0)})
    whole = stage.path.read_bytes()
    for place in range(0, len(whole), len(whole) // 50):
        stage.path.write_bytes(whole[:place] + bytes([whole[place] ^ 0x10]) + whole[place + 1 :])
        assert stage.restore() is None
    stage.path.write_bytes(whole[:-1])
    assert stage.restore() is None
