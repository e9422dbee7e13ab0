"""Says what a default model was learnt from: the facts of its card."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from autohdr.sliders import SLIDERS
from autohdr.style.confidence.scores import SliderScore
from autohdr_train.data.bank import Bank
from autohdr_train.data.photographs import Photograph
from autohdr_train.default.credits import NAME, licences
from autohdr_train.default.examples import BLANK, COPIES, ON_GROUNDS
from autohdr_train.default.own import STATED
from autohdr_train.network.start import DEFAULT, describe_start

SEED = 0
FEATURES = (
    "7000 simulated photos, 75 % of radiance images (CC0) and 25 % of procedural scenes, edited by thousands of "
    "made-up photographers: from an earlier default model, three epochs of the transformer over 160 of them and 9000 "
    "episodes over 300 new ones every 400. Radiance images held out: astc_hdr-rgb-bellparkpier, "
    "astc_hdr-rgb-canarywharf, astc_hdr-rgb-riverwalk, blender_sunrise, drei_kiara_1_dawn_1k, "
    "drei_st_fagans_interior_1k, habitat_anniversary_lounge_1k, pmndrsgit_sunset, pmndrsgit_workshop"
)
"""What the features of the model that comes with autohdr were learnt from, in November 2026."""


@dataclass(frozen=True)
class Plan:
    """How much of everything."""

    photos: int = 7000
    held_out: int = 1200
    epochs: int = 3
    """How many epochs the transformer learns."""
    episodes: int = 9000


def told(
    plan: Plan,
    bank: Bank | None,
    start: str,
    learnt: Sequence[Photograph],
    unseen: Sequence[Photograph],
    scores: Sequence[SliderScore],
) -> dict[str, Any]:
    """Returns the facts, as `Checkpoint.trained_on` has them."""
    sources, aside = (sorted({photo.source for photo in photos}) for photos in (learnt, unseen))
    seen = FEATURES if start == DEFAULT else "what those of the model that it started from were"
    if bank is not None:
        places = ", ".join(sorted(set(bank.held_out.groups)))
        seen = (
            f"{len(bank.train)} simulated photos of radiance images and procedural scenes, edited by thousands of "
            f"made-up photographers. Radiance images held out: {places}"
        )
    return {
        "data": "finished photographs by others, taken back to RAW files and exposed otherwise; no photographer's own "
        "edits",
        "start": describe_start(start),
        "recipe": {
            "name": "default",
            "seed": SEED,
            "epochs": plan.epochs if bank is not None else 0,
            "episodes": plan.episodes if bank is not None else 0,
            "exposures of each photograph": COPIES,
            "of each before another ground": ON_GROUNDS,
            "blank frames": BLANK,
        },
        "photos": {"train": len(learnt), "held_out": len(unseen)},
        "groups": {"train": len(sources), "held_out": len(aside)},
        "scores": list(scores),
        "notes": [
            f"Its features are learnt from {seen}",
            f"Licences of the photographs: {licences(learnt)}; {NAME} names each",
            "Sources held out: " + ", ".join(aside),
            "Scored against the edit that mends each photograph: Exposure undoes the error that was made on purpose, "
            "the others follow one rule of what the photo shows",
            f"Expected errors that it states: {_errors()}",
            "Its own sliders are a safe beginning, not a style; it is made to be taught a photographer's",
            "Own sliders again: `python -m autohdr_train.default --photographs FOLDER --out DIR`, then export DIR",
        ],
    }


def _errors() -> str:
    """The errors that the model states, in words."""
    told = []
    for slider, (still, grows) in zip(SLIDERS, STATED.T, strict=True):
        more = f" and {grows:g} of its own size" if grows else ""
        told.append(f"{slider.name} {still:g}{more}")
    return ", ".join(told) + "; what real people set was off by so much on average"
