"""Styles answer as those did that torch solved for, before the closed form moved to NumPy.

`golden_styles.json` holds what the torch code answered in November 2026, {photographer: {edits: 20 photos by sliders}}:
recipe `probe` from the default network, learnt from photos 20 to 20 + edits and asked about photos 0 to 19, seed 0. The
photos are made here again, with the same seeds.
"""

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from autohdr.encoding import decode, encode
from autohdr.engines.network import open_network
from autohdr.raw.prepare import prepare_frame
from autohdr.sliders import LIMITS, to_scaled, to_values
from autohdr.spec import InputSpec
from autohdr.style.fit import fit
from autohdr.style.light import STOPS
from autohdr.style.points import Seen, to_copy
from autohdr.style.prior import Prior
from autohdr_scenes.camera import developed, expose, random_camera
from autohdr_scenes.metering import meter
from autohdr_scenes.photographers import find
from autohdr_scenes.shot import Procedural

NAMES = ("keynote", "minimalist", "believer", "moments")
ASKED = 20
COUNTS = (5, 20, 350)
GOLDEN = json.loads((Path(__file__).parent / "golden_styles.json").read_text(encoding="utf-8"))
CLOSE = np.where(LIMITS == 5.0, 0.002, 0.05)
"""EV for Exposure, and Lightroom's units for the others."""

World = tuple[Prior, NDArray[np.float32], NDArray[np.float32], NDArray[np.float64]]


def photo(index: int, spec: InputSpec) -> tuple[NDArray[np.float32], list[NDArray[np.float64]]]:
    """One photo's input, and the sliders that each photographer gave it."""
    rng = np.random.default_rng((17, index))
    scene = Procedural().draw(rng, (256, 384))
    camera = random_camera(rng)
    exposure = meter(scene.linear, rng)
    picture = developed(scene.linear, camera, exposure)
    labels = []
    for which, name in enumerate(NAMES):
        photographer = find(name)
        labels.append(photographer.inconsistent(photographer.edit(picture), np.random.default_rng((which, index))))
    return prepare_frame(expose(scene, camera, exposure, rng, 0), spec), labels


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    """What is expected of photographers, features (N, F), those in other light (N, 2, F), and labels (N, 4, 8)."""
    count = ASKED + max(COUNTS)
    copied = {ASKED + edits for edits in range(max(COUNTS[:2]))}
    copied |= {ASKED + int(row) for row in to_copy(np.zeros(max(COUNTS), dtype=bool), 0)}
    with open_network(None, "cpu", tmp_path_factory.mktemp("cache")) as network:
        spec = network.info.spec
        with ThreadPoolExecutor(2) as pool:
            made = list(pool.map(lambda index: photo(index, spec), range(count)))
        copies = np.full((count, len(STOPS), network.info.features), np.nan, dtype=np.float32)
        for index in sorted(copied):
            light = decode(made[index][0], spec)
            copies[index] = network.features(np.stack([encode(light * 2.0**stops, spec) for stops in STOPS]))
        pixels = np.stack([one for one, _ in made])
        features = np.concatenate([network.features(pixels[start : start + 16]) for start in range(0, count, 16)])
        return Prior.of(network.model.prior), features, copies, np.array([labels for _, labels in made])


@pytest.mark.parametrize("edits", COUNTS)
@pytest.mark.parametrize("name", NAMES)
def test_a_style_answers_as_torchs_did(world: World, name: str, edits: int) -> None:
    prior, features, copies, labels = world
    rows, corrected = np.arange(ASKED, ASKED + edits), np.zeros(edits, dtype=bool)
    copied = np.isin(np.arange(edits), to_copy(corrected, 0))
    seen = Seen(features[rows], np.where(copied[:, None, None], copies[rows], np.float32(np.nan)), corrected)
    head = fit(prior, seen, to_scaled(labels[rows, NAMES.index(name)]))
    found = to_values(head.answer(features[:ASKED]))
    assert (np.abs(found - np.array(GOLDEN[name][str(edits)])).max(axis=0) <= CLOSE).all()
