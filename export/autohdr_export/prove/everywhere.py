"""A model beside its float32 one on every engine that runs here: how far from float32 on the CPU, and how fast."""

from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass

from autohdr.engines.network import Network
from autohdr.engines.prove.difference import Difference
from autohdr.engines.prove.speed import Speed, in_turn
from autohdr.engines.registry import ENGINES
from autohdr.errors import AutohdrError
from autohdr_export.prove.samples import Samples
from autohdr_export.prove.trial import Features, features, opened

REFERENCE_ENGINE = "cpu"


@dataclass(frozen=True, slots=True, eq=False)
class Row:
    """One model on one engine."""

    engine: str
    model: str
    library: str
    speed: Speed
    difference: Difference
    """The difference from the first model on the CPU, over the photos."""


def everywhere(models: Mapping[str, bytes], over: Samples) -> tuple[list[Row], list[str]]:
    """Each model on each engine that can run it here, and why the others cannot.

    Args:
        models: whole files by name; the first is what all are compared with.
        over: of which the photos are used.
    """
    with opened(next(iter(models.values())), REFERENCE_ENGINE) as network:
        expected = features(network, over.photos)
    rows, left_out = [], []
    for engine in reversed(ENGINES):
        found, reasons = _on(engine, models, over, expected)
        rows += found
        left_out += reasons
    return rows, left_out


def _on(engine: str, models: Mapping[str, bytes], over: Samples, expected: Features) -> tuple[list[Row], list[str]]:
    reasons: dict[str, list[str]] = {}
    with ExitStack() as stack:
        networks: dict[str, Network] = {}
        for name, model in models.items():
            try:
                networks[name] = stack.enter_context(opened(model, engine))
            except AutohdrError as error:
                reasons.setdefault(str(error), []).append(name)
        speeds = in_turn(list(networks.values()), over.photos)
        rows = [
            Row(
                engine,
                name,
                str(network.engine.describe().get("library", engine)),
                speed,
                Difference.of_features(features(network, over.photos), expected, network.model.head),
            )
            for (name, network), speed in zip(networks.items(), speeds, strict=True)
        ]
    return rows, [f"{engine}, {' and '.join(names)}: {reason}" for reason, names in reasons.items()]
