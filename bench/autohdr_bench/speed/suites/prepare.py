"""Times the way from RAW file to network input, one file on one thread: ours beside what people use today.

- `rawpy`: its full development, as AutoHDR (2024) used it (demosaic, 8 bits, auto-brightness), resized to 224.
- `half_size`: the same at half size, rawpy's own short cut.
- `libraw`, `flashraw`: our decoders with our kernels.
- `preview`: the picture that the camera put into the file, prepared by us.
- `floor`: the floor of decoding, then the samples read once.

Each reads its file itself, from the system's cache. Then what follows decoding alone, and all files on more and more
threads.
"""

from functools import partial

from autohdr.errors import RawError
from autohdr.raw.prepare import prepare_frame, prepare_photo
from autohdr.spec import InputSpec
from autohdr_bench.speed.memory import in_flight
from autohdr_bench.speed.method.rounds import Case
from autohdr_bench.speed.photo import Photo
from autohdr_bench.speed.results import Figure, Group, Role, Stage
from autohdr_bench.speed.suites.base import Bench, figures, with_floor
from autohdr_bench.speed.suites.peers import developed
from autohdr_bench.speed.suites.scaling import scaling

NAME = "prepare"
SPEC = InputSpec()
PREVIEW = InputSpec(source="preview")
BASELINE = "rawpy"
ROLES: dict[str, Role] = {
    "rawpy": "peer",
    "half_size": "peer",
    "libraw": "ours",
    "flashraw": "ours",
    "preview": "ours",
}
AFTER = "after decoding"


def measure(bench: Bench) -> Stage:
    """Times each photo, what follows its decoding, and all of them on 1 thread up to `bench.threads`."""
    groups = [group for photo in bench.photos for group in _photo(photo, bench)]
    return Stage(NAME, (*groups, scaling(bench)), tuple(bench.left_out))


def _photo(photo: Photo, bench: Bench) -> list[Group]:
    cases = {
        "rawpy": Case(partial(developed, photo.path, half_size=False)),
        "half_size": Case(partial(developed, photo.path, half_size=True)),
        **{name: Case(partial(prepare_photo, photo.path, SPEC, decoder)) for name, decoder in photo.decoders.items()},
        **({"preview": Case(partial(prepare_photo, photo.path, PREVIEW))} if _has_preview(photo) else {}),
    }
    taken = bench.in_turn(cases, slow=True)
    memory = {name: in_flight(photo, name, bench.tiny) for name in photo.decoders}
    found = tuple(
        Figure(figure.name, figure.role, figure.wall, figure.cpu, memory.get(figure.name), _memory_note(figure, memory))
        for figure in figures(taken, ROLES)
    )
    whole = Group(photo.path.name, "photo", found, taken.conditions, BASELINE, facts=photo.facts, notes=photo.notes)
    decoding = bench.limits.decoding(photo.file_bytes, photo.mosaic_bytes)
    seconds = decoding.median + photo.mosaic_bytes / bench.limits.copy
    floor = Figure.computed("floor", seconds, f"{decoding.note}; and its samples read once")
    return [with_floor(whole, floor), _after(photo, bench)]


def _memory_note(figure: Figure, memory: dict[str, int | None]) -> str:
    return "memory: of one photo in flight" if memory.get(figure.name) is not None else ""


def _after(photo: Photo, bench: Bench) -> Group:
    """What follows decoding, from sensor data to network input."""
    data = photo.path.read_bytes()
    judge = photo.decoders["libraw"]
    frame = judge.decode(data, photo.path)
    taken = bench.in_turn(
        {"libraw": Case(partial(judge.decode, data, photo.path)), AFTER: Case(partial(prepare_frame, frame, SPEC))}
    )
    group = Group(
        f"{photo.path.name}, {AFTER}",
        "photo",
        figures(taken, {"libraw": "peer", AFTER: "ours"}),
        taken.conditions,
        "libraw",
        facts=photo.facts,
    )
    seconds = photo.mosaic_bytes / bench.limits.copy
    return with_floor(group, Figure.computed("floor", seconds, "its samples, copied once"))


def _has_preview(photo: Photo) -> bool:
    """Whether it has one that is large enough."""
    try:
        prepare_photo(photo.path, PREVIEW)
    except RawError:
        return False
    return True
