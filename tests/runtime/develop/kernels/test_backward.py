"""The fused pass, backward."""

from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from autohdr.develop.kernels import backward, fused, rgb_tone
from autohdr.develop.kernels.backward import Back
from autohdr.develop.kernels.fused import NO_CHANNELS, Tables
from autohdr.develop.kernels.rgb_tone import NODES
from autohdr.develop.stages import saturation, vibrance


@pytest.fixture(scope="module")
def light() -> NDArray[np.float32]:
    rng = np.random.default_rng(2)
    return (2.0 ** rng.uniform(-11, -1, (31, 17, 3))).astype(np.float32)


@pytest.fixture(scope="module")
def tables() -> Tables:
    each = np.stack([(NODES**power).astype(np.float32) for power in (0.9, 1.0, 1.1)])
    return Tables(
        1.0,
        rgb_tone.sample(lambda x: np.minimum(1.5 * x / (0.5 + x), 1)),
        rgb_tone.sample(lambda x: np.maximum(x - 0.0001, x * 0.2)),
        rgb_tone.sample(lambda x: x**0.8),
        each,
        np.array([0.01, 0.02, 0.0, 0.005], np.float32),
        vibrance.coefficients(-40),
        saturation.coefficients(30),
    )


def _there_and_back(light: NDArray[np.float32], tables: Tables) -> backward.Result:
    return _back(fused.run(light, tables), tables, 1.0)


def _back(developed: NDArray[np.float32], tables: Tables, white: float) -> backward.Result:
    curved = backward.colours(developed, tables, np.eye(3), developed.min(axis=2) > 1e-5)
    return backward.curves(curved, tables, white)


def test_what_the_pass_does_is_taken_back(light: NDArray[np.float32], tables: Tables) -> None:
    back = _there_and_back(light, tables)
    assert back.known.mean() > 0.9
    assert back.light[back.known] == pytest.approx(light[back.known], rel=2e-3, abs=1e-5)


def test_curves_alone_are_taken_back_exactly(light: NDArray[np.float32], tables: Tables) -> None:
    plain = replace(
        tables,
        channels=NO_CHANNELS,
        lifts=np.zeros(4, np.float32),
        vibrance=vibrance.coefficients(0),
        saturation=saturation.coefficients(0),
    )
    back = _there_and_back(light, plain)
    assert back.known.all()
    assert back.light == pytest.approx(light, rel=1e-4, abs=1e-6)


@pytest.mark.parametrize("amount", [-95, -50, 50, 100])
def test_vibrance_and_saturation_are_solved_for(light: NDArray[np.float32], amount: float) -> None:
    pale = light * 0.25 + 0.75 * light.mean(axis=2, keepdims=True)
    straight = rgb_tone.sample(lambda x: x)
    for name, stage in (("vibrance", vibrance), ("saturation", saturation)):
        tables = replace(Tables(1.0, straight, straight, straight), **{name: stage.coefficients(amount)})
        back = _there_and_back(pale.astype(np.float32), tables)
        assert back.known.mean() > 0.85
        again, wanted = (fused.run(one, tables)[back.known] for one in (back.light, pale.astype(np.float32)))
        assert (np.abs(again - wanted).max(axis=1) < 2e-3 * wanted.max(axis=1)).all()
        off = np.abs(back.light / pale - 1).max(axis=2)[back.known]  # at +100 a few strong colours come of two others
        assert np.percentile(off, 95) < 5e-3


def test_grey_that_was_any_colour_is_not_known(light: NDArray[np.float32]) -> None:
    straight = rgb_tone.sample(lambda x: x)
    tables = Tables(1.0, straight, straight, straight, saturation=saturation.coefficients(-100))
    assert not _there_and_back(light, tables).known.any()


def test_black_and_white_are_not_known_and_are_filled() -> None:
    straight = rgb_tone.sample(lambda x: x)
    black = rgb_tone.sample(lambda x: np.maximum(x - 0.04, 0))
    white = rgb_tone.sample(lambda x: np.minimum(2 * x, 1))
    levels = np.array([[[0.01] * 3, [0.2] * 3, [0.5] * 3, [0.9] * 3]], np.float32)
    tables = Tables(1.0, white, black, straight)
    back = _back(fused.run(levels, tables), tables, 3.0)
    assert back.known[0].tolist() == [False, True, False, False]
    assert back.light[0, 1] == pytest.approx(0.2, rel=1e-3)
    assert back.light[0, 0] == pytest.approx(
        0.04 / 8 / 2, rel=0.02
    )  # an eighth of what turns black, before the white curve
    assert back.light[0, 3] == pytest.approx(3.0, rel=1e-3)


def test_a_flat_piece_is_not_known() -> None:
    table = rgb_tone.sample(lambda x: np.minimum(np.maximum(x, 0.3), 0.3) + np.maximum(x - 0.6, 0) + np.minimum(x, 0.1))
    back = Back.of(table)
    ends = np.array([back.black, back.white], np.float32)
    level, known = backward._back(back.table, back.start, ends, np.float32(0.4))
    assert not known
    assert level <= 0.6
    level, known = backward._back(back.table, back.start, ends, np.float32(0.6))
    assert known
    assert level == pytest.approx(0.8, rel=1e-3)


def test_the_kernel_agrees_without_compiling(
    light: NDArray[np.float32], tables: Tables, monkeypatch: pytest.MonkeyPatch
) -> None:
    developed = fused.run(light[:2, :6], tables)
    compiled = _back(developed, tables, 1.0)
    for name in ("_back", "_back_on_colour", "_unsaturated", "_unvibrant", "_colours", "_curves"):
        monkeypatch.setattr(backward, name, getattr(backward, name).py_func)
    plainly = _back(developed, tables, 1.0)
    assert plainly.light == pytest.approx(compiled.light, rel=2e-3, abs=1e-6)
    assert (plainly.known == compiled.known).mean() > 0.9
