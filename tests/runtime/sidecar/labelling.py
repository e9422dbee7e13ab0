"""Photos that are labelled, looked at, and changed by a photographer."""

from pathlib import Path
from typing import get_args

from autohdr.sidecar import Document, Edit, Existing, apply, merge, plan, refusal
from autohdr.sidecar.xmp.properties import CRS

Settings = dict[str, float]
POLICIES: tuple[Existing, ...] = get_args(Existing)
NOBODYS = 'crs:ProcessVersion="11.0" crs:Exposure2012="0.00" crs:Vibrance="0" crs:WhiteBalance="As Shot"'
EDITED = 'crs:ProcessVersion="15.4" crs:Exposure2012="+1.00" crs:Sharpness="40" xmp:Rating="3"'


def label(photo: Path, settings: Settings, existing: Existing = "skip", model: str = "m 1") -> Edit:
    """Labels a photo by Adobe's name, and checks what the edit said of itself."""
    edit = plan(photo, settings, model, existing)
    assert (refusal(photo, existing) is None) == (edit.action != "skip")
    assert apply(edit) == edit.kept
    assert edit.values == document(photo).values()
    return edit


def document(photo: Path) -> Document:
    """The sidecar of a photo."""
    found = Document.read(photo.with_suffix(".xmp"))
    assert found is not None
    return found


def change(photo: Path, **values: str) -> None:
    """What the photographer does in Lightroom."""
    path = photo.with_suffix(".xmp")
    path.write_bytes(merge(path.read_bytes(), {f"{{{CRS}}}{name}": value for name, value in values.items()}))
