"""Times the way from sensor data to scene light and to a developed picture, at the sizes of a thumbnail and of a
preview.

- `half_size`: rawpy's development at half size, what people take for a preview; of sensor data that are unpacked.
- `scene 512`, `scene 2048`: light of the scene, from sensor data, with its highlights recovered.
- `develop 512`, `develop 2048`: the picture of that light with all eight sliders moved, in SDR.
- `both 2048`: the same edit in HDR, with its SDR rendition.
- `auto 2048`: the sliders that Adobe's Auto would set, from that light.
- `floor`: the samples read once.

One photo on one thread; all take turns. Memory is that of one photo in flight: its file, its samples, the light, and
what is made of it.
"""

import io
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from autohdr.develop import Scene, Settings, develop, renditions
from autohdr.develop.auto import auto
from autohdr.mode import SDR, Mode
from autohdr.raw.decode import decode
from autohdr.raw.decoders.base import Decoder
from autohdr.raw.frame import RawFrame
from autohdr.raw.scene import scene_of
from autohdr_bench.speed.memory import in_flight
from autohdr_bench.speed.method.rounds import Case
from autohdr_bench.speed.photo import Photo
from autohdr_bench.speed.results import Figure, Group, Role, Stage
from autohdr_bench.speed.suites.base import Bench, figures, with_floor

NAME = "scene"
BASELINE = "half_size"
SMALL, LARGE = 512, 2048
"""Pixels of the longer side: of a thumbnail, and of a preview."""
EDIT = {
    **{"Exposure2012": 0.4, "Contrast2012": 7, "Highlights2012": -40, "Shadows2012": 28},
    **{"Whites2012": 5, "Blacks2012": -7, "Vibrance": 9, "Saturation": -2},
}
"""What photographers set on average: all eight sliders are moved."""
HEADROOM = 2.3
ROLES: dict[str, Role] = {
    BASELINE: "peer",
    f"scene {SMALL}": "ours",
    f"scene {LARGE}": "ours",
    f"develop {SMALL}": "ours",
    f"develop {LARGE}": "ours",
    f"both {LARGE}": "ours",
    f"auto {LARGE}": "ours",
}


def measure(bench: Bench) -> Stage:
    """Times each photo."""
    return Stage(NAME, tuple(_photo(photo, bench) for photo in bench.photos), tuple(bench.left_out))


def do(what: str, path: Path, decoder: Decoder) -> None:
    """One of `ROLES` from a file on: its light is made and used once."""
    kind, edge = what.split()
    scene = scene_of(decode(path, decoder), int(edge))
    if kind != "scene":
        _WORK[kind](scene)


_WORK: dict[str, Callable[[Scene], Any]] = {
    "develop": partial(develop, settings=Settings.of_sliders(EDIT, SDR)),
    "both": partial(renditions, settings=Settings.of_sliders(EDIT, Mode(True, HEADROOM))),
    "auto": auto,
}
"""What is made of a scene."""


def _cases(frame: RawFrame) -> dict[str, Case]:
    """What is timed of a photo whose sensor data are decoded, by name."""
    scenes = {str(edge): scene_of(frame, edge) for edge in (SMALL, LARGE)}
    cases = {}
    for name in ROLES:
        kind, _, edge = name.partition(" ")
        if kind == "scene":
            cases[name] = Case(partial(scene_of, frame, int(edge)))
        elif kind in _WORK:
            cases[name] = Case(partial(_WORK[kind], scenes[edge]))
    return cases


def _photo(photo: Photo, bench: Bench) -> Group:
    frame = decode(photo.path, photo.fastest)
    taken = bench.in_turn({BASELINE: Case(_half_size(photo)), **_cases(frame)})
    fastest = "flashraw" if "flashraw" in photo.decoders else "libraw"
    memory = {name: in_flight(photo, fastest, bench.tiny, name) for name in ROLES if name != BASELINE}
    found = tuple(
        Figure(one.name, one.role, one.wall, one.cpu, memory.get(one.name), "") for one in figures(taken, ROLES)
    )
    held = ", ".join(f"{name} {held / 1e6:.0f} MB" for name, held in memory.items() if held is not None)
    notes = (*photo.notes, *([f"memory of one photo in flight, with its samples: {held}"] if held else []))
    group = Group(photo.path.name, "photo", found, taken.conditions, BASELINE, facts=photo.facts, notes=notes)
    seconds = photo.mosaic_bytes / bench.limits.copy
    return with_floor(group, Figure.computed("floor", seconds, "its samples, read once"))


def _half_size(photo: Photo) -> Callable[[], Any]:
    import rawpy  # after autohdr, which has it loaded with one OpenMP thread

    raw = rawpy.RawPy()
    raw.open_buffer(io.BytesIO(photo.path.read_bytes()))
    raw.unpack()
    return partial(raw.postprocess, use_camera_wb=True, half_size=True)
