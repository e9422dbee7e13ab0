"""A style as a file: small, the same bytes for the same style, and whatever is wrong with one is said in a sentence."""

import dataclasses
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from autohdr.errors import ModelError, SettingsError
from autohdr.mode import SDR
from autohdr.style.confidence.scores import score
from autohdr.style.file import Style, earlier_style, load_style, save_style
from autohdr.style.fit import fit_and_score
from tests.runtime.style.photographers import described, features, looked, prior


@pytest.fixture
def style() -> Style:
    seen, labels = features(12), 0.3 * np.random.default_rng(1).standard_normal((12, 8))
    labels[:, 7] = np.nan
    photos = replace(looked(seen), descriptions=described(12))
    made = fit_and_score(prior(), photos, labels, list("aabbccddeeff"), 86400.0 * np.arange(12.0)).head
    rows = score(np.zeros((12, 8)), labels, np.zeros(8))
    return Style(made, "0123456789ab", "a-network", SDR, {"photos": 12, "notes": ["one"]}, tuple(rows))


def test_a_style_comes_back_from_its_file(style: Style, tmp_path: Path) -> None:
    path = tmp_path / "anna.style"
    saved = save_style(path, style)
    back = load_style(path)
    seen = features(9, seed=3)
    first, second, third = (one.answer(seen, described(9, 4), np.arange(9.0) * 43200.0) for one in (saved, back, style))
    for one, other in zip(first, second, strict=True):
        np.testing.assert_array_equal(one, other)
    for one, other, close in zip(third, second, (1e-5, 2e-2), strict=True):
        np.testing.assert_allclose(one, other, atol=close, rtol=2e-2)
    assert back.to_dict() == style.to_dict()
    assert back.mode == SDR
    assert (len(back.digest), back.label) == (12, f"style {back.digest}")
    assert path.stat().st_size < 200_000


def test_it_names_the_photos_that_it_remembers_or_none(style: Style, tmp_path: Path) -> None:
    names = (*(f"DSC_{number}.NEF" for number in range(11)), "\udce9t\u00e9.NEF")
    back = save_style(tmp_path / "anna.style", replace(style, names=names))
    assert back.names == names
    assert "DSC_3" not in str(back.to_dict())
    following = replace(back, head=replace(back.head, shares=np.eye(4)[np.full(8, 1)]))
    (found,) = following.reasons(described(12)[3:4], np.array([np.nan]))
    assert found.near[0] == "DSC_3.NEF"
    assert save_style(tmp_path / "anna.style", style).names == ()
    with pytest.raises(ModelError, match=r"is damaged .*does not name the 12 photos"):
        save_style(tmp_path / "anna.style", replace(style, names=names[:5]))


def test_the_same_style_gives_the_same_bytes(style: Style) -> None:
    assert style.to_bytes() == dataclasses.replace(style).to_bytes()
    assert style.to_bytes() == Style.from_bytes(style.to_bytes()).to_bytes()


@pytest.mark.parametrize("place", [0.3, 0.6, 0.999])
def test_a_flipped_bit_is_found(style: Style, tmp_path: Path, place: float) -> None:
    data = bytearray(style.to_bytes())
    data[int(place * len(data))] ^= 4
    path = tmp_path / "anna.style"
    path.write_bytes(data)
    with pytest.raises(ModelError, match=r"anna\.style is (damaged|no style)"):
        load_style(path)
    path.write_bytes(data[: len(data) // 2])
    with pytest.raises(ModelError, match=r"anna\.style is (damaged|no style)"):
        load_style(path)


def test_what_is_no_style_is_refused_and_not_replaced(tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    assert earlier_style(path) is None
    path.write_text("mine")
    with pytest.raises(ModelError, match="is no style of autohdr's"):
        load_style(path)
    with pytest.raises(SettingsError, match=r"notes\.txt is there and is no style of autohdr's; .* name another file"):
        earlier_style(path)
    with pytest.raises(ModelError, match="does not exist"):
        load_style(tmp_path / "gone.style")
    with pytest.raises(ModelError, match="is a folder"):
        load_style(tmp_path)
    with pytest.raises(SettingsError, match="is a folder"):
        earlier_style(tmp_path)


def test_a_damaged_style_may_be_learnt_anew(style: Style, tmp_path: Path) -> None:
    path = tmp_path / "anna.style"
    path.write_bytes(style.to_bytes()[:-7])
    assert earlier_style(path) is None


def test_a_style_of_an_older_autohdr_is_to_be_learnt_again(
    style: Style, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("autohdr.style.file.FORMAT", 1)
    path = tmp_path / "anna.style"
    path.write_bytes(style.to_bytes())
    monkeypatch.undo()
    with pytest.raises(ModelError, match=r"older autohdr .*; learn the style again"):
        load_style(path)


def test_a_style_of_a_newer_autohdr_says_so(style: Style, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("autohdr.style.file.FORMAT", 9)
    path = tmp_path / "anna.style"
    path.write_bytes(style.to_bytes())
    monkeypatch.undo()
    with pytest.raises(ModelError, match="update autohdr"):
        load_style(path)
