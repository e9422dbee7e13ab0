"""Training learns, comes to the same weights for the same seed, also after a kill, and does what its phase says."""

import dataclasses
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from numpy.typing import NDArray

from autohdr.errors import LearningError, SettingsError
from autohdr.quality.display import Domain
from autohdr.quality.patches import Patches
from autohdr_train.quality.models import vtamiq
from autohdr_train.quality.models.saved import Architecture, Network, make
from autohdr_train.quality.training.bank import Bank, Batch
from autohdr_train.quality.training.loop import Run, predict, rate_at, train
from autohdr_train.quality.training.profile import TINY, Kind
from autohdr_train.quality.training.recipe import RECIPES, Phase, Recipe
from autohdr_train.recipes.coral.alignment import Form
from autohdr_train.recipes.unfinished import Stage
from tests.train.quality.made_up import light, pairs

MODELS: list[Architecture] = ["vtamiq", "pieapp"]
BOTH: tuple[Domain, ...] = ("sdr", "hdr")
LEARNER = Kind(
    vtamiq.Sizes(width=32, heads=2, mlp=32, layers=1, registers=1, table=2, groups=1, blocks=1),
    Patches(16, 16),
    Patches(16, 16),
    batch=8,
    steps=80,
    rate=3e-3,
)
FORMS: list[Form | None] = ["coral", "coral-minmax", "mean", None]


@pytest.fixture(scope="module")
def bank(tmp_path_factory: pytest.TempPathFactory) -> Bank:
    return Bank.open(tmp_path_factory.mktemp("bank"), pairs(), light)


def run_of(architecture: Architecture, seed: int = 1) -> Run:
    return dataclasses.replace(TINY.run(architecture, "pmax", seed), steps=6)


def learnt(
    bank: Bank, architecture: Architecture, phase: Phase, run: Run, stage: Stage | None = None, every: int | None = None
) -> tuple[Network, list[float]]:
    network = make(TINY.kinds[architecture].sizes, seed=3)
    network.scale.set(5.0, 2.0)
    known = {domain: bank.numbers(domain) for domain in BOTH}
    return network, train(network, bank, known, phase, run, stage, keep_every=every)


def same(one: Network, other: Network) -> bool:
    both = zip(one.state_dict().values(), other.state_dict().values(), strict=True)
    return all(torch.equal(*pair) for pair in both)


@pytest.mark.parametrize("architecture", MODELS)
def test_same_seed_same_weights(bank: Bank, architecture: Architecture) -> None:
    phase = Phase(BOTH, 1.0, "mae", BOTH, "coral")
    one, losses = learnt(bank, architecture, phase, run_of(architecture))
    torch.rand(3)
    other, again = learnt(bank, architecture, phase, run_of(architecture))
    assert losses == again
    assert same(one, other)
    assert not same(one, learnt(bank, architecture, phase, run_of(architecture, 2))[0])


class Dying(Bank):
    """A bank under which the run is killed at its ninth batch."""

    asked = 0

    def batch(self, *arguments: Any, **named: Any) -> Batch:
        Dying.asked += 1
        if Dying.asked == 9:
            raise KeyboardInterrupt
        return super().batch(*arguments, **named)


@pytest.mark.parametrize("form", FORMS)
def test_a_killed_run_goes_on_with_the_same_weights(bank: Bank, form: Form | None, tmp_path: Path) -> None:
    """It is killed in its fifth step; kept were four."""
    phase = Phase(BOTH, 1.0, "mae", ("sdr",), form)
    whole, losses = learnt(bank, "vtamiq", phase, run_of("vtamiq"))
    stage = Stage(tmp_path / "stage.pt")
    Dying.asked = 0
    dying = Dying(bank.pairs, bank.references, bank.tests, bank.of, bank.scores)
    with pytest.raises(KeyboardInterrupt):
        learnt(dying, "vtamiq", phase, run_of("vtamiq"), stage, 2)
    kept = stage.restore()
    assert kept is not None
    assert len(kept["losses"]) == 4
    gone_on, again = learnt(bank, "vtamiq", phase, run_of("vtamiq"), stage, 2)
    assert again == losses
    assert same(whole, gone_on)


