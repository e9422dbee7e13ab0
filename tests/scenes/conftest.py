"""The real radiance images, where they are at hand."""

import os
from pathlib import Path

import pytest

SHARED = Path(os.environ.get("AUTOHDR_SHARED", Path(__file__).resolve().parents[2].parent / "shared"))


@pytest.fixture(scope="session")
def hdris() -> Path:
    """A folder of real radiance images; skips where there is none."""
    folder = SHARED / "hdris"
    if not any(folder.glob("*.exr")):
        pytest.skip(f"{folder} holds no radiance images; AUTOHDR_SHARED names another parent")
    return folder
