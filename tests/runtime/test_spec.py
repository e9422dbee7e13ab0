"""The input spec: what a model says of its input."""

import dataclasses
import json
from typing import Any

import pytest

from autohdr.errors import SettingsError
from autohdr.spec import VERSION, InputSpec


def test_a_spec_survives_json() -> None:
    spec = InputSpec(size=32, encoding="pu21-255", mean=(0.1, 0.2, 0.3))
    assert InputSpec.from_dict(json.loads(json.dumps(spec.to_dict()))) == spec


def test_every_field_is_part_of_the_digest() -> None:
    changed: dict[str, Any] = {
        "source": "preview",
        "size": 32,
        "encoding": "pu21-pmax",
        "diffuse_white": 100.0,
        "saturation_stops": 1.0,
        "mean": (0.4, 0.5, 0.5),
        "std": (0.4, 0.5, 0.5),
    }
    assert set(changed) | {"resize", "version"} == {field.name for field in dataclasses.fields(InputSpec)}
    digests = {InputSpec().digest} | {InputSpec(**{name: value}).digest for name, value in changed.items()}
    assert len(digests) == len(changed) + 1


@pytest.mark.parametrize(
    ("encoding", "digest"),
    [("srgb", "643a84e7c1afa75c"), ("pu21-pmax", "a26581ff8ccbaa5d"), ("pu21-255", "f6d291fa5b3ff9fb")],
)
def test_specs_that_models_were_trained_with_keep_their_digest(encoding: Any, digest: str) -> None:
    """As they were before there were names for PU21's other variants: caches and models go on."""
    assert InputSpec(encoding=encoding).digest == digest


@pytest.mark.parametrize(
    "wrong",
    [
        {"size": 8},
        {"encoding": "pq"},
        {"encoding": "pu21-pmax-banding_glare"},
        {"source": "jpeg"},
        {"resize": "crop"},
        {"diffuse_white": 0.0},
        {"saturation_stops": -1.0},
        {"std": (0.0, 1.0, 1.0)},
        {"version": VERSION + 1},
        {"version": VERSION - 1},
    ],
)
def test_an_impossible_spec_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(SettingsError, match=r"expected|makes|need"):
        InputSpec(**wrong)


def test_a_spec_with_other_fields_is_refused() -> None:
    data = InputSpec().to_dict()
    for broken in ({**data, "gamma": 2.2}, {k: v for k, v in data.items() if k != "size"}, {**data, "mean": 1.0}):
        with pytest.raises(SettingsError, match="input spec has"):
            InputSpec.from_dict(broken)


@pytest.mark.parametrize(("version", "step"), [(1, "train the model again"), (VERSION + 1, "update autohdr")])
def test_a_spec_of_another_version_is_refused_as_such_whatever_its_fields(version: int, step: str) -> None:
    data = {"size": 224, "version": version}
    with pytest.raises(SettingsError, match=rf"input spec version is {version}, this autohdr makes {VERSION}; {step}"):
        InputSpec.from_dict(data)
