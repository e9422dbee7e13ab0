"""Profiles fit their models, the GPU's is of the published sizes, and recipes differ in what they say alone."""

import pytest

from autohdr_train.quality.models import pieapp, vtamiq
from autohdr_train.quality.training.profile import GPU, PROFILES, Profile
from autohdr_train.quality.training.recipe import RECIPES
from autohdr_train.quality.training.study import CONTROLS, CORE, GROUPS, NORMED


@pytest.mark.parametrize("profile", PROFILES.values(), ids=PROFILES)
def test_patches_are_of_the_size_that_the_model_takes(profile: Profile) -> None:
    for kind in profile.kinds.values():
        assert kind.patches.side == kind.seen.side == kind.sizes.side


def test_a_gpu_trains_what_is_published() -> None:
    assert GPU.kinds["vtamiq"].sizes == vtamiq.PAPER
    assert GPU.kinds["pieapp"].sizes == pieapp.PAPER
    assert (GPU.kinds["vtamiq"].patches.count, GPU.kinds["vtamiq"].seen.count) == (384, 512)
    run = GPU.run("vtamiq", "255", 3)
    assert (run.weight_decay, run.clip, run.inputs.norm, run.seed, run.device) == (0.01, 1.0, "255", 3, "cuda")
    assert GPU.run("vtamiq", "255", 3, begun=True).rate == pytest.approx(run.rate / 20)


def test_recipes_that_are_compared_differ_in_one_thing() -> None:
    forms = {name: RECIPES[f"labelled-{name}"].phases for name in ("none", "coral", "minmax", "mean")}
    assert {phases[0] for phases in forms.values()} == {RECIPES["finetuned"].phases[0]}
    assert len({(p[1].domains, p[1].loss, p[1].labelled, p[1].share, p[1].rate) for p in forms.values()}) == 1
    assert len({phases[1].form for phases in forms.values()}) == 4
    with_labels, without = RECIPES["labelled-coral"].phases[1], RECIPES["unlabelled-coral"].phases[1]
    assert (with_labels.labelled, without.labelled) == (("sdr", "hdr"), ("sdr",))


def test_every_recipe_is_done_for_both_models() -> None:
    assert {*CORE, *CONTROLS} == set(RECIPES)
    for architecture in ("vtamiq", "pieapp"):
        done = [name for group in GROUPS if group[:2] == (architecture, "pmax") for name in group.recipes]
        assert sorted(done) == sorted(RECIPES)
        assert (architecture, "255", NORMED) in GROUPS
