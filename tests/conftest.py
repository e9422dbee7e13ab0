"""Fixtures that all packages' tests share."""

import os
from pathlib import Path

import pytest

SHARED = Path(os.environ.get("AUTOHDR_SHARED", Path(__file__).resolve().parents[2] / "shared"))
"""A folder of real files that are not ours to publish: raws/, xmp/, hdris/. Tests skip where it is missing."""


def _shared(name: str) -> Path:
    folder = SHARED / name
    if not folder.is_dir():
        pytest.skip(f"needs the real files of {folder} (or the folder that AUTOHDR_SHARED names)")
    return folder


@pytest.fixture(scope="session")
def shared_raws() -> Path:
    """Real RAW files of many cameras; `bad/` holds broken ones."""
    return _shared("raws")


@pytest.fixture(scope="session")
def shared_xmp() -> Path:
    """Real Lightroom and Camera Raw documents."""
    return _shared("xmp")


@pytest.fixture(scope="session")
def shared_hdris() -> Path:
    """Real radiance images, OpenEXR."""
    return _shared("hdris")
