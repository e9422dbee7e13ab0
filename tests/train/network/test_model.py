"""The network: its shapes, its heads, and where it can start from."""

import json
import shutil
import sys
from pathlib import Path

import pytest
import torch

from autohdr.errors import ModelError, SettingsError
from autohdr.spec import InputSpec
from autohdr_train.network.model import SIZES, SliderNet, from_config, pretrained, scratch


def test_it_gives_eight_sliders_a_photo(network: SliderNet) -> None:
    assert network(torch.zeros(3, 3, 32, 32)).shape == (3, 8)


def test_a_linear_head_reaches_beyond_the_ends_and_tanh_does_not(network: SliderNet) -> None:
    network.classifier.bias.data.fill_(3.0)
    assert (network(torch.zeros(1, 3, 32, 32)) > 1).all()
    network.head = "tanh"
    assert (network(torch.zeros(1, 3, 32, 32)) < 1).all()


@pytest.mark.parametrize(("size", "millions"), [("tiny", 5.5), ("small", 21.7), ("base", 85.8)])
def test_sizes_are_those_of_the_papers(size: str, millions: float) -> None:
    width, heads, mlp = SIZES[size]
    with torch.device("meta"):
        network = scratch(size, InputSpec(), "linear", seed=0)
    assert (width // heads, mlp // width) == (64, 4)
    assert sum(weight.numel() for weight in network.parameters()) / 1e6 == pytest.approx(millions, abs=0.1)


def test_the_same_seed_gives_the_same_weights_and_leaves_the_global_generator_alone() -> None:
    torch.manual_seed(5)
    before = torch.get_rng_state()
    first, again, other = (scratch("tiny", InputSpec(size=32), "linear", seed=seed) for seed in (1, 1, 2))
    assert torch.equal(before, torch.get_rng_state())
    assert torch.equal(first.classifier.weight, again.classifier.weight)
    assert not torch.equal(first.classifier.weight, other.classifier.weight)


def test_an_input_that_patches_do_not_fill_is_refused() -> None:
    with pytest.raises(SettingsError, match="multiple of 16"):
        scratch("tiny", InputSpec(size=40), "linear", seed=0)


def test_another_vit_brings_its_weights_and_its_own_mean_std_and_size(foreign_vit: Path, spec: InputSpec) -> None:
    network, found = pretrained(str(foreign_vit), "pu21-pmax", "tanh", seed=0)
    assert (found.size, found.mean, found.std, found.encoding) == (32, spec.mean, spec.std, "pu21-pmax")
    torch.manual_seed(1)
    original = from_config(network.config)
    for key, value in original.state_dict().items():
        assert torch.equal(network.vit.state_dict()[key], value), key


def test_a_hub_id_is_looked_up_on_this_machine_alone() -> None:
    events: list[str] = []
    sys.addaudithook(
        lambda event, _: events.append(event) if event in ("socket.connect", "socket.getaddrinfo") else None
    )
    with pytest.raises(ModelError, match=r"nobody/nothing is not in Hugging Face's cache .*HF_HUB_OFFLINE=0"):
        pretrained("nobody/nothing", None, "linear", seed=0)
    assert events == []


def test_a_start_that_is_nothing_is_refused_without_asking_the_hub() -> None:
    with pytest.raises(ModelError, match="is no tiny, small, base, no folder, and no hub id"):
        pretrained("tiniest", None, "linear", seed=0)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda folder: (folder / "config.json").unlink(), "type None; expected vit"),
        (lambda folder: (folder / "preprocessor_config.json").unlink(), "cannot be loaded"),
        (
            lambda folder: (folder / "config.json").write_text(json.dumps({"model_type": "bert"})),
            "type bert; expected vit",
        ),
    ],
)
def test_a_folder_that_is_no_vit_is_refused_in_one_sentence(
    foreign_vit: Path, tmp_path: Path, change: object, sentence: str
) -> None:
    folder = tmp_path / "vit"
    shutil.copytree(foreign_vit, folder)
    assert callable(change)
    change(folder)
    with pytest.raises(ModelError, match=sentence) as caught:
        pretrained(str(folder), None, "linear", seed=0)
    assert "\n" not in str(caught.value)


def test_a_balanced_head_speaks_in_the_labels_unit(network: SliderNet) -> None:
    centre, spread = torch.linspace(-0.2, 0.2, 8), torch.linspace(0.02, 0.3, 8)
    before = network(torch.zeros(1, 3, 32, 32))
    network.balance(centre, spread)
    torch.testing.assert_close(network(torch.zeros(1, 3, 32, 32)), centre + spread * before)


def test_folding_and_balancing_a_trained_head_keep_its_answers(network: SliderNet) -> None:
    pixels = torch.rand(2, 3, 32, 32)
    network.classifier.bias.data.uniform_(-1, 1)
    before = network(pixels)
    network.balance(torch.full((8,), 0.1), torch.linspace(0.02, 0.3, 8))
    torch.testing.assert_close(network(pixels), before)
    plain = SliderNet(from_config(network.config), network.head)
    plain.load_state_dict(network.folded())
    torch.testing.assert_close(plain(pixels), before)


@pytest.mark.parametrize("learnt", [True, False])
def test_a_network_with_features_sees_token_and_tones_and_starts_from_0(
    network: SliderNet, spec: InputSpec, learnt: bool
) -> None:
    network.describe_tones(spec, learnt=learnt)
    assert network.features is not None
    pixels = torch.rand(3, 3, 32, 32)
    seen = network.see(pixels)
    assert seen.shape == (3, network.features.size)
    assert torch.equal(network(pixels), torch.zeros(3, 8))
    assert network.tones is not None
    torch.testing.assert_close(seen, network.features(network.token(pixels), network.tones(pixels)))


@pytest.mark.parametrize("learnt", [True, False])
def test_a_description_is_enough_to_hold_another_networks_weights(
    network: SliderNet, spec: InputSpec, learnt: bool
) -> None:
    network.describe_tones(spec, learnt=learnt)
    assert network.features is not None
    described = json.loads(json.dumps(network.describe()))
    assert described == {"features": {"learnt": learnt}}
    other = SliderNet(from_config(network.config), network.head)
    other.restore(described, spec)
    other.load_state_dict(network.state_dict())
    pixels = torch.rand(2, 3, 32, 32)
    torch.testing.assert_close(other(pixels), network(pixels))


def test_a_plain_network_has_nothing_to_describe(network: SliderNet, spec: InputSpec) -> None:
    assert network.describe() == {}
    network.restore({}, spec)
    assert network.features is None
    pixels = torch.rand(2, 3, 32, 32)
    assert torch.equal(network.see(pixels), network.token(pixels))
