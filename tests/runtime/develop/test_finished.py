"""Finished pictures by real photographers, taken back to the scene and developed again."""

import json
from collections import defaultdict
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from autohdr.develop import Picture, Settings, develop
from autohdr.develop.transfer import decode, encode
from autohdr.develop.undevelop import undevelop
from autohdr.mode import SDR, Mode


def _chosen(folder: Path, hdr: bool, count: int) -> list[dict[str, Any]]:
    """Edits by as many people as there are, at random."""
    by_person = defaultdict(list)
    for line in (folder / "edits.jsonl").read_text().splitlines():
        edit = json.loads(line)
        if bool(edit["hdr"]) == hdr and edit["sliders"] and None not in edit["sliders"].values():
            by_person[edit["person"]].append(edit)
    rng = np.random.default_rng(7)
    found: list[dict[str, Any]] = []
    while len(found) < count:
        for _, edits in sorted(by_person.items()):
            if edits and len(found) < count:
                found.append(edits.pop(int(rng.integers(len(edits)))))
    return found


def _read(path: Path, mode: Mode) -> Picture:
    if mode.headroom is None:
        return Picture(decode(np.asarray(Image.open(path).convert("RGB")) / 255).astype(np.float32), "srgb")
    imagecodecs = pytest.importorskip("imagecodecs")
    signal = (imagecodecs.avif_decode(path.read_bytes()) / 1023) ** (1 / (2523 / 32))  # SMPTE ST 2084
    luminance = (np.maximum(signal - 3424 / 4096, 0) / (2413 / 128 - 2392 / 128 * signal)) ** (16384 / 2610) * 10000
    return Picture(np.minimum(luminance / 203, 2.0**mode.headroom).astype(np.float32), "display-p3", mode.headroom)


def _off(folder: Path, edit: dict[str, Any]) -> tuple[float, float]:
    """The largest difference where the scene is known, in 1/255, and the share of pixels that are not."""
    mode = Mode(headroom=float(edit["hdr_max"] or 4)) if edit["hdr"] else SDR
    picture = _read(folder / edit["file"], mode)
    settings = Settings.of_sliders(edit["sliders"], mode)
    back = undevelop(picture, settings)
    again = develop(back.scene, settings, picture.primaries)
    top = 2.0**picture.headroom
    off = 255 * np.abs(encode(again.light / top) - encode(picture.light / top))[back.known]
    return float(off.max(initial=0)), 1 - float(back.known.mean())


@pytest.mark.parametrize("hdr", [False, True], ids=["sdr", "hdr"])
def test_finished_pictures_come_back(shared_edits: Path, hdr: bool) -> None:
    assert max(_off(shared_edits, edit)[0] for edit in _chosen(shared_edits, hdr, 3)) < 1


@pytest.mark.slow
def test_thirty_finished_pictures_come_back(shared_edits: Path) -> None:
    for hdr, count in ((False, 20), (True, 10)):
        largest, unknown = np.array([_off(shared_edits, edit) for edit in _chosen(shared_edits, hdr, count)]).T
        print(f"\n{'HDR' if hdr else 'SDR'}: largest {np.sort(largest).round(3)}/255, not known {unknown.mean():.3f}")
        assert largest.max() < 1
