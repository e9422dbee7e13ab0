"""What all augmentations have in common."""

import pytest
import torch

from autohdr.errors import SettingsError
from autohdr.spec import InputSpec
from autohdr_train.network.light import Light
from autohdr_train.recipes import augment

SPEC = InputSpec(size=96)
LIGHT = ["exposure", "noise", "white-balance", "camera", "defocus"]


def generator(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def batch(spec: InputSpec, count: int) -> tuple[torch.Tensor, torch.Tensor]:
    """The same picture `count` times, light from 0.01 to 0.3, with labels of which every second is missing."""
    light = 0.01 + 0.29 * torch.rand(1, 3, spec.size, spec.size, generator=generator(7)) ** 2
    labels = torch.linspace(-0.5, 0.5, 8).repeat(count, 1)
    labels[:, 1::2] = torch.nan
    return Light(spec).encode(light).repeat(count, 1, 1, 1), labels


@pytest.fixture(params=sorted(augment.AUGMENTATIONS))
def name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.mark.parametrize(("size", "count"), [(32, 3), (224, 1)])
def test_any_batch_stays_one(name: str, size: int, count: int) -> None:
    spec = InputSpec(size=size)
    pixels, labels = batch(spec, count)
    before = pixels.clone(), labels.clone()
    changed, new = augment.build([name], spec)(pixels, labels, generator())
    assert changed.shape == pixels.shape
    assert changed.dtype == torch.float32
    assert torch.isfinite(changed).all()
    assert torch.equal(torch.isnan(new), torch.isnan(labels))
    assert new.dtype == torch.float32
    torch.testing.assert_close(new[:, 1:], labels[:, 1:], equal_nan=True, rtol=0, atol=0)
    assert torch.equal(pixels, before[0])  # what came in is left alone
    torch.testing.assert_close(labels, before[1], equal_nan=True, rtol=0, atol=0)


def test_it_depends_on_the_generator_alone(name: str) -> None:
    pixels, labels = batch(SPEC, 6)
    augmentation = augment.build([name], SPEC)
    torch.manual_seed(1)
    one = augmentation(pixels, labels, generator())
    torch.manual_seed(2)
    state = torch.get_rng_state()
    two = augmentation(pixels, labels, generator())
    assert torch.equal(one[0], two[0])
    torch.testing.assert_close(one[1], two[1], equal_nan=True, rtol=0, atol=0)
    assert torch.equal(torch.get_rng_state(), state)  # nor does it draw from torch's own
    assert not torch.equal(augmentation(pixels, labels, generator(3))[0], one[0])


def test_every_photo_draws_for_itself(name: str) -> None:
    pixels, labels = batch(SPEC, 16)
    changed, _ = augment.build([name], SPEC)(pixels, labels, generator())
    assert len({tuple(picture.flatten().tolist()) for picture in changed}) > 5


def test_names_are_applied_in_their_order(spec: InputSpec) -> None:
    pixels, labels = batch(spec, 4)
    names = ["exposure", "turn", "gridmask"]
    composed = augment.build(names, spec)(pixels, labels, generator())
    random, step = generator(), (pixels, labels)
    for name in names:
        step = augment.build([name], spec)(*step, random)
    assert torch.equal(composed[0], step[0])
    assert not torch.equal(augment.build(names[::-1], spec)(pixels, labels, generator())[0], composed[0])


def test_no_augmentation_changes_nothing(spec: InputSpec) -> None:
    pixels, labels = batch(spec, 2)
    same, kept = augment.build([], spec)(pixels, labels, generator())
    assert same is pixels
    assert kept is labels


def test_an_unknown_name_is_refused_with_the_choices(spec: InputSpec) -> None:
    with pytest.raises(SettingsError, match=r"augmentation is 'rotate'; expected some of turn, .*defocus"):
        augment.build(["turn", "rotate"], spec)


@pytest.mark.parametrize("name", LIGHT)
def test_light_needs_sensor_data(name: str) -> None:
    with pytest.raises(SettingsError, match="input source is 'preview'"):
        augment.build([name], InputSpec(source="preview"))
