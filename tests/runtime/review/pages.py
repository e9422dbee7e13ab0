"""Shoots to make pages of, and what a page tells."""

import json
import os
import shutil
from pathlib import Path
from typing import Any

from autohdr.review.index_html import DATA

EDITED = """<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:crs="http://ns.adobe.com/camera-raw-settings/1.0/" crs:ProcessVersion="15.4"
 {settings}/></rdf:RDF></x:xmpmeta>"""


def edit(photo: Path, **settings: str) -> None:
    """Writes a sidecar with these `crs` settings beside a photo."""
    text = " ".join(f'crs:{name}="{value}"' for name, value in settings.items())
    photo.with_suffix(".xmp").write_text(EDITED.format(settings=text))


def told(folder: Path) -> dict[str, Any]:
    """What a page holds."""
    text = (folder / "index.html").read_text(encoding="utf-8")
    found: dict[str, Any] = json.loads(text.partition(DATA)[2].partition("</script>")[0])
    return found


def photos(folder: Path) -> dict[str, dict[str, Any]]:
    """What a page tells of each photo, by its name."""
    return {photo["name"]: photo for photo in told(folder)["photos"]}


def contents(folder: Path) -> dict[str, bytes]:
    """Every file below a folder."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def many(shoot: Path, folder: Path, count: int) -> Path:
    """A shoot of that many photos, links to few files."""
    folder.mkdir()
    sources = sorted(shoot.glob("*.dng"))
    for index in range(count):
        try:
            os.link(sources[index % len(sources)], folder / f"IMG_{index:04}.dng")
        except OSError:
            shutil.copy(sources[index % len(sources)], folder / f"IMG_{index:04}.dng")
    return folder
