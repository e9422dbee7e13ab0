"""Scenes out of a random generator alone: skies, streets, rooms, nights, snow and fog, with the range of real ones.

Light is relative: a sunlit white wall is about 1. Ratios follow the usual photographic tables: shade 3 stops below sun,
rooms 5 to 8 below the view from their window, lamps 8 and more above the street that they light, the sun's disc 14
above what it shines on. What differs between the kinds is structure; the seed varies place, size, colour and range.
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from autohdr_scenes.scene import Scene

Light = NDArray[np.float32]
Plane = NDArray[np.float32]
Rng = np.random.Generator


def random_scene(rng: Rng, size: tuple[int, int]) -> Scene:
    """A scene of a random kind, a place of its own.

    Args:
        rng: decides everything.
        size: height and width of a landscape picture, pixels; three in ten stand upright.
    """
    kind = list(KINDS)[rng.integers(len(KINDS))]
    return scene(kind, rng, size if rng.random() > 0.3 else (size[1], size[0]))


def scene(kind: str, rng: Rng, size: tuple[int, int]) -> Scene:
    """A scene of one of `KINDS`, (height, width) pixels, a place of its own."""
    place = f"{kind}-{int(rng.integers(1 << 32)):08x}"
    return Scene(np.maximum(KINDS[kind](rng, size), 0.0).astype(np.float32), place, place)


def texture(rng: Rng, size: tuple[int, int], slope: float = 1.0) -> Plane:
    """A random surface (height, width) with mean 0, deviation 1 and an amplitude of 1/f^slope, as natural ones have
    (Field, 1987: slope about 1; clouds and hills are nearer to 1.6)."""
    height, width = size
    down, across = np.fft.fftfreq(height, 1 / height), np.fft.rfftfreq(width, 1 / width)
    squared = (down[:, None] ** 2 + across[None] ** 2).astype(np.float32)
    squared[0, 0] = 1.0
    spectrum = np.fft.rfft2(rng.standard_normal(size, dtype=np.float32)) * squared ** np.float32(-0.5 * slope)
    spectrum[0, 0] = 0.0
    surface = np.fft.irfft2(spectrum, s=size)
    return np.asarray(surface / max(float(surface.std()), 1e-12), dtype=np.float32)


def _tint(rng: Rng, red: float, green: float, blue: float, spread: float = 0.1) -> NDArray[np.float32]:
    return (np.array([red, green, blue]) * np.exp(rng.normal(0.0, spread, 3))).astype(np.float32)


def _grid(size: tuple[int, int]) -> tuple[Plane, Plane]:
    """Down and across, both in pixels over the height, so that a circle is round."""
    down, across = np.mgrid[: size[0], : size[1]].astype(np.float32) / size[0]
    return down, across


def _paint(picture: Light, mask: NDArray[np.bool_], colour: Light, shade: Plane) -> None:
    """Sets a part of a picture to a colour (3,) times a shade (height, width)."""
    picture[mask] = colour * shade[mask][:, None]


def _sky(rng: Rng, size: tuple[int, int], level: float, sun: bool, clouds: float) -> Light:
    """Paints the sky from zenith to horizon with clouds; the sun, where it is up, with its glow."""
    down, across = _grid(size)
    zenith, horizon = _tint(rng, 0.35, 0.55, 1.0), _tint(rng, 0.95, 0.95, 1.0, 0.05)
    mix = np.clip(down / rng.uniform(0.5, 0.8), 0.0, 1.0)[..., None]
    sky = level * (zenith * (1.0 - mix) + 1.4 * horizon * mix)
    cover = 1.0 / (1.0 + np.exp(-4.0 * (texture(rng, size, 1.6) + clouds)))
    white = level * 2.0 * np.exp(0.25 * texture(rng, size, 1.3))
    sky = sky * (1.0 - cover[..., None]) + white[..., None] * cover[..., None]
    if sun:
        y, x = rng.uniform(0.1, 0.5), rng.uniform(0.1, 0.9) * size[1] / size[0]
        away = np.hypot(down - y, across - x)
        disc = 2.0 ** rng.uniform(10.0, 14.0) * (away < 0.012)
        glow = 4.0 / (1.0 + (away / 0.05) ** 2) + disc * (1.0 - 0.9 * cover)
        sky = sky + level * glow[..., None] * _tint(rng, 1.0, 0.85, 0.65, 0.05)
    return sky.astype(np.float32)


def _ridge(rng: Rng, size: tuple[int, int], height: float, rough: float) -> NDArray[np.bool_]:
    """Everything below a random skyline that lies about `height` from the top (0 to 1)."""
    line = height + rough * texture(rng, (4, size[1]), 1.4)[0]
    down, _ = _grid(size)
    return np.asarray(down > line[None])


def day(rng: Rng, size: tuple[int, int]) -> Light:
    """Open country under a sky, with or without the sun in the picture."""
    picture = _sky(rng, size, rng.uniform(0.3, 0.8), bool(rng.random() < 0.4), rng.uniform(-2.5, 1.0))
    for step in range(int(rng.integers(1, 4))):
        ground = 2.0 ** rng.uniform(-4.0, -1.5) * np.exp(rng.uniform(0.2, 0.6) * texture(rng, size, 0.9))
        land = _ridge(rng, size, rng.uniform(0.35, 0.6) + 0.1 * step, 0.04)
        _paint(picture, land, _tint(rng, 0.9, 1.0, 0.5, 0.25), ground)
    return picture


def street(rng: Rng, size: tuple[int, int]) -> Light:
    """Houses with rows of windows on both sides of a gap of sky, one side in the sun."""
    picture = _sky(rng, size, rng.uniform(0.4, 1.0), False, rng.uniform(-2.0, 1.0))
    down, across = _grid(size)
    wide = size[1] / size[0]
    gap = rng.uniform(0.35, 0.65) * wide
    rough = np.exp(0.25 * texture(rng, size))
    for side, lit in ((-1, rng.random() < 0.5), (1, rng.random() < 0.5)):
        edge = 0.0 if side < 0 else wide
        while (edge < gap - 0.05) if side < 0 else (edge > gap + 0.05):
            breadth = rng.uniform(0.12, 0.35)
            low, high = sorted((edge, edge - side * breadth))
            roof = rng.uniform(0.05, 0.3) + 0.25 * (1.0 - abs(edge - gap) / wide)
            house = (across >= low) & (across < high) & (down > roof)
            wall = 2.0 ** rng.uniform(-1.2, 0.0) * (1.0 if lit else 0.12)
            _paint(picture, house, _tint(rng, 1.0, 0.9, 0.75, 0.2), wall * rough)
            pitch = rng.uniform(0.05, 0.09)
            panes = house & ((across - low) % pitch < pitch * 0.5) & ((down - roof) % (pitch * 1.4) > pitch * 0.7)
            _paint(picture, panes, _tint(rng, 0.8, 0.9, 1.0), wall * rng.uniform(0.05, 0.4) * rough)
            edge -= side * breadth
    road = down > rng.uniform(0.75, 0.88)
    _paint(picture, road, _tint(rng, 1.0, 0.98, 0.95, 0.03), 0.06 * 2.0 ** rng.uniform(-1.0, 2.0) * rough)
    return picture


def room(rng: Rng, size: tuple[int, int]) -> Light:
    """A dark room with one to three bright windows, light falling off from them, and furniture."""
    down, across = _grid(size)
    wide = size[1] / size[0]
    outside = _sky(rng, size, 1.0, False, rng.uniform(-1.0, 2.0))
    outside[_ridge(rng, size, rng.uniform(0.3, 0.5), 0.03)] *= rng.uniform(0.1, 0.4)
    level = 2.0 ** rng.uniform(-7.5, -4.0)
    fall = np.zeros(size, dtype=np.float32)
    windows = np.zeros(size, dtype=bool)
    for _ in range(int(rng.integers(1, 4))):
        y, x = rng.uniform(0.15, 0.35), rng.uniform(0.05, 0.75) * wide
        tall, broad = rng.uniform(0.2, 0.4), rng.uniform(0.1, 0.4)
        bars = ((across - x) % (broad / 2) > 0.012) & ((down - y) % (tall / 2) > 0.012)
        windows |= (down > y) & (down < y + tall) & (across > x) & (across < x + broad) & bars
        fall += 1.0 / (0.3 + np.hypot(down - y - tall / 2, across - x - broad / 2)) ** 2
    walls = level * fall * np.exp(0.15 * texture(rng, size))
    picture = (walls[..., None] * _tint(rng, 1.0, 0.9, 0.75)).astype(np.float32)
    floor = down > rng.uniform(0.65, 0.8)
    _paint(picture, floor, _tint(rng, 0.8, 0.5, 0.3), walls * 0.6 * np.exp(0.3 * texture(rng, size)))
    for _ in range(int(rng.integers(2, 7))):
        y, x = rng.uniform(0.5, 0.85), rng.uniform(0.0, 1.0) * wide
        piece = (abs(down - y) < rng.uniform(0.04, 0.2)) & (abs(across - x) < rng.uniform(0.04, 0.2))
        _paint(picture, piece, _tint(rng, 0.6, 0.5, 0.45, 0.5), walls * 2.0 ** rng.uniform(-3.0, 0.5))
    picture[windows] = outside[windows]
    return picture


def night(rng: Rng, size: tuple[int, int]) -> Light:
    """A street after dark: lamps with pools of light, lit windows, and a sky that is almost black."""
    down, across = _grid(size)
    wide = size[1] / size[0]
    horizon = rng.uniform(0.45, 0.7)
    sky = 2.0 ** rng.uniform(-13.0, -9.5) * (0.3 + down) * np.exp(0.2 * texture(rng, size, 1.5))
    picture = (sky[..., None] * _tint(rng, 0.8, 0.8, 1.0, 0.2)).astype(np.float32)
    shade = 2.0**-11 * np.exp(0.5 * texture(rng, size))
    houses = _ridge(rng, size, horizon - 0.2, 0.06)
    _paint(picture, houses, _tint(rng, 1.0, 0.8, 0.6), shade)
    cell = rng.uniform(0.02, 0.04)
    lit = rng.random((int(1 / cell) + 2, int(wide / cell) + 2)) < rng.uniform(0.03, 0.25)
    inside = ((down % cell) > cell * 0.4) & ((across % cell) > cell * 0.4) & (down < horizon) & houses
    glowing = inside & lit[(down / cell).astype(int), (across / cell).astype(int)]
    _paint(picture, glowing, _tint(rng, 1.0, 0.7, 0.35), 2.0 ** rng.uniform(-6.0, -3.0) * np.exp(shade))
    albedo = np.exp(0.4 * texture(rng, size)) * (down > horizon)
    for _ in range(int(rng.integers(3, 14))):
        x, y, power = rng.uniform(0.0, 1.0) * wide, horizon - rng.uniform(0.03, 0.3), 2.0 ** rng.uniform(-2.0, 1.0)
        away = np.hypot(down - y, across - x)
        pool = albedo * 0.0008 / (0.02 + (down - horizon - 0.05) ** 2 * 8.0 + (across - x) ** 2)
        lamp = 2.0 ** rng.uniform(3.0, 6.0) * (away < rng.uniform(0.004, 0.012)) + 0.00004 / (0.002 + away**2)
        picture += (power * (lamp + pool))[..., None] * _tint(rng, 1.0, 0.65, 0.3, 0.25)
    return picture


def silhouette(rng: Rng, size: tuple[int, int]) -> Light:
    """A low sun behind hills, poles and figures that stand black before it."""
    down, across = _grid(size)
    wide = size[1] / size[0]
    horizon, x = rng.uniform(0.5, 0.75), rng.uniform(0.2, 0.8) * wide
    glow = np.exp(-np.hypot(2.0 * (down - horizon), across - x) / rng.uniform(0.2, 0.6))
    warm, cold = _tint(rng, 1.0, 0.55, 0.2), _tint(rng, 0.25, 0.35, 0.7)
    base = 0.5 * np.exp(0.15 * texture(rng, size, 1.5))
    picture = (base[..., None] * (0.25 * cold + 1.5 * glow[..., None] * warm)).astype(np.float32)
    disc = np.hypot(down - horizon + 0.03, across - x) < rng.uniform(0.015, 0.04)
    picture[disc] += 2.0 ** rng.uniform(4.0, 11.0) * warm
    black = _ridge(rng, size, horizon, 0.02)
    for _ in range(int(rng.integers(1, 8))):
        at, broad, tall = rng.uniform(0.0, wide), rng.uniform(0.005, 0.06), rng.uniform(0.1, 0.45)
        black |= (abs(across - at) < broad) & (down > horizon - tall)
        black |= np.hypot(down - horizon + tall, across - at) < broad * rng.uniform(0.5, 3.0)
    _paint(picture, black, cold, 2.0 ** rng.uniform(-8.0, -4.0) * np.exp(0.4 * texture(rng, size)))
    return picture


def fog(rng: Rng, size: tuple[int, int]) -> Light:
    """Hills one behind the other, each nearer to the grey of the air: a narrow range."""
    air = _tint(rng, 1.0, 1.0, 1.05, 0.04)
    picture = np.broadcast_to(0.5 * air, (*size, 3)).astype(np.float32)
    picture *= np.exp(0.05 * texture(rng, size, 1.6))[..., None]
    layers = int(rng.integers(2, 6))
    for layer in range(layers):
        through = (layer + 1) / (layers + rng.uniform(0.3, 3.0))
        land = _ridge(rng, size, 0.3 + 0.6 * layer / layers, 0.05)
        shade = 0.5 * (1.0 - through) + through * 0.08 * np.exp(0.5 * texture(rng, size))
        _paint(picture, land, air * _tint(rng, 1.0, 1.0, 0.95, 0.05), shade.astype(np.float32))
    return picture


def snow(rng: Rng, size: tuple[int, int]) -> Light:
    """A white slope in the sun or under cloud, with dark trees."""
    down, across = _grid(size)
    wide = size[1] / size[0]
    picture = _sky(rng, size, rng.uniform(0.2, 0.6), False, rng.uniform(-2.0, 2.0))
    slope = _ridge(rng, size, rng.uniform(0.25, 0.5), 0.05)
    drifts = texture(rng, size, 1.5)
    white = (
        rng.uniform(0.6, 1.0)
        * np.exp(0.12 * drifts)
        * (1.0 - 0.75 / (1.0 + np.exp(-8.0 * (drifts - rng.uniform(-1.0, 2.0)))))
    )
    _paint(picture, slope, _tint(rng, 0.97, 0.98, 1.0, 0.03), white)
    bark = 2.0 ** rng.uniform(-6.0, -4.0) * np.exp(0.5 * texture(rng, size))
    for _ in range(int(rng.integers(2, 16))):
        x, foot, tall = rng.uniform(0.0, wide), rng.uniform(0.45, 0.9), rng.uniform(0.15, 0.6)
        up = (foot - down) / tall
        tree = (up > 0.0) & (up < 1.0) & (abs(across - x) < 0.22 * tall * (1.0 - up) * (0.6 + 0.4 * ((up * 9.0) % 1.0)))
        _paint(picture, tree, _tint(rng, 0.7, 1.0, 0.7, 0.2), bark)
    return picture


KINDS: dict[str, Callable[[Rng, tuple[int, int]], Light]] = {
    "day": day,
    "street": street,
    "room": room,
    "night": night,
    "silhouette": silhouette,
    "fog": fog,
    "snow": snow,
}
"""What a procedural scene can be."""