@pytest.mark.parametrize("architecture", MODELS)
def test_noise_is_learnt_to_be_worse(bank: Bank, architecture: Architecture) -> None:
    kind = {"vtamiq": LEARNER, "pieapp": TINY.kinds["pieapp"]}[architecture]
    run = dataclasses.replace(run_of(architecture), steps=80, rate=3e-3, batch=8, patches=kind.patches)
    network = make(kind.sizes, seed=3)
    network.scale.set(5.0, 2.0)
    numbers = bank.numbers("sdr")
    losses = train(network, bank, {"sdr": numbers}, Phase(("sdr",), 1.0), run)
    assert np.mean(losses[-10:]) < 0.6 * np.mean(losses[:10])
    predicted = predict(network, bank, numbers, run.inputs, run.patches)
    assert np.corrcoef(predicted, bank.scores[numbers])[0, 1] > 0.5


def test_scores_of_a_domain_without_labels_are_not_looked_at(bank: Bank) -> None:
    phase = Phase(BOTH, 1.0, "mae", ("sdr",), "coral")
    hidden = np.where([pair.domain == "hdr" for pair in bank.pairs], np.nan, bank.scores)
    one, _ = learnt(bank, "vtamiq", phase, run_of("vtamiq"))
    other, _ = learnt(dataclasses.replace(bank, scores=hidden), "vtamiq", phase, run_of("vtamiq"))
    assert same(one, other)


def test_alignment_changes_what_is_learnt(bank: Bank) -> None:
    networks = [learnt(bank, "vtamiq", Phase(BOTH, 1.0, "mae", ("sdr",), form), run_of("vtamiq"))[0] for form in FORMS]
    assert not any(same(one, other) for n, one in enumerate(networks) for other in networks[:n])


def test_rates_rise_and_fall_to_a_hundredth() -> None:
    rates = [rate_at(step, 100, 0.05) for step in range(100)]
    assert max(rates) == rates[5] == 1.0
    assert rates[:6] == sorted(rates[:6])
    assert rates[5:] == sorted(rates[5:], reverse=True)
    assert rates[-1] == pytest.approx(0.01, rel=0.06)


def test_predictions_do_not_depend_on_their_company(bank: Bank) -> None:
    run = run_of("pieapp")
    network = make(TINY.kinds["pieapp"].sizes, seed=0)
    numbers = bank.numbers("hdr")
    together = predict(network, bank, numbers, run.inputs, run.patches)
    alone = [predict(network, bank, numbers[[n]], run.inputs, run.patches)[0] for n in range(3)]
    np.testing.assert_allclose(together[:3], alone, atol=1e-5)
    assert predict(network, bank, numbers[:0], run.inputs, run.patches).shape == (0,)


def test_impossible_phases_and_too_few_pairs_are_refused(bank: Bank) -> None:
    with pytest.raises(SettingsError, match="in common"):
        Phase(("hdr",), 1.0, labelled=("sdr",))
    with pytest.raises(SettingsError, match="two domains"):
        Phase(("hdr",), 1.0, form="coral")
    with pytest.raises(SettingsError, match="of the steps"):
        Phase(("hdr",), 0.0)
    with pytest.raises(SettingsError, match="sum up"):
        Recipe("half", (Phase(("hdr",), 0.5),), "")
    none: dict[Domain, NDArray[np.int64]] = {"sdr": np.zeros(0, np.int64), "hdr": np.zeros(0, np.int64)}
    with pytest.raises(LearningError, match="0 pairs of SDR"):
        train(make(TINY.kinds["vtamiq"].sizes, seed=0), bank, none, RECIPES["sdr"].phases[0], run_of("vtamiq"))
