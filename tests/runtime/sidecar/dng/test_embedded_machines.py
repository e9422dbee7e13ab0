"""Two machines that write into one DNG: one of them does, and undo brings every byte back."""

from pathlib import Path

import pytest

from autohdr.errors import FileError, SidecarError
from autohdr.files.changing import claims
from autohdr.files.changing.claims import claim_of, claimed
from autohdr.sidecar.dng.embedded import read_embedded, restore_embedded, write_embedded
from autohdr.sidecar.places import Inside
from tests.runtime.sidecar.dngs import packet, tiff


@pytest.fixture
def dng(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(claims, "_PATIENCE", 0.0)
    path = tmp_path / "IMG_1.dng"
    path.write_bytes(tiff(xmp=packet()))
    return path


def test_a_dng_that_another_one_is_at_stays_as_it_is(dng: Path) -> None:
    before = dng.read_bytes()
    with claimed(dng), pytest.raises(FileError, match="is being changed by another run of autohdr"):
        write_embedded(dng, packet("+1.00"))
    assert (dng.read_bytes(), list(dng.parent.iterdir())) == (before, [dng])


def test_a_dng_that_another_one_has_written_since_it_was_read_is_left_alone(dng: Path) -> None:
    before = dng.read_bytes()
    write_embedded(dng, packet("+2.00"))
    with pytest.raises(SidecarError, match="changed by another program in the meantime"):
        Inside(dng).write(packet("+1.00"), packet())
    assert read_embedded(dng) == packet("+2.00")
    assert restore_embedded(dng)
    assert (dng.read_bytes(), list(dng.parent.iterdir())) == (before, [dng])


def test_a_machine_that_lost_its_claim_writes_nothing(dng: Path) -> None:
    before = dng.read_bytes()

    def take_over(_: bytes | None) -> None:
        claim_of(dng).write_bytes(b"theirs")

    with pytest.raises(FileError, match="may have been changed by another machine"):
        write_embedded(dng, packet("+1.00"), take_over)
    assert dng.read_bytes() == before
    assert sorted(dng.parent.iterdir()) == sorted([dng, claim_of(dng)])
