"""A style as a file: one safetensors file, sealed, that is opened without torch and says in its metadata what it is."""

import dataclasses
import hashlib
import json
import math
from dataclasses import dataclass
from importlib.metadata import version
from os import PathLike
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError

from autohdr.edits.preset import NO_PRESET, Preset
from autohdr.errors import ModelError, SettingsError
from autohdr.files.whole import read_bytes, write_atomically
from autohdr.mode import Mode
from autohdr.model.info import ModelFile
from autohdr.model.sealed_arrays import dump, metadata_of, parse
from autohdr.sliders import SLIDERS
from autohdr.style.confidence.reason import Reason, reasons
from autohdr.style.confidence.scores import SliderScore
from autohdr.style.experts.blend import Blend
from autohdr.style.experts.prior import Array
from autohdr.style.further.model import Further, sets

METADATA_KEY = "autohdr.style"
"""Name of the metadata entry that holds what a style is, as JSON."""
FORMAT = 3
"""Raised whenever an older autohdr could not use a newer file rightly."""
_NAMES = "names"
"""The array that holds the names of photos, as JSON."""
_FURTHER = "further."
"""What the names of the further sliders' arrays begin with."""
_MOST = 1 << 28
"""Bytes above which a file is no style."""


@dataclass(frozen=True, slots=True, eq=False)
class Style:
    """A photographer's style: sliders as functions of one network's features."""

    head: Blend
    network: str
    """Digest of the network whose features these are, as `ModelFile.network`."""
    network_name: str
    mode: Mode
    """The mode of the edits that were learnt, and so of those that the style makes."""
    learnt_from: dict[str, Any]
    """Plain JSON: how many photos, groups and corrections, what was left out, and notes."""
    scores: tuple[SliderScore, ...]
    """Each slider on photos that were not learnt from, in the order of `SLIDERS`, and then those of `further`."""
    names: tuple[str, ...] = ()
    """File names, without folders, of the photos that it remembers, in the order of `head.people.points`; empty where
    nobody wrote them down."""
    further: Further | None = None
    """The sliders beside the eight; None where no edit moves one."""
    preset: Preset = NO_PRESET
    """What is written with every label beside all sliders."""
    made_by: str = dataclasses.field(default_factory=lambda: version("autohdr"))
    """The autohdr that learnt it."""
    digest: str = ""
    """SHA-256 of the file, the first 12 hexadecimal digits; empty until there is one."""
    path: Path | None = None
    """Where it was read from."""

    @property
    def label(self) -> str:
        """What sidecars record of it."""
        return f"style {self.digest}"

    def answer(self, features: NDArray[np.floating], descriptions: Array, captured: Array) -> tuple[Array, Array]:
        """Sliders and their expected errors for photos, as of `Blend.answer`, like the arguments."""
        return self.head.answer(features, descriptions, captured)

    def reasons(self, descriptions: Array, captured: Array) -> list[Reason]:
        """Why it labels photos as it does, as of `reason.reasons`."""
        return reasons(self.head, self.names, descriptions, captured)

    def refuse_other(self, model: ModelFile) -> None:
        """Raises:
        ModelError: `model` is not the network that the style was learnt on.
        """
        if model.network != self.network:
            raise ModelError(
                f"the style was learnt on network {self.network_name} ({self.network}), and {model.path} is "
                f"{model.info.name} ({model.network}); name the other one with --model, or learn the style again"
            )

    def to_bytes(self) -> bytes:
        """The file: the same bytes for the same style."""
        beside = {} if self.further is None else self.further.to_arrays()
        own = {f"{_FURTHER}{name}": values for name, values in beside.items()}
        arrays = {**self.head.to_arrays(), **own, _NAMES: np.frombuffer(json.dumps(self.names).encode(), np.uint8)}
        return dump(arrays, {METADATA_KEY: json.dumps(self.to_dict(), sort_keys=True)})

    def to_dict(self) -> dict[str, Any]:
        """What the style is, without its numbers: plain JSON."""
        return {
            "format": FORMAT,
            "autohdr": self.made_by,
            "network": self.network,
            "network_name": self.network_name,
            "mode": self.mode.to_dict(),
            "sets": sets(self.further),
            "learnt_from": self.learnt_from,
            "scores": [_score_to_dict(row) for row in self.scores],
            "preset": self.preset.to_dict(),
        }

    def describe(self) -> dict[str, Any]:
        """The place of a style and what it is, as plain JSON."""
        return {"path": None if self.path is None else str(self.path), "sha256": self.digest, **self.to_dict()}

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        """The style that `to_bytes` wrote.

        Raises:
            ModelError: the bytes are no style, damaged, or from a newer autohdr; the sentence lacks its subject.
        """
        try:
            text = metadata_of(data).get(METADATA_KEY)
        except (ValueError, KeyError, TypeError):
            text = None
        if text is None:
            raise ModelError("is no style of autohdr's; expected a file that `autohdr learn` wrote")
        try:
            found = json.loads(text)
            if found["format"] > FORMAT:
                raise ModelError(
                    f"was made by autohdr {found['autohdr']}, in a format that this one ({version('autohdr')}) does "
                    "not know; update autohdr"
                )
            if found["format"] < FORMAT:
                raise ModelError(f"was learnt by an older autohdr ({found['autohdr']}); learn the style again")
            if found["sets"][: len(SLIDERS)] != [slider.key for slider in SLIDERS]:
                raise ModelError("sets other sliders than this autohdr; learn it again")
            arrays, _ = parse(data)
            told = arrays.pop(_NAMES, None)
            beside = {name: arrays.pop(name) for name in list(arrays) if name.startswith(_FURTHER)}
            head = Blend.from_arrays(arrays)
            names = _names(told, len(head.people.points))
            return cls(
                head,
                str(found["network"]),
                str(found["network_name"]),
                Mode.from_dict(found["mode"]),
                dict(found["learnt_from"]),
                tuple(score_from_dict(row) for row in found["scores"]),
                names,
                _further(found["sets"][len(SLIDERS) :], beside),
                Preset.from_dict(found["preset"]),
                str(found["autohdr"]),
                hashlib.sha256(data).hexdigest()[:12],
            )
        except (ValueError, KeyError, TypeError, SafetensorError) as error:
            raise ModelError(f"is damaged ({error}); learn the style again, or take it from a backup") from error


