"""Measures whether a learnt style keeps the exact rule of exposure: twice the light is one stop less of Exposure.

For each photographer a style is learnt from a few edits; then photos of places that it has not seen, and RAW files
where any are named, are made one stop darker and one brighter, and Exposure should move by 1 EV.
"""

import csv
import itertools
import math
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path

import click
import numpy as np
from numpy.typing import NDArray

from autohdr.cli.commands import Command
from autohdr.raw.prepare import prepare_photo
from autohdr.sliders import LIMITS, to_scaled
from autohdr.style.experts.head import StyleHead
from autohdr.style.experts.light import STOPS
from autohdr.style.fit import fit
from autohdr.style.points import Seen
from autohdr_bench.labels.edits import Edits, drawn
from autohdr_bench.labels.surroundings import Surroundings, unlabelled
from autohdr_scenes.photographers import PHOTOGRAPHERS, Photographer
from autohdr_train.network import seeing
from autohdr_train.network.start import DEFAULT

EDITS = (5, 20, 50, 350)
PHOTOS, HELD_OUT = 2000, 300  # as `autohdr bench labels` has them
ASKED = 60  # unseen photos that photographers are asked about themselves
AIM = 0.15  # EV


@dataclass(frozen=True, slots=True)
class Moved:
    """One style: how far it is from the rule, median in EV, over photos made darker and brighter."""

    photographer: str
    edits: int
    draw: int
    unseen: float  # photos of unseen places
    real: float  # RAW files; NaN without any
    own: float  # the photographer, asked again about the unseen photos in other light


def measure(around: Surroundings, raws: Sequence[Path], people: Sequence[str], draws: int) -> Iterator[Moved]:
    """Every photographer's styles.

    Raises:
        RawError: a RAW file cannot be read.
    """
    start = around.start(DEFAULT)
    bank, network = around.bank(DEFAULT), start.network("linear", 0)
    edited, real = around.seen(bank, start), None
    assert edited is not None
    unseen = _looked(edited[1], seeing.in_other_light(network, bank.spec, unlabelled(bank.held_out.pixels)))
    if raws:
        photos = unlabelled(np.stack([prepare_photo(path, bank.spec).pixels for path in raws]))
        real = _looked(seeing.features(network, photos), seeing.in_other_light(network, bank.spec, photos))
    for name in people:
        edits = Edits(PHOTOGRAPHERS[name], bank)
        own = _own(edits.photographer, [bank.held_out.picture(row) for row in range(min(ASKED, len(bank.held_out)))])
        for count, draw in itertools.product(EDITS, range(draws)):
            rows = drawn(bank.train, draw, count)
            labels = to_scaled(edits.of("train", rows)[0])
            head = fit(seeing.prior(network), edited[0].of(rows), labels, seed=draw)
            far = [math.nan if photos is None else _distance(head, photos) for photos in (unseen, real)]
            yield Moved(name, count, draw, far[0], far[1], own)


def _looked(features: NDArray[np.float32], copies: NDArray[np.float32]) -> Seen:
    return Seen(features, copies, np.zeros(len(features), dtype=bool))


def _distance(head: StyleHead, photos: Seen) -> float:
    before, after = (head.answer(of)[:, 0] for of in (photos.features, photos.copies.reshape(-1, head.slope.shape[1])))
    moved = float(LIMITS[0]) * (after.reshape(-1, len(STOPS)) - before[:, None])
    return float(np.median(np.abs(moved + np.array(STOPS))))


def _own(photographer: Photographer, pictures: Sequence[NDArray[np.float32]]) -> float:
    """How far the photographer is from the rule, without inconsistency."""
    moved = []
    for picture in pictures:
        before = photographer.edit(picture)[0]
        moved += [photographer.edit(picture * np.float32(2.0**stops))[0] - before + stops for stops in STOPS]
    return float(np.median(np.abs(moved)))


def summary(found: Sequence[Moved]) -> str:
    """Tells, for each number of edits, medians over styles, and how many are within `AIM`, of photographers who keep
    the rule."""
    lines = [f"{'edits':>5}  {'styles':>6}  {'unseen photos, EV':24}{'RAW files, EV':24}"]
    for count in sorted({one.edits for one in found}):
        styles = [one for one in found if one.edits == count and one.own <= AIM]
        told = [_told(np.array([getattr(one, kind) for one in styles])) for kind in ("unseen", "real")]
        lines.append(f"{count:>5}  {len(styles):>6}  {told[0]:24}{told[1]:24}".rstrip())
    return "\n".join(lines)


def _told(distances: NDArray[np.float64]) -> str:
    if np.isnan(distances).any() or not len(distances):
        return ""
    return f"{np.median(distances):.3f}, {np.mean(distances <= AIM):.0%} within {AIM}"


@click.command(cls=Command)
@click.option("--radiance", required=True, type=click.Path(path_type=Path), help="Folder of .exr radiance images.")
@click.option("--cache", required=True, type=click.Path(path_type=Path), help="Folder that keeps the simulated photos.")
@click.option("--raw", "raws", multiple=True, type=click.Path(path_type=Path), help="A RAW file to ask about.")
@click.option("--out", required=True, type=click.Path(path_type=Path), help="The table, a CSV file.")
@click.option("--draws", type=click.IntRange(1), default=4, show_default=True, help="Of edits.")
def main(radiance: Path, cache: Path, raws: tuple[Path, ...], out: Path, draws: int) -> None:
    """Measure how far a stop of light moves Exposure, in styles of simulated photographers."""
    found: list[Moved] = []
    around = Surroundings(radiance, cache, PHOTOS, HELD_OUT, "cpu")
    with out.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, [field.name for field in fields(Moved)])
        writer.writeheader()
        for moved in measure(around, raws, list(PHOTOGRAPHERS), draws):
            rounded = {
                key: round(value, 4) if isinstance(value, float) else value for key, value in asdict(moved).items()
            }
            writer.writerow(rounded)
            file.flush()
            found.append(moved)
    click.echo(f"{summary(found)}\nWrote {out}")


if __name__ == "__main__":
    main()
