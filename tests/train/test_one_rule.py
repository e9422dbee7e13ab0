"""What counts as an edit is one rule: labelling, training and picking say the same of the same photo."""

import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from autohdr.cli.pick import command as pick
from autohdr.sidecar import apply, merge, plan, refusal
from autohdr.sidecar.xmp.properties import CRS
from autohdr.sliders import SLIDERS
from autohdr_train.cli import main

SETTINGS: dict[str, float] = {slider.key: 0.5 if slider.key == "Exposure2012" else 5.0 for slider in SLIDERS}
XMP = (
    '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
    '<rdf:Description rdf:about="" xmlns:crs="http://ns.adobe.com/camera-raw-settings/1.0/" {}/></rdf:RDF></x:xmpmeta>'
)


@pytest.fixture
def bare(shoot: Path, tmp_path: Path) -> Path:
    """Sixteen photos, the first eight of which are edited in SDR, the others not at all."""
    folder = tmp_path / "shoot"
    shutil.copytree(shoot, folder)
    for number, sidecar in enumerate(sorted(folder.glob("*.xmp"))):
        text = sidecar.read_text().replace('crs:HDREditMode="1"', 'crs:HDREditMode="0"')
        sidecar.write_text(text) if number < 8 else sidecar.unlink()
    return folder


def write(photo: Path, attributes: str) -> None:
    photo.with_suffix(".xmp").write_text(XMP.format(attributes))


def change(photo: Path, **values: str) -> None:
    """What the photographer does in Lightroom to a photo that autohdr labelled."""
    apply(plan(photo, SETTINGS, "m"))
    path = photo.with_suffix(".xmp")
    path.write_bytes(merge(path.read_bytes(), {f"{{{CRS}}}{name}": value for name, value in values.items()}))


def picked(folder: Path, cache: Path, *more: str) -> tuple[set[str], str]:
    """Names that `pick` proposes, and what it says besides."""
    done = CliRunner().invoke(pick, [str(folder), "--count", "99", "--cache", str(cache), *more])
    assert done.exit_code == 0, done.output
    return {Path(line).name for line in done.stdout.splitlines()}, done.stderr


def learnt(folder: Path, vit: Path, tmp_path: Path, *more: str) -> str:
    arguments = [str(folder), "--out", str(tmp_path / "m"), "--start", str(vit), "--cache", str(tmp_path / "cache")]
    done = CliRunner().invoke(main, [*arguments, "--recipe", "autohdr2024", "--epochs", "1", *more])
    assert done.exit_code == 0, done.output
    return done.stdout


def test_pick_proposes_no_photo_that_is_edited_in_sdr(bare: Path, tmp_path: Path) -> None:
    names, told = picked(bare, tmp_path / "cache")
    assert names == {f"IMG_{number:04}.dng" for number in range(9, 17)}
    assert "16 photos, 8 of them edited" in told


def test_pick_proposes_no_photo_that_is_edited_in_a_way_that_is_not_learnt(bare: Path, tmp_path: Path) -> None:
    photos = sorted(bare.glob("*.dng"))
    write(photos[8], 'crs:ProcessVersion="15.4" crs:Exposure2012="+1.00" crs:HDREditMode="1"')
    write(photos[9], 'crs:ProcessVersion="5.7" crs:Exposure="+1.00"')
    write(photos[10], 'crs:ProcessVersion="15.4" crs:CropTop="0.1"')
    write(photos[11], 'crs:ProcessVersion="15.4" crs:Exposure2012="0.00"')  # saved, and never changed
    apply(plan(photos[12], SETTINGS, "m"))
    change(photos[13], CropTop="0.1")
    photos[14].with_suffix(".xmp").write_text("<x:xmpmeta")
    names, told = picked(bare, tmp_path / "cache")
    assert names == {photos[index].name for index in (11, 12, 15)}
    kinds = ("edited in HDR", "old process version", "edited without the eight sliders", "correction without", "unread")
    for kind in kinds:
        assert f"1 {kind}" in told


def test_pick_knows_what_is_kept_on_request(bare: Path, tmp_path: Path) -> None:
    photos = sorted(bare.glob("*.dng"))
    write(photos[8], 'crs:ProcessVersion="15.4" crs:Exposure2012="+1.00" crs:HDREditMode="1"')
    write(photos[9], 'crs:ProcessVersion="15.4" crs:Exposure2012="0.00"')
    names, told = picked(bare, tmp_path / "cache", "--keep", "sdr", "--keep", "unedited")
    assert names == {photo.name for photo in photos[10:]}
    assert "16 photos, 10 of them edited" in told


@pytest.mark.parametrize(
    ("values", "taught"), [({"HDREditMode": "0"}, True), ({"Vibrance": "+9"}, True), ({"CropTop": "0.1"}, False)]
)
def test_a_correction_is_one_for_labelling_and_for_learning(
    bare: Path, foreign_vit: Path, tmp_path: Path, values: dict[str, str], taught: bool
) -> None:
    photo = sorted(bare.glob("*.dng"))[8]
    change(photo, **values)
    reason = refusal(photo)
    assert reason is not None
    assert "photographer's correction" in reason
    printed = learnt(bare, foreign_vit, tmp_path, "--keep", "sdr")
    assert "autohdr's own" not in printed
    assert f"{9 if taught else 8} edited photos" in printed
    assert ("photographer's correction" in printed) == (not taught)


def test_hdr_that_is_switched_off_and_on_again_is_autohdrs_label_again(
    bare: Path, foreign_vit: Path, tmp_path: Path
) -> None:
    photo = sorted(bare.glob("*.dng"))[8]
    change(photo, HDREditMode="1")
    assert refusal(photo) is None
    assert "1 autohdr's own label" in learnt(bare, foreign_vit, tmp_path)


def test_what_is_left_out_is_a_line_a_kind(bare: Path, foreign_vit: Path, tmp_path: Path) -> None:
    printed = learnt(bare, foreign_vit, tmp_path)
    assert printed.count("no sidecar IMG_") == 1
    assert "8 no sidecar, such as" in printed
    shutil.rmtree(tmp_path / "m")
    assert learnt(bare, foreign_vit, tmp_path, "-v").count("no sidecar IMG_") == 8
    for photo in sorted(bare.glob("*.dng"))[:4]:
        photo.write_bytes(b"no photo")
    assert picked(bare, tmp_path / "cache")[1].count("unreadable RAW") == 1
    assert picked(bare, tmp_path / "cache", "-v")[1].count("unreadable RAW") == 4
