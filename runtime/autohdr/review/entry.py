"""Holds what a page tells of one photo, and gives it as plain JSON."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

from autohdr.develop import VERSION, Settings
from autohdr.develop.settings import LINEAR
from autohdr.files.look import absolute
from autohdr.review.pictures import KINDS, ONE_SIZE, SMALL
from autohdr.review.places import Places
from autohdr.review.standing import Whose
from autohdr.run.results.report import InSeries
from autohdr.run.state.journal import Stamp
from autohdr.shot.shot import Shot
from autohdr.sliders import SLIDERS, slider_of, spell
from autohdr.style.confidence.reason import Reason

SHOWN = [{"name": slider.name, "limit": slider.limit, "decimals": slider.decimals} for slider in SLIDERS]
"""The eight sliders in the order in which Lightroom shows them, as the page draws them."""
_NAME = re.compile(r"[^A-Za-z0-9._-]+")


@dataclass(frozen=True, slots=True)
class Names:
    """Names a photo's picture files by what is in them, so that a page made again keeps what still holds."""

    before: str
    after: str
    small: bool
    """Whether the small pictures have files of their own."""

    @classmethod
    def of(cls, photo: Path, stamp: Stamp | None, settings: Settings, pixels: int) -> "Names":
        """Makes the names for a photo that has this stamp and these settings; `pixels` is how large the pictures
        are."""
        raw = (str(absolute(photo)), stamp, VERSION, _version(), SMALL, pixels)
        stem = _NAME.sub("_", photo.stem)[:40]
        before = f"{stem}-{_digest(raw)}"
        drawn = settings.drawn
        after = before if drawn == Settings() else f"{stem}-{_digest((raw, drawn))}"
        return cls(before, after, pixels > ONE_SIZE)

    def files(self) -> dict[str, str]:
        """Returns the file of each kind of picture; where the settings change nothing, before and after are one
        file."""
        first = f"{self.before}.before"
        names = {"before": first, "after": first if self.before == self.after else f"{self.after}.after"}
        small = "-small" if self.small else ""
        return {kind: f"{names[kind.removesuffix('-small')]}{small * kind.endswith('-small')}.jpg" for kind in KINDS}


@cache
def _version() -> str:
    """The version of autohdr, kept here: to read it from the package takes a third of a millisecond."""
    return version("autohdr")


def _digest(value: object) -> str:
    return hashlib.sha256(repr(value).encode(errors="backslashreplace")).hexdigest()[:10]


@dataclass(frozen=True, slots=True)
class Entry:
    """Holds one photo of a page."""

    path: Path
    whose: Whose | None = None
    """Whose edit the photo has; None where its settings could not be read."""
    settings: Settings | None = None
    note: str | None = None
    """What to know of it, such as why it was passed over; one sentence."""
    passed_over: bool = False
    """Whether a run has left it alone."""
    failed: str | None = None
    """Why it is not shown, one sentence."""
    code: str | None = None
    """The code of that reason, for programs."""
    errors: Mapping[str, float] | None = None
    """Mean absolute error to be expected of each slider, by `crs` key."""
    difference: float | None = None
    """L* by which the picture may be expected to differ from the photographer's own."""
    why: Reason | None = None
    """Which edits its label goes by, where a style labelled it."""
    series: InSeries | None = None
    """The series that it is labelled with."""
    captured: float | None = None
    """When the photo was taken, as `Shot.captured` has it."""
    taken: tuple[str, ...] = ()
    """How it was taken, in words."""
    pictures: Mapping[str, str] = field(default_factory=dict)
    """The name of each kind of picture."""
    width: int = 0
    height: int = 0
    change: float | None = None
    """Mean absolute difference of L* that the settings make."""

    def to_dict(self, places: Places) -> dict[str, Any]:
        """Returns plain JSON, in which no file is named with the folders above the shoot."""
        settings, series = self.settings, None if self.series is None else self.series.to_dict()
        folder = places.folder(self.path)
        return {
            "path": str(Path(folder, self.path.name)),
            "name": self.path.name,
            "folder": folder,
            "whose": self.whose,
            "note": None if self.note is None else places.sentence(self.note),
            "passed": self.passed_over,
            "failed": None if self.failed is None else places.sentence(self.failed),
            "values": None if settings is None else [getattr(settings, slider.name.lower()) for slider in SLIDERS],
            "errors": self._errors(),
            "difference": self.difference,
            "why": None if self.why is None else self.why.to_dict(),
            "series": None if series is None else {key: series[key] for key in ("kind", "photos", "first")},
            "hdr": settings is not None and settings.mode.hdr,
            "mode": None if settings is None else str(settings.mode),
            "others": [] if settings is None else others(settings, self.errors or {}),
            "ignored": [] if settings is None else _ignored(settings, self.errors or {}),
            "captured": self.captured,
            "taken": list(self.taken),
            "pictures": dict(self.pictures),
            "width": self.width,
            "height": self.height,
            "change": None if self.change is None else round(self.change, 2),
        }

    def _errors(self) -> list[float | None] | None:
        return None if self.errors is None else [self.errors.get(slider.key) for slider in SLIDERS]


