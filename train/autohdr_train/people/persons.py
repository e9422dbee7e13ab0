"""Makes people of a folder of real edits: every scene as a network sees it, described as a style is told of it."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from autohdr.engines.network import Network
from autohdr.sliders import LIMITS
from autohdr.style.description import describe
from autohdr.style.experts.light import STOPS
from autohdr.style.points import Seen, to_copy
from autohdr.system.progress import Progress
from autohdr_train.people.inputs import pixels
from autohdr_train.people.learning import Person
from autohdr_train.people.scenes import Place


def persons(places: Sequence[Place], network: Network) -> list[Person]:
    """Makes the people whose edits these are, by name.

    Args:
        places: where the scenes are kept, as `scenes.places` gives them.
        network: the one that comes with autohdr, open.
    """
    found: dict[str, list[Place]] = {}
    for place in places:
        found.setdefault(place.edit.person, []).append(place)
    bar: Progress[Any] = Progress(total=len(places), desc="looking", unit="photo", disable=None)
    with bar:
        return [_person(name, found[name], network, bar) for name in sorted(found)]


def _person(name: str, places: Sequence[Place], network: Network, bar: "Progress[Any]") -> Person:
    spec, rows, described = network.info.spec, [], []
    for place in places:
        scene = place.scene()
        inputs = np.stack([pixels(scene, spec, stops) for stops in (0.0, *STOPS)])
        rows.append(network.features(inputs))
        described.append(describe(inputs[0], spec, place.edit.shot))
        bar.update(1)
    features, corrected = np.stack(rows), np.zeros(len(rows), dtype=bool)
    copies = np.full_like(features[:, 1:], np.nan)
    copied = to_copy(corrected, 0)
    copies[copied] = features[copied, 1:]
    captured = [place.edit.shot.captured for place in places]
    return Person(
        name,
        np.stack([place.edit.values for place in places]) / LIMITS,
        Seen(features[:, 0], copies, corrected, np.stack(described)),
        np.array([np.nan if time is None else time for time in captured]),
    )
