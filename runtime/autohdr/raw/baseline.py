"""Looks up baseline exposure: the stops by which a camera's photos are brightened before any edit.

Meters aim at a mid-grey that leaves room above it, and makers differ in how much: Camera Raw adds an exposure of its
own to each camera, so that an unedited photo looks as bright as others. A DNG says its own; for other files Camera
Raw's values are in `baseline_exposure.csv`, of 180 cameras, with their source. A camera that is not there counts as
the median of its maker's, and one of a maker with few there as 0.30; that rule's mean error is 0.14 EV, by its source.
"""

import csv
from functools import cache
from importlib.resources import files

from autohdr.shot.shot import Shot

UNKNOWN = 0.30
"""Stops of a camera about which nothing is known."""
FEW = 6
"""Cameras of a maker that its median needs."""

_SOLD_AS = {
    **{"Rebel SL2": "200D", "Kiss X9": "200D", "Rebel SL3": "250D", "Kiss X10": "250D", "200D II": "250D"},
    **{"Rebel T7i": "800D", "Kiss X9i": "800D", "Rebel T8i": "850D", "Kiss X10i": "850D", "9000D": "77D"},
    **{"Kiss M": "M50", "Kiss M2": "M50 Mark II"},
}
"""Canon's names elsewhere, of what is called otherwise in Europe."""


def baseline_exposure(shot: Shot, is_dng: bool) -> float:
    """Returns the stops that a photo needs beyond what its file asks for itself.

    Args:
        shot: make and model as the file spells them.
        is_dng: whether the file is a DNG: its own tag is all there is, and 0 where it has none.
    """
    if is_dng:
        return 0.0
    make, model = shot.make or "", shot.model or ""
    table = _table()
    maker = next((maker for maker in table if _key(make).startswith(maker)), None) or next(
        (maker for maker in table if _key(model).startswith(maker)), None
    )
    if maker is None:
        return UNKNOWN
    key = _key(model).removeprefix(maker)
    stops = table[maker].get(_canons().get(key, key))
    if stops is not None:
        return stops
    if len(table[maker]) < FEW:
        return UNKNOWN
    from statistics import median  # few photos come here, and it brings decimals, fractions and random numbers

    return median(table[maker].values())


def known_stops() -> list[float]:
    """Returns the stops of all cameras that are known, for statistics over cameras."""
    return [stops for cameras in _table().values() for stops in cameras.values()]


@cache
def _table() -> dict[str, dict[str, float]]:
    """Stops by maker and model, both as `_key` spells them."""
    lines = files("autohdr.raw").joinpath("baseline_exposure.csv").read_text("utf-8").splitlines()
    found: dict[str, dict[str, float]] = {}
    for row in csv.DictReader(line for line in lines if not line.startswith("#")):
        found.setdefault(_key(row["make"]), {})[_key(row["model"])] = float(row["stops"])
    return found


@cache
def _canons() -> dict[str, str]:
    return {_key(f"EOS {name}"): _key(f"EOS {other}") for name, other in _SOLD_AS.items()}


def _key(name: str) -> str:
    """A name without what makers and programs spell differently: case, spaces and signs."""
    return "".join(character for character in name.casefold() if character.isalnum())
