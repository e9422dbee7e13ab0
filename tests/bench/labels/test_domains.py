"""The comparison of ways to adapt, at its smallest."""

import csv
from dataclasses import replace
from pathlib import Path
from typing import get_args

import numpy as np
import pytest
import torch

from autohdr import pu21
from autohdr.encoding import pu21_scale
from autohdr_bench.labels import domains as study_domains
from autohdr_bench.labels.domains import FORMS, STORED, Adapted, Arm, arms, run, small, summary
from autohdr_train.data.tensors import TensorDataset
from autohdr_train.network.light import Light


def photos(count: int, seed: int) -> TensorDataset:
    random = np.random.default_rng(seed)
    stops = random.uniform(-4, 0, count)
    light = np.broadcast_to(2.0 ** stops[:, None, None, None], (count, 3, STORED.size, STORED.size))
    pixels = Light(STORED).encode(torch.from_numpy(light.astype(np.float32))).numpy()
    labels = np.repeat(-stops[:, None] / 5, 8, axis=1).astype(np.float32)
    return TensorDataset(pixels, labels, ["a place"] * count, np.full(count, np.nan))


def test_every_form_meets_both_scales_and_few_or_no_labels_and_every_variant_some() -> None:
    ways = arms()
    for encoding in ("pu21-pmax", "pu21-255"):
        asked = {(arm.form, arm.weight, arm.labelled) for arm in ways[encoding]}
        assert asked == {(*form, share) for form in FORMS for share in (0.0, 0.05)} | {(None, 0.0, 1.0)}
    assert {pu21_scale(encoding).variant for encoding in ways} == set(get_args(pu21.Variant))
    for encoding, listed in ways.items():
        assert {arm.encoding for arm in listed} == {encoding}
        assert None in {arm.form for arm in listed}, "the summary compares with it"


def test_the_table_has_a_line_for_each_way_and_seed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(study_domains, "LEARN", replace(study_domains.LEARN, steps=2))
    monkeypatch.setattr(study_domains, "ADAPT", replace(study_domains.ADAPT, steps=2))
    few = [Arm("pu21-255", share, *form) for share in (0.0, 0.5) for form in FORMS[:2]]
    monkeypatch.setattr(study_domains, "arms", lambda: {"pu21-255": few})
    train = photos(12, 0)
    known = train.labels.copy()
    results = run(train, photos(6, 1), tmp_path / "domains.csv", 2)
    np.testing.assert_array_equal(train.labels, known)
    with (tmp_path / "domains.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert [(row["form"], row["labelled"], row["seed"]) for row in rows] == [
        (arm.form or "none", str(arm.labelled), str(seed)) for seed in (0, 1) for arm in few
    ]
    assert [float(row["r2"]) for row in rows] == pytest.approx([np.mean(result.r2) for result in results], abs=1e-4)
    assert len({row["r2"] for row in rows}) > 2


def test_the_summary_gives_the_gain_over_no_alignment_with_its_interval() -> None:
    control, aligned = Arm("pu21-255", 0.0, None, 0.0), Arm("pu21-255", 0.0, "coral", 1.0)
    r2 = {control: (0.2, 0.4), aligned: (0.3, 0.6)}
    results = [Adapted(arm, seed, (r2[arm][seed],) * 8, 0.9, 1e-3) for arm in r2 for seed in (0, 1)]
    _, first, second = summary(results).splitlines()
    assert "none" in first
    assert f"0.300 +-{12.706 * 0.1:.3f}" in first  # the standard error of 0.2 and 0.4 is 0.1
    assert "coral x 1" in second
    assert f"0.150 +-{12.706 * 0.05:.3f}" in second


def test_the_same_seed_gives_the_same_network() -> None:
    one, again, other = (small(STORED, seed).state_dict() for seed in (1, 1, 2))
    assert all(torch.equal(weight, again[name]) for name, weight in one.items())
    assert any(not torch.equal(weight, other[name]) for name, weight in one.items())