def load_style(path: str | PathLike[str]) -> Style:
    """The style in a file that `autohdr learn` wrote.

    Raises:
        ModelError: there is none, or it is damaged, or from a newer autohdr.
        FileError: the file cannot be read.
    """
    place = Path(path)
    if place.is_dir():
        raise ModelError(f"{place} is a folder; expected a style, a file that `autohdr learn` wrote")
    data = read_bytes(place, _MOST + 1)
    if data is None:
        raise ModelError(f"{place} does not exist; expected a style, a file that `autohdr learn` wrote")
    try:
        if len(data) > _MOST:
            raise ModelError("is too large for a style; expected a file that `autohdr learn` wrote")
        return dataclasses.replace(Style.from_bytes(data), path=place)
    except ModelError as error:
        raise ModelError(f"{place} {error}") from error


def save_style(path: Path, style: Style) -> Style:
    """Writes a style, in the place of one that is there; returns it as it is read back.

    Raises:
        FileError: it cannot be written; a style that was there is untouched.
    """
    data = style.to_bytes()
    write_atomically(path, data)
    return dataclasses.replace(Style.from_bytes(data), path=path)


def earlier_style(path: Path) -> Style | None:
    """The style that another is to take the place of; None where there is none, or one that is of no use any more.

    Raises:
        SettingsError: something else is there.
        FileError: it cannot be read.
    """
    if path.is_dir():
        raise SettingsError(f"--style {path} is a folder; name the file that the style is written to")
    data = read_bytes(path, _MOST)
    if data is None:
        return None
    try:
        return Style.from_bytes(data)
    except ModelError as error:
        if METADATA_KEY.encode() not in data[:65536]:
            raise SettingsError(f"--style {path} is there and {error}; name another file") from error
        return None


def _further(keys: list[str], arrays: dict[str, NDArray[Any]]) -> Further | None:
    """The further sliders of these keys; None where there are none."""
    if not keys:
        return None
    return Further.from_arrays(keys, {name.removeprefix(_FURTHER): values for name, values in arrays.items()})


def _names(told: NDArray[Any] | None, count: int) -> tuple[str, ...]:
    """The names, none or `count`, that an array holds; none where there is no array."""
    found = [] if told is None else json.loads(told.tobytes())
    if not isinstance(found, list) or len(found) not in (0, count) or not all(isinstance(one, str) for one in found):
        raise ValueError(f"it does not name the {count} photos that it remembers")
    return tuple(found)


def _score_to_dict(row: SliderScore) -> dict[str, Any]:
    """Plain JSON, which knows no NaN."""
    values = dataclasses.asdict(row)
    return {name: None if isinstance(value, float) and math.isnan(value) else value for name, value in values.items()}


def score_from_dict(row: dict[str, Any]) -> SliderScore:
    """A slider's score, as a style's description holds it; what a newer autohdr says besides is passed over."""
    known = {field.name for field in dataclasses.fields(SliderScore)}
    told: dict[str, Any] = {name: math.nan if value is None else value for name, value in row.items() if name in known}
    return SliderScore(**told)
