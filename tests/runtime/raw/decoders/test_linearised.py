"""The kernels against plain NumPy, and as plain Python."""

import numpy as np
import pytest

from autohdr.raw.decoders import linearised
from autohdr.raw.decoders.linearised import Black, Place, apply, linear, work
from autohdr.raw.decoders.opcodes import CURVE, Curve, GainMap, Lines, Region, Step, Vignette

SHAPE = (11, 17, 3)
ALL = Region((0, 0, 99, 99), (0, 3), (1, 1))
PLACE = Place((2, 3), (20, 30), None)
RNG = np.random.default_rng(0)
LIGHT = RNG.uniform(-0.1, 1.1, SHAPE).clip(max=1).astype(np.float32)
KERNELS = ("_linear", "_gains", "_scale", "_add", "_radial", "_curve")
STEPS: list[Step] = [
    GainMap(ALL, (0.5, 0.25), (0.1, 0.0), RNG.uniform(0.5, 2, (3, 4, 2)).astype(np.float32)),
    GainMap(Region((3, 4, 12, 15), (1, 1), (2, 3)), (1.0, 1.0), (0.0, 0.0), np.full((1, 1, 1), 1.5, np.float32)),
    Lines(ALL, True, True, np.linspace(-2, 2, 99, dtype=np.float32)),
    Lines(ALL, False, False, np.linspace(0, 2, 99, dtype=np.float32)),
    Curve(ALL, (np.linspace(0, 1, CURVE) ** 2).astype(np.float32), polynomial=False),
    Vignette((0.5, -0.2, 0.0, 0.0, 0.1), (0.4, 0.6)),
]


def after(step: Step, place: Place = PLACE, light: np.ndarray = LIGHT) -> np.ndarray:
    out = light.copy()
    apply([step], out, place)
    return out


@pytest.mark.parametrize("step", STEPS)
def test_the_kernels_are_plain_python_too(step: Step, monkeypatch: pytest.MonkeyPatch) -> None:
    compiled = after(step)
    for name in KERNELS:
        monkeypatch.setattr(linearised, name, getattr(linearised, name).py_func)
    np.testing.assert_allclose(after(step), compiled, rtol=1e-5, atol=1e-6)


def test_samples_become_light_above_black(monkeypatch: pytest.MonkeyPatch) -> None:
    samples = RNG.integers(0, 4096, SHAPE, dtype=np.uint16)
    cell, down, across = RNG.uniform(0, 300, (2, 3, 3)), RNG.uniform(-9, 9, 11), RNG.uniform(-9, 9, 17)
    span = np.array([3000.0, 3500.0, 4000.0])
    black = np.tile(cell, (6, 6, 1))[:11, :17] + down[:, None, None] + across[:, None]
    found = linear(samples, Black(cell, down, across), span)
    np.testing.assert_allclose(found, np.minimum((samples - black) / span, 1), atol=2e-5)


def test_a_step_changes_the_samples_of_its_lattice_alone() -> None:
    """Those of the area that the pitch hits, of its planes; rows and columns count from the picture's corner."""
    changed = (after(STEPS[1], light=np.full(SHAPE, 0.25, np.float32)) != 0.25).nonzero()
    assert set(changed[0] + 2) == {3, 5, 7, 9, 11}
    assert set(changed[1] + 3) == {4, 7, 10, 13}
    assert set(changed[2]) == {1}


def test_below_black_a_curve_is_turned_about_its_start() -> None:
    light = np.array([-0.5, 0.5], np.float32).reshape(1, 2, 1)
    curve = Curve(
        Region((0, 0, 9, 9), (0, 1), (1, 1)), (0.1 + 0.5 * np.linspace(0, 1, CURVE)).astype(np.float32), False
    )
    np.testing.assert_allclose(after(curve, Place((0, 0), (1, 2), None), light).ravel(), [-0.15, 0.35], atol=1e-6)


def test_work_counts_the_samples_that_are_gone_through() -> None:
    assert work([STEPS[0]] * 3, SHAPE, PLACE) == 3
    assert work([STEPS[1]], SHAPE, PLACE) == pytest.approx(5 * 4 / (11 * 17 * 3))
    huge = GainMap(Region((2**32 - 1,) * 4, (0, 2**32 - 1), (2**32 - 1,) * 2), (1, 1), (0, 0), np.ones((1, 1, 1)))  # type: ignore[arg-type]
    assert work([huge], SHAPE, PLACE) == 0
