"""The constant part of a style: tools that are set alike in nearly all edits, and so in every label.

docs/adr/0022 says what counts as nearly all, and what is never carried from one photo to another.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Self

from autohdr.shot.shot import Shot
from autohdr.sidecar.settings.groups import GROUPS, PROFILE, is_carried
from autohdr.sidecar.settings.spoken import spoken
from autohdr.sidecar.xmp.document import VERSION
from autohdr.sidecar.xmp.properties import CRS
from autohdr.sidecar.xmp.values import Structure, Value

_LONGEST = 1000
"""Characters of a plain value at most; Camera Raw's are a word or a number."""


@dataclass(frozen=True, slots=True)
class Preset:
    """Settings that are written with every label, as the program wrote them whose edits were learnt."""

    settings: Mapping[str, Value] = field(default_factory=dict)
    """Value by `crs` name; of each tool all, or nothing."""
    version: str | None = None
    """The Camera Raw that the settings need, as documents spell it; None where no edit says."""
    process_version: str | None = None
    """The process version without which they mean something else."""
    camera: str | None = None
    """Maker and model of the one camera whose own profile is among them; None where the profile fits all cameras."""
    left_out: tuple[str, ...] = ()
    """What the edits have in common and no label is given, a phrase each, with the reason."""

    def also(self, shot: Shot) -> dict[str, Value]:
        """What is written for a photo, with the versions that it needs, as `settings.develop` takes it."""
        fits = self.camera is None or camera_of(shot) == self.camera
        names = [name for group in GROUPS if fits or group is not PROFILE for name in group.keys]
        found = {name: self.settings[name] for name in names if name in self.settings}
        if not found:
            return {}
        versions = {"Version": self.version, "ProcessVersion": self.process_version}
        return {**{name: text for name, text in versions.items() if text is not None}, **found}

    def note(self, shot: Shot) -> str | None:
        """What the photographer should know of a photo that is not given all of it, in one sentence; else None."""
        if self.camera is None or camera_of(shot) == self.camera:
            return None
        profile = spoken({name: value for name, value in self.settings.items() if name in PROFILE.keys})
        return f"{' '.join(profile)} left out: it is of the camera {self.camera}"

    def words(self) -> tuple[str, ...]:
        """What the preset writes, as `spoken` says it."""
        return spoken(self.settings)

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON. A structure is an object with its XML."""
        told = {name: value if isinstance(value, str) else {"xml": value.xml} for name, value in self.settings.items()}
        return {
            "settings": told,
            "version": self.version,
            "process_version": self.process_version,
            "camera": self.camera,
            "words": list(self.words()),
            "left_out": list(self.left_out),
        }

    @classmethod
    def from_dict(cls, told: Mapping[str, Any]) -> Self:
        """What `to_dict` wrote.

        Raises:
            ValueError, KeyError, TypeError: it is something else.
        """
        settings = {str(name): _value(str(name), value) for name, value in told["settings"].items()}
        versions = tuple(told[name] for name in ("version", "process_version", "camera"))
        if not all(text is None or (isinstance(text, str) and len(text) <= _LONGEST) for text in versions):
            raise TypeError(f"a preset of {versions}")
        if not all(text is None or VERSION.fullmatch(text) for text in versions[:2]):
            raise ValueError(f"a preset of {versions}")
        version, process, camera = versions
        return cls(settings, version, process, camera, tuple(map(str, told["left_out"])))


NO_PRESET = Preset()
"""The preset that writes nothing beside the sliders and the mode."""


def camera_of(shot: Shot) -> str | None:
    """Maker and model of a photo's camera; None where its file does not say."""
    if shot.model is None:
        return None
    make, model = (shot.make or "").strip(), shot.model.strip()
    named = model.partition(" ")[0].casefold() == make.partition(" ")[0].casefold()
    return model if named else f"{make} {model}".strip()


def _value(name: str, told: Any) -> Value:
    if not is_carried(name):
        raise ValueError(f"a preset of {name}")
    if isinstance(told, str):
        if not told.isprintable() or len(told) > _LONGEST:
            raise ValueError(f"{name} is {told[:40]!r} in its preset")
        return told
    value = Structure(str(told["xml"]))
    if value.key != f"{{{CRS}}}{name}":
        raise ValueError(f"{name} is {value.key} in its preset")
    return value
