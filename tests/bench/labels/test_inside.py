"""What is seen inside a network is the network's own attention and weights."""

import io
from pathlib import Path

import numpy as np
import torch
from PIL import Image

from autohdr_bench.labels.inside import attention, keep_inside, read_inside, spread_out, strip, thumbnail, veil
from autohdr_train.data.tensors import TensorDataset
from autohdr_train.network.model import SliderNet


def test_attention_comes_by_layer_head_and_patch_and_leaves_the_network_as_it_was(network: SliderNet) -> None:
    pixels = torch.randn(3, 3, 32, 32, generator=torch.Generator().manual_seed(0))
    with torch.inference_mode():
        before = network.eval()(pixels)
        whole = network.vit(pixel_values=pixels, output_attentions=True).attentions[1][2, 1, 0]
        maps = attention(network, pixels)
        after = network(pixels)
    assert maps.shape == (3, 2, 2, 2, 2)
    np.testing.assert_allclose(maps[2, 1, 1].ravel(), whole[1:].numpy(), rtol=1e-6)
    assert (maps.sum(axis=(3, 4)) < 1).all()
    torch.testing.assert_close(after, before)


def test_what_is_kept_is_read_again(network: SliderNet, photos: TensorDataset, tmp_path: Path) -> None:
    keep_inside(tmp_path, "key", network, photos)
    inside = read_inside(tmp_path, "key")
    assert inside is not None
    assert [photos.groups[row] for row in inside.photos[:3]] == ["g0", "g1", "g2"]
    np.testing.assert_array_equal(inside.weights, network.folded()["classifier.weight"].detach().numpy())
    assert read_inside(tmp_path, "other") is None


def test_photos_of_different_places_come_first() -> None:
    assert spread_out(["a", "a", "b", "a", "c"], 3).tolist() == [0, 2, 4]
    assert spread_out(["a", "a", "a"], 2).tolist() == [0, 1]


def test_a_veil_is_clear_where_the_network_looks() -> None:
    share = np.zeros((14, 14), dtype=np.float32)
    share[3, 5] = 0.5
    share[4, 5] = 0.5
    seen = np.asarray(Image.open(io.BytesIO(veil(share))))
    assert seen[3, 5, 1] == 0
    assert seen[0, 0, 1] > 200


def test_a_strip_shows_signs_and_puts_the_largest_first() -> None:
    weights = np.zeros((8, 4), dtype=np.float32)
    weights[0, 2], weights[1, 2], weights[2, 1] = 1.0, -1.0, 0.5
    drawn = np.asarray(Image.open(io.BytesIO(strip(weights)))).astype(int)
    assert drawn.shape == (8, 4, 3)
    assert drawn[0, 0, 0] > drawn[0, 0, 2]  # red
    assert drawn[1, 0, 2] > drawn[1, 0, 0]  # blue


def test_a_thumbnail_clips_where_a_standard_display_does() -> None:
    picture = Image.open(io.BytesIO(thumbnail(np.full((8, 12, 3), 4.0, dtype=np.float32))))
    assert picture.size == (12, 8)
    assert np.asarray(picture).min() > 250
