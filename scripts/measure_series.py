"""Measures how alike photos of a series look: labelled alone, labelled as a series, and as their photographer edits.

    python scripts/measure_series.py --radiance EXRS [--edits EDITS --cache FOLDER]

Simulated photographers edit twenty photos of some places, from which their style is learnt, and take bursts, brackets
and panoramas of others. Of real people (EDITS as `autohdr bench people` has them) each series that they published is
labelled by a style of their photos of other days. Everything is developed small, in SDR.
"""

import argparse
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from autohdr.develop import Picture, Scene, Settings, renditions
from autohdr.develop.kernels.reduce import reduced
from autohdr.develop.spaces import to_xyz, white_of, xyz_of
from autohdr.engines.network import Network, open_network
from autohdr.mode import SDR
from autohdr.raw.prepare import prepare_frame
from autohdr.raw.scene import scene_of
from autohdr.series.agree import agree
from autohdr.series.glance import Glance, glance, unlike
from autohdr.series.join import UNLIKE, Series, join
from autohdr.shot.shot import Shot
from autohdr.sliders import LIMITS, SLIDERS
from autohdr.style.description import describe
from autohdr.style.experts.blend import Blend
from autohdr.style.experts.light import STOPS
from autohdr.style.experts.people import UNITS
from autohdr.style.experts.prior import Prior
from autohdr.style.fit import fit_and_score
from autohdr.style.points import Seen
from autohdr_scenes.camera import random_camera
from autohdr_scenes.metering import meter
from autohdr_scenes.panorama import load_radiance, random_view
from autohdr_scenes.photographers import PHOTOGRAPHERS, Photographer
from autohdr_scenes.scene import Scene as Sight
from autohdr_scenes.series import Kind, take_series
from autohdr_scenes.shot import SimulatedPhoto, take
from autohdr_train.people.folder import read
from autohdr_train.people.inputs import pixels as pixels_of
from autohdr_train.people.persons import persons
from autohdr_train.people.scenes import Place, places

Array = NDArray[np.float64]

EDGE, EDITS, FEWEST, MINUTE = 96, 20, 5, 60.0
WHO = ("keynote", "protector", "equaliser", "film", "portraitist", "automatic")
PHOTOS: dict[Kind, int] = {"burst": 6, "bracket": 3, "panorama": 5}
WAYS = ("as shot", "alone", "series", "photographer")


@dataclass(frozen=True, slots=True, eq=False)
class Looked:
    """A photo to be labelled."""

    pixels: NDArray[np.float32]
    scene: Scene
    shot: Shot
    own: Array
    """(8,), what the photographer sets, in Lightroom's units."""


def lab(picture: Picture) -> Array:
    """CIELAB (H, W, 3) of a picture, relative to its own white (CIE 15)."""
    white = xyz_of(white_of(picture.primaries))
    ratio = np.maximum(picture.light @ to_xyz(picture.primaries).T, 0.0) / white
    root = np.where(ratio > (6 / 29) ** 3, np.cbrt(ratio), ratio / (3 * (6 / 29) ** 2) + 4 / 29)
    middle = root[..., 1]
    return np.asarray(
        np.stack([116 * middle - 16, 500 * (root[..., 0] - middle), 200 * (middle - root[..., 2])], axis=-1)
    )


def developed(scene: Scene, sliders: Array) -> Array:
    """The look of a photo (4,): median L*, a* and b*, and the mean chroma, with sliders (8,) in Lightroom's units."""
    values = np.clip(np.nan_to_num(sliders), -LIMITS, LIMITS)
    values = np.array([slider.round(float(value)) for slider, value in zip(SLIDERS, values, strict=True)])
    shown = lab(renditions(scene, replace(Settings(*values.tolist()), mode=SDR)).sdr).reshape(-1, 3)
    return np.append(np.median(shown, axis=0), np.hypot(shown[:, 1], shown[:, 2]).mean()).astype(np.float64)


def of_frame(photo: SimulatedPhoto, network: Network) -> Looked:
    """A simulated photo."""
    scene = scene_of(photo.frame, 160)
    small = replace(scene, light=reduced(scene.light, EDGE))
    return Looked(prepare_frame(photo.frame, network.info.spec), small, photo.frame.shot, photo.values)


