"""Converts the chromaticity of a white to Temperature and Tint, and back, as Camera Raw counts them.

Temperature is the correlated colour temperature after A. R. Robertson (J. Opt. Soc. Am. 58, 1528, 1968): the
chromaticity in CIE 1960 (u, v) is placed between two of 31 isotherms, whose distances tell the inverse temperature.
Tint is -3000 times the signed distance from the Planckian locus along the isotherm, such that a white with more green
has a Tint above 0, which makes the picture more magenta (Adobe, DNG SDK).
The isotherms are those of Wyszecki and Stiles, Color Science (1982), table 1(3.11), with the u of 325 mired as it is
printed there, 0.24702, and as Adobe counts it; computed rightly it is 0.24792, which at 3100 K is 60 K more.

Golden: D65 (x 0.3127, y 0.3290) is 6504 K, +9.8. There and back, Temperature is the same within 0.01 % and Tint
within 0.05.
"""

import numpy as np
from numpy.typing import NDArray

LEAST_TEMPERATURE, LARGEST_TEMPERATURE = 2000.0, 50000.0
"""Kelvin, the range of the slider; Tint goes from -150 to 150."""
LARGEST_TINT = 150.0
_PER_DUV = -3000.0
_LEAST_MIRED = 5.0

_MIRED = np.concatenate([np.arange(0.0, 100.0, 10.0), np.arange(100.0, 601.0, 25.0)])
"""Inverse temperatures of the isotherms, 1e6 / K."""
_U = np.array([
    *(0.18006, 0.18066, 0.18133, 0.18208, 0.18293, 0.18388, 0.18494, 0.18611, 0.18740, 0.18880, 0.19032),
    *(0.19462, 0.19962, 0.20525, 0.21142, 0.21807, 0.22511, 0.23247, 0.24010, 0.24702, 0.25591),
    *(0.26400, 0.27218, 0.28039, 0.28863, 0.29685, 0.30505, 0.31320, 0.32129, 0.32931, 0.33724),
])  # fmt: skip
_V = np.array([
    *(0.26352, 0.26589, 0.26846, 0.27119, 0.27407, 0.27709, 0.28021, 0.28342, 0.28668, 0.28997, 0.29326),
    *(0.30141, 0.30921, 0.31647, 0.32312, 0.32909, 0.33439, 0.33904, 0.34308, 0.34655, 0.34951),
    *(0.35200, 0.35407, 0.35577, 0.35714, 0.35823, 0.35907, 0.35968, 0.36011, 0.36038, 0.36051),
])  # fmt: skip
_SLOPE = np.array([
    *(-0.24341, -0.25479, -0.26876, -0.28539, -0.30470, -0.32675, -0.35156, -0.37915, -0.40955, -0.44278, -0.47888),
    *(-0.58204, -0.70471, -0.84901, -1.0182, -1.2168, -1.4512, -1.7298, -2.0637, -2.4681, -2.9641),
    *(-3.5814, -4.3633, -5.3762, -6.7262, -8.5955, -11.324, -15.628, -23.325, -40.770, -116.45),
])  # fmt: skip
_ALONG = np.stack([np.ones(31), _SLOPE], axis=1) / np.hypot(1.0, _SLOPE)[:, None]
"""(31, 2), direction of each isotherm in (u, v)."""


def temperature_and_tint(xy: tuple[float, float]) -> tuple[float, float]:
    """Returns Temperature, kelvin, and Tint of a chromaticity (x, y); below 1667 K, those of the nearest end."""
    x, y = xy
    scale = 1.5 - x + 6.0 * y
    uv = np.array([2.0 * x / scale, 3.0 * y / scale])
    # Distance below each isotherm: positive on the side of higher temperatures.
    distance = (uv[1] - _V) * _ALONG[:, 0] - (uv[0] - _U) * _ALONG[:, 1]
    above = next((i for i in range(1, 31) if distance[i] <= 0), 30)
    below = above - 1
    span = distance[below] - min(distance[above], 0.0)
    share = float(np.clip(distance[below] / span, 0.0, 1.0)) if span > 0 else 0.0
    mired, on_locus, along = _between(below, share)
    return 1e6 / max(mired, _LEAST_MIRED), float((uv - on_locus) @ along * _PER_DUV)


def chromaticity(temperature: float, tint: float) -> tuple[float, float]:
    """Returns the chromaticity (x, y) of a Temperature, kelvin, and a Tint: the inverse of `temperature_and_tint`."""
    mired = min(max(1e6 / temperature, 0.0), float(_MIRED[-1]))
    below = min(int(np.searchsorted(_MIRED, mired, side="right")) - 1, 29)
    _, on_locus, along = _between(below, (mired - _MIRED[below]) / (_MIRED[below + 1] - _MIRED[below]))
    u, v = on_locus + along * (tint / _PER_DUV)
    scale = u - 4.0 * v + 2.0
    return float(1.5 * u / scale), float(v / scale)


def _between(below: int, share: float) -> tuple[float, NDArray[np.float64], NDArray[np.float64]]:
    """Inverse temperature, the locus's (u, v), and the direction of the isotherm, part of the way to the next one."""
    parts = np.array([1.0 - share, share])
    pair = slice(below, below + 2)
    along = parts @ _ALONG[pair]
    return float(parts @ _MIRED[pair]), np.array([parts @ _U[pair], parts @ _V[pair]]), along / np.hypot(*along)
