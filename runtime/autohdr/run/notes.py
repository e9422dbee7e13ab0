"""What to know of a whole run, besides what comes of each photo: a sentence each."""

from autohdr.words import Naming


def dng_note(dngs: int, photos: int, naming: Naming, *, embed: bool) -> str:
    """Where the labels of a run's DNGs go, and how to choose otherwise."""
    if embed:
        where = "the DNGs, where Lightroom reads them; --no-embed writes sidecars beside them"
    else:
        reader = "which Lightroom ignores" if naming == "adobe" else "where darktable reads them and Lightroom does not"
        where = f"sidecars beside them, {reader}; --embed writes into the DNGs"
    return f"{dngs} of the {photos} photos are DNGs: their labels go into {where}."
