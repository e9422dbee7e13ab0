"""Which radiance images show the same place.

The same panorama is handed round under several names, turned, rescaled in brightness or squeezed again. Circular
correlation of their fine structure finds such copies: over the 43 panoramas that this was set on (November 2026), two
pairs of copies reach 0.9999, and no other pair, mirrored ones included, passes 0.47.
"""

import numpy as np
from numpy.typing import NDArray

from autohdr_scenes.scene import luminance

THRESHOLD = 0.8
"""Correlation above which two panoramas are of one place."""

SEEN: tuple[tuple[str, ...], ...] = (("canary_wharf", "canarywharf"), ("blender_studio", "studio_small"))
"""Parts of file names that a person saw to be one place, where correlation cannot: a picture cut out of a panorama, and
one room with its lamps moved."""

_ROWS, _COLUMNS = 128, 256


def same_place(images: dict[str, NDArray[np.float32]]) -> dict[str, str]:
    """The place of each image, by name: the first name, in alphabetical order, of those that show it.

    Args:
        images: linear light (H, W, 3); those of 2:1 and at least 256 pixels wide are compared by what they show, and
            all of them by the list of places that a person saw to be one.
    """
    names = sorted(images)
    place = {name: name for name in names}

    def join(one: str, other: str) -> None:
        first, second = sorted((place[one], place[other]))
        for name in names:
            if place[name] == second:
                place[name] = first

    spectra = {name: _spectrum(images[name]) for name in names if _comparable(images[name])}
    compared = list(spectra)
    for position, one in enumerate(compared):
        for other in compared[position + 1 :]:
            if correlation(spectra[one], spectra[other]) > THRESHOLD:
                join(one, other)
    for parts in SEEN:
        alike = [name for name in names if any(part in name for part in parts)]
        for name in alike[1:]:
            join(alike[0], name)
    return place


def correlation(one: NDArray[np.complex64], other: NDArray[np.complex64]) -> float:
    """The best correlation of two spectra over every turn about the vertical, from -1 to 1."""
    both = (one * np.conj(other)).sum(axis=0)
    return float(np.fft.irfft(both, n=_COLUMNS).max() / (len(one) * _COLUMNS))


def _comparable(linear: NDArray[np.float32]) -> bool:
    height, width = linear.shape[:2]
    return width == 2 * height and height >= _ROWS


def _spectrum(linear: NDArray[np.float32]) -> NDArray[np.complex64]:
    """Row-wise spectrum (96, 129) of a panorama's fine structure, with mean 0 and deviation 1."""
    height, width = linear.shape[:2]
    rows, columns = np.arange(_ROWS + 1) * height // _ROWS, np.arange(_COLUMNS + 1) * width // _COLUMNS
    light = np.add.reduceat(np.add.reduceat(luminance(linear), rows[:-1], axis=0), columns[:-1], axis=1)
    light /= np.outer(np.diff(rows), np.diff(columns))
    # Relative to its own median, so that the scale of the light does not matter.
    stops = np.log2(np.maximum(light / max(float(np.median(light)), 1e-9), 2.0**-14))
    # A band pass: gradients of sky to ground are alike everywhere, and single pixels are noise.
    vertical, horizontal = np.fft.fftfreq(_ROWS, 1 / _ROWS), np.fft.fftfreq(_COLUMNS, 1 / _COLUMNS)
    radius = np.hypot(vertical[:, None], horizontal[None] / 2.0)
    band = (1.0 - np.exp(-((radius / 6.0) ** 2))) * np.exp(-((radius / 30.0) ** 2))
    # The poles, an eighth at each end, are stretched and often retouched.
    fine = np.fft.ifft2(np.fft.fft2(stops) * band).real[_ROWS // 8 : -_ROWS // 8]
    fine = np.tanh(fine / max(float(fine.std()), 1e-9))
    fine = (fine - fine.mean()) / max(float(fine.std()), 1e-9)
    return np.fft.rfft(fine, axis=1).astype(np.complex64)