def seen_of(photos: Sequence[Looked], network: Network) -> tuple[Seen, Array]:
    """What a style is learnt from, and asked by."""
    spec = network.info.spec
    features = network.features(np.stack([photo.pixels for photo in photos]))
    described = np.stack([describe(photo.pixels, spec, photo.shot) for photo in photos])
    copies = np.full((len(photos), len(STOPS), features.shape[1]), np.nan)
    captured = np.array([np.nan if photo.shot.captured is None else photo.shot.captured for photo in photos])
    return Seen(features, copies, np.zeros(len(photos), dtype=bool), described), captured


def labelled(
    photos: Sequence[Looked], style: Blend | None, network: Network, known: Sequence[Series] | None = None
) -> dict[str, Array]:
    """Sliders (N, 8) of the photos of one series, in Lightroom's units, by way; `known` where they are not to be
    joined."""
    seen, captured = seen_of(photos, network)
    if style is None:
        scaled = network.model.head.answer(seen.features.astype(np.float32)).astype(np.float64)
    else:
        scaled, _ = style.answer(seen.features, seen.described, captured)
    shots = [photo.shot for photo in photos]
    glances: list[Glance | None] = [glance(photo.pixels, network.info.spec) for photo in photos]
    together = scaled.copy()
    for series in join(shots, glances) if known is None else known:
        for number, values in agree(series, dict(enumerate(scaled)), shots, glances).items():
            together[number] = values
    own = np.stack([photo.own for photo in photos])
    return {
        "as shot": np.zeros_like(scaled),
        "alone": scaled * LIMITS,
        "series": together * LIMITS,
        "photographer": own,
    }


def measured(photos: Sequence[Looked], sliders: dict[str, Array]) -> dict[str, Array]:
    """Measures each way (9,): deviations within the series of L*, a* and b*, chroma, and of Exposure and the other
    sliders in `UNITS`; and the mean difference from the photographer's picture in L*, and from their sliders, of
    Exposure, and of the others in `UNITS`."""
    shown = {
        way: np.stack([developed(photo.scene, values[row]) for row, photo in enumerate(photos)])
        for way, values in sliders.items()
    }
    found = {}
    for way, values in sliders.items():
        look = shown[way].std(axis=0)
        spread = (np.nan_to_num(values) / (UNITS * LIMITS)).std(axis=0)
        off = np.abs(values - sliders["photographer"]) / (UNITS * LIMITS)
        apart = np.abs(shown[way] - shown["photographer"])[:, 0].mean()
        found[way] = np.array(
            [
                look[0], np.hypot(look[1], look[2]), look[3], spread[0], spread[1:].mean(),
                apart, np.nanmean(off[:, 0]), np.nanmean(off[:, 1:]),
            ]
        )  # fmt: skip
    return found


NAMES = ("L*", "a* b*", "chroma", "Exposure", "others", "off: L*", "off: Exposure", "off: others")


def show(title: str, rows: Sequence[dict[str, Array]]) -> None:
    """Prints means over series."""
    print(f"\n{title}: {len(rows)} series\n\n| | {' | '.join(NAMES)} |\n|---|{'---|' * len(NAMES)}")
    for way in WAYS:
        mean = np.nanmean([row[way] for row in rows], axis=0)
        print(f"| {way} | {' | '.join(f'{value:.2f}' for value in mean)} |")


def style_of(photos: Sequence[Looked], network: Network) -> Blend:
    """A style of these photos."""
    seen, captured = seen_of(photos, network)
    labels = np.stack([photo.own for photo in photos]) / LIMITS
    groups = [str(number) for number in range(len(photos))]
    return fit_and_score(Prior.of(network.model.prior), seen, labels, groups, captured).head


def learnt(who: Photographer, known: Sequence[Sight], network: Network, rng: np.random.Generator) -> Blend:
    """A style of twenty edits of places."""
    photos = []
    for number in range(EDITS):
        view = random_view(known[int(rng.integers(len(known)))], rng, (320, 480))
        photo = take(view, random_camera(rng), meter(view.linear, rng), rng, 1.7e9 + 86400.0 * number, who)
        photos.append(of_frame(photo, network))
    return style_of(photos, network)