def others(settings: Settings, errors: Mapping[str, float]) -> list[tuple[str, str]]:
    """Lists names and values of the settings beside the eight sliders that a photo is developed with, as Lightroom
    shows them, with the errors that are to be expected by `crs` name, where there are some."""
    found: list[tuple[str, str]] = []
    if settings.temperature is not None:
        found.append(("Temp", f"{settings.temperature:.0f}{_within('Temperature', errors)}"))
        found.append(("Tint", _signed(settings.tint or 0.0) + _within("Tint", errors)))
    curve = settings.parametric
    regions = {"Highlights": curve.highlights, "Lights": curve.lights, "Darks": curve.darks, "Shadows": curve.shadows}
    found += [
        (f"Tone Curve: {name}", _signed(value) + _within(f"Parametric{name}", errors))
        for name, value in regions.items()
        if value
    ]
    channels = {"": settings.point_curve, " Red": settings.red_curve}
    channels |= {" Green": settings.green_curve, " Blue": settings.blue_curve}
    found += [(f"Point Curve{name}", "Custom") for name, points in channels.items() if points != LINEAR]
    if settings.mode.hdr:
        rendition = {name.title(): value for name, value in asdict(settings.sdr).items() if value}
        found += [(f"SDR {name}", _signed(value) + _within(f"SDR{name}", errors)) for name, value in rendition.items()]
    return found


def _ignored(settings: Settings, errors: Mapping[str, float]) -> list[str]:
    """What developing leaves out, of sliders with their values and errors."""
    told = {slider_of(key).name: spell(key, value) + _within(key, errors) for key, value in settings.undeveloped}
    return [f"{name} {told[name]}" if name in told else name for name in settings.ignored]


def _within(key: str, errors: Mapping[str, float]) -> str:
    """The error of a setting as the page writes it; nothing where none is expected."""
    return f" ± {errors[key]:.0f}" if key in errors else ""


def taken(said: Shot) -> tuple[str, ...]:
    """Says how a photo was taken, in a photographer's words: `Canon EOS 6D`, `1/125 s`, `f/2.8`, `ISO 400`, `35 mm`."""
    words = [said.model or said.make]
    if said.exposure_time is not None:
        fraction = said.exposure_time < 0.3
        words.append(f"1/{1 / said.exposure_time:.0f} s" if fraction else f"{said.exposure_time:.3g} s")
    words.append(None if said.aperture is None else f"f/{said.aperture:.3g}")
    words.append(None if said.iso is None else f"ISO {said.iso:.0f}")
    words.append(None if said.focal_length is None else f"{said.focal_length:.3g} mm")
    return tuple(word for word in words if word)


def _signed(value: float) -> str:
    return f"{round(value):+d}" if round(value) > 0 else str(round(value))
