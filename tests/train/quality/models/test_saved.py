"""A quality model comes back from its file with all that it needs, or is refused in one sentence."""

from pathlib import Path

import pytest
import torch

from autohdr.errors import ModelError
from autohdr.quality.inputs import Inputs
from autohdr.quality.patches import Patches
from autohdr_train.quality.models import pieapp, vtamiq
from autohdr_train.quality.models.saved import Saved, Sizes, load, make, save

TINY: list[Sizes] = [
    vtamiq.Sizes(width=8, heads=2, mlp=12, layers=1, registers=1, table=2, side=4, groups=1, blocks=1, squeeze=4),
    pieapp.Sizes(widths=(2,) * 11, hidden=3, side=32),
]


@pytest.mark.parametrize("sizes", TINY, ids=["vtamiq", "pieapp"])
def test_it_comes_back(sizes: Sizes, tmp_path: Path) -> None:
    network = make(sizes, seed=4)
    network.scale.set(8.0, 1.5)
    saved = Saved(network, Inputs("peaks", "255"), Patches(sizes.side, 7), {"recipe": "scratch"})
    save(tmp_path / "model.safetensors", saved)
    found = load(tmp_path / "model.safetensors")
    assert found.describe() == saved.describe()
    assert (found.inputs, found.patches) == (saved.inputs, saved.patches)
    assert not found.network.training
    pixels = torch.randn(2, 3, 5, 3, sizes.side, sizes.side)
    with torch.no_grad():
        uv = torch.rand(3, 5, 2)
        torch.testing.assert_close(found.network(*pixels, uv).score, network.eval()(*pixels, uv).score)


@pytest.mark.parametrize("sizes", TINY, ids=["vtamiq", "pieapp"])
def test_the_seed_decides(sizes: Sizes) -> None:
    before = torch.get_rng_state()
    one, same, other = (make(sizes, seed=seed).state_dict() for seed in (1, 1, 2))
    assert torch.equal(torch.get_rng_state(), before)
    assert all(torch.equal(one[name], same[name]) for name in one)
    assert not all(torch.equal(one[name], other[name]) for name in one)


def test_what_is_no_model_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "model.safetensors"
    with pytest.raises(ModelError, match="does not exist"):
        load(path)
    save(path, Saved(make(TINY[0], seed=0), Inputs(), Patches(4, 2), {}))
    whole = path.read_bytes()
    for data in (b"", whole[:-3], whole[:200] + bytes([whole[200] ^ 1]) + whole[201:], whole[:-9] + b"\1" + whole[-8:]):
        path.write_bytes(data)
        with pytest.raises(ModelError, match="damaged"):
            load(path)