def simulated(
    radiance: Path, network: Network, kind: Kind, names: Sequence[str]
) -> Iterator[tuple[str, dict[str, Array]]]:
    """Each series, by the style of its photographer and by the default model."""
    scenes = [scene for scene in load_radiance(radiance) if scene.panorama]
    for number, name in enumerate(names):
        rng = np.random.default_rng((number, *kind.encode()))
        who = PHOTOGRAPHERS[name]
        style = learnt(who, scenes[::2], network, rng)
        for place in scenes[1::4]:
            photos = take_series(kind, place, random_camera(rng), rng, PHOTOS[kind], 1.75e9, photographer=who)
            looked = [of_frame(photo, network) for photo in photos]
            yield "style", measured(looked, labelled(looked, style, network))
            yield "default", measured(looked, labelled(looked, None, network))


def real(edits: Path, cache: Path, network: Network) -> Iterator[tuple[str, dict[str, Array]]]:
    """Each moment of which real people published several photos, with a style of their photos of other days."""
    known = [edit for edit in read(edits) if edit.shot.captured is not None and edit.person != "P00"]
    where = places(known, cache)
    for person in persons(where, network):
        own = [place for place in where if place.edit.person == person.name]
        days = np.floor(person.captured / 86400.0)
        for moment in together(person.captured, [place.edit.shot.model for place in own]):
            others = np.flatnonzero(days != days[moment[0]])
            if len(others) < FEWEST:
                continue
            seen, groups = person.seen.of(others), [str(day) for day in days[others]]
            prior = Prior.of(network.model.prior)
            style = fit_and_score(prior, seen, person.labels[others], groups, person.captured[others]).head
            members = [of_edit(own[number], network) for number in moment]
            for alike in much_alike(members, network):
                series = Series("series", tuple(range(len(alike))), tuple(range(len(alike))))
                yield "style", measured(alike, labelled(alike, style, network, [series]))
                yield "default", measured(alike, labelled(alike, None, network, [series]))


def together(captured: Array, cameras: Sequence[str | None]) -> Iterator[list[int]]:
    """Photos by one camera, each within a minute of the next, two or more."""
    order = sorted(range(len(captured)), key=lambda number: (str(cameras[number]), captured[number]))
    moment = order[:1]
    for before, number in pairwise(order):
        if cameras[before] != cameras[number] or captured[number] - captured[before] > MINUTE:
            if len(moment) > 1:
                yield moment
            moment = []
        moment.append(number)
    if len(moment) > 1:
        yield moment


def much_alike(photos: Sequence[Looked], network: Network) -> Iterator[list[Looked]]:
    """Neighbours whose tones and colours `join` would take for one scene's, two or more."""
    glances = [glance(photo.pixels, network.info.spec) for photo in photos]
    held: list[Looked] = []
    for number, photo in enumerate(photos):
        if held and unlike(glances[number - 1], glances[number]) > UNLIKE:
            if len(held) > 1:
                yield held
            held = []
        held.append(photo)
    if len(held) > 1:
        yield held


def of_edit(place: Place, network: Network) -> Looked:
    """A photo that somebody edited."""
    scene = place.scene()
    small = replace(scene, light=reduced(scene.light, EDGE))
    return Looked(pixels_of(scene, network.info.spec), small, place.edit.shot, place.edit.values)


def main() -> None:
    """Measures and prints."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--radiance", type=Path)
    parser.add_argument("--edits", type=Path)
    parser.add_argument("--cache", type=Path)
    arguments = parser.parse_args()
    with open_network(None) as network:
        if arguments.radiance is not None:
            for kind in PHOTOS:
                told = list(simulated(arguments.radiance, network, kind, WHO))
                for label in ("style", "default"):
                    show(f"{kind}, {label}", [row for one, row in told if one == label])
        if arguments.edits is not None:
            told = list(real(arguments.edits, arguments.cache, network))
            for label in ("style", "default"):
                show(f"real people, {label}", [row for one, row in told if one == label])


if __name__ == "__main__":
    main()
