"""Tells whose edit a sidecar holds. We write down in it what we wrote, in a namespace of our own, and look again later.

`autohdr:Model` names the model, `autohdr:Wrote` holds each setting and its value, `autohdr:Rest` is a digest of all
other edits. Settings at Camera Raw's defaults are no edits: Lightroom adds them whenever it saves. In any doubt an edit
is the photographer's.

`autohdr:Wrote` is pairs such as `Exposure2012=+0.50`, with blanks between them. In a value, all but letters, digits and
a few signs is a percent sign and two digits, as in addresses (RFC 3986): `WhiteBalance=As%20Shot`. `@` and a digest
stand for a structure, `@` alone for nothing. Of a look with an identifier, that and its amount are digested: the rest
follows from them, and each version of Camera Raw says more of it.
"""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal
from urllib.parse import quote, unquote

from lxml import etree

from autohdr.sidecar.settings.defaults import KNOWN, edited
from autohdr.sidecar.xmp.document import Document
from autohdr.sidecar.xmp.properties import CRS, OURS, Property, field_of, meaning, number
from autohdr.sidecar.xmp.values import Structure, Value

_PLAIN = "+,/()"
"""What stands for itself beside letters, digits and `_.-~`."""
_QUOTED = 1024
"""Values that are kept as they are spelled: the photos of a run share most of theirs."""
_UNSAID = frozenset({"ToneCurveName2012", "Treatment", "LensProfileSetup", "OverrideLookVignette"})
"""Settings that follow from others, which some versions of Camera Raw do not write."""

Owner = Literal["nobody", "autohdr", "correction", "photographer"]
"""nobody: no edits; autohdr: ours and untouched; correction: ours, then changed; photographer: all else."""


@dataclass(frozen=True, slots=True)
class Record:
    """What we wrote into one sidecar."""

    model: str
    """Name and version of the model, in one line."""
    wrote: Mapping[str, str]
    """Value by `crs` name, as spelled in the record."""
    rest: str
    """Digest of the edits that we did not write."""

    @classmethod
    def make(
        cls, document: Document | None, model: str, wrote: Mapping[str, str], changed: Iterable[str] = ()
    ) -> "Record":
        """The record to put into `document` together with settings, as `noted` spells them; what is `changed` in it
        without being among them goes."""
        line = "".join(character if character.isprintable() else " " for character in model)
        return cls(" ".join(line.split()), wrote, _rest(document, {*wrote, *changed}))

    @classmethod
    def find(cls, document: Document) -> "Record | None":
        """The record in a document; None where there is none or it is damaged."""
        model, wrote, rest = (document.get(name, OURS) for name in ("Model", "Wrote", "Rest"))
        if model is None or wrote is None or rest is None:
            return None
        pairs = [pair.partition("=") for pair in wrote.split()]
        if not pairs or any(not name or not value for name, _, value in pairs):
            return None
        return cls(model, {name: value for name, _, value in pairs}, rest)

    def properties(self) -> dict[str, str]:
        """The record as properties in Clark notation."""
        wrote = " ".join(f"{name}={value}" for name, value in self.wrote.items())
        return {f"{{{OURS}}}Model": self.model, f"{{{OURS}}}Wrote": wrote, f"{{{OURS}}}Rest": self.rest}

    def changed(self, document: Document) -> tuple[str, ...]:
        """The settings that we wrote and that now say something else or are gone. `0.5` says what `+0.50` does."""
        return tuple(name for name, value in self.wrote.items() if not _holds(document, name, value))


def owner(document: Document) -> Owner:
    """Says whose the develop settings in a document are."""
    record = Record.find(document)
    if record is not None:
        untouched = not record.changed(document) and record.rest == _rest(document, record.wrote)
        return "autohdr" if untouched else "correction"
    return "photographer" if document.has_develop_settings else "nobody"


def noted(settings: Mapping[str, Value | None]) -> dict[str, str]:
    """Settings as a record holds them, without those that go, which are None."""
    return {name: _noted(value) for name, value in settings.items() if value is not None}


def _noted(value: Value) -> str:
    if isinstance(value, Structure):
        return f"@{_of_structure(value.element())}"
    return _quoted(value)


@lru_cache(_QUOTED)
def _quoted(value: str) -> str:
    return quote(value.strip(), safe=_PLAIN) or "@"


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _of_structure(element: etree._Element) -> str:
    """A digest of what a structure means."""
    identifier = field_of(element, "UUID") if element.tag == f"{{{CRS}}}Look" else ""
    return _digest(f"{identifier} {number(field_of(element, 'Amount'))}" if identifier else meaning(element))


def _holds(document: Document, name: str, wrote: str) -> bool:
    """Whether a setting still says what we wrote. A default need not be said, nor what changes no picture by itself."""
    found = document.properties.get(f"{{{CRS}}}{name}")
    if found is None:
        return name in _UNSAID or _is_default(name, wrote)
    if found.element is not None:
        return wrote == f"@{_of_structure(found.element)}"
    if not found.simple or (wrote.startswith("@") and wrote != "@"):
        return False
    return _same(found.text, unquote(wrote.removeprefix("@")))


def _is_default(name: str, wrote: str) -> bool:
    plain = Property(unquote(wrote.removeprefix("@")), simple=True)
    return name in KNOWN and not (wrote.startswith("@") and wrote != "@") and not edited({name: plain})


def _same(found: str, wrote: str) -> bool:
    value = number(found)
    return found.strip() == wrote.strip() if value is None else value == number(wrote)


def _rest(document: Document | None, wrote: Iterable[str]) -> str:
    """A digest of the edits that are not in `wrote`, whatever their order and form."""
    settings = {} if document is None else document.settings()
    names = edited(settings) - set(wrote)
    other = sorted((name, settings[name].text.strip()) for name in names)
    return _digest(repr(other))
