"""Photographers who search for their edit have found it: more steps change nothing that a sidecar could hold."""

import numpy as np
import pytest

from autohdr_scenes.camera import BODIES, developed
from autohdr_scenes.metering import meter
from autohdr_scenes.photographers import PHOTOGRAPHERS
from autohdr_scenes.procedural import KINDS, scene


@pytest.mark.parametrize("name", ["automatic", "simulator"])
def test_a_search_has_settled(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(0)
    lights = [scene(kind, rng, (64, 96)).linear for kind in KINDS for _ in range(4)]
    photos = [developed(light, BODIES[0], meter(light, rng)) for light in lights]
    edits = np.array([PHOTOGRAPHERS[name].edit(photo) for photo in photos])
    monkeypatch.setattr(f"autohdr_scenes.photographers.{name}.STEPS", 60)
    settled = np.array([PHOTOGRAPHERS[name].edit(photo) for photo in photos])
    np.testing.assert_allclose(edits[:, 0], settled[:, 0], atol=0.005)
    np.testing.assert_allclose(edits[:, 1:], settled[:, 1:], atol=0.05)
