"""Writes the numbers that developing in the page needs: `python scripts/studio_tables.py`, in an environment that has
autohdr.

studio/autohdr_studio/page/develop/tables.json gets the constants of `autohdr.develop`, so that they have one source,
which is Python's. A test compares the file with the code.
"""

import json
from pathlib import Path
from typing import Any

import numpy as np

from autohdr.develop import measures, spaces
from autohdr.develop.kernels import rgb_tone, sampled_curve
from autohdr.develop.stages import (
    base_curve,
    base_level,
    blacks,
    contrast,
    display,
    exposure,
    local_tone,
    local_tone_tables,
    parametric,
    regional_level,
    saturation,
    temperature,
    vibrance,
    white_balance,
    white_point,
)
from autohdr.develop.stages.csv_columns import columns
from autohdr.sliders import SLIDERS

FILE = Path(__file__).resolve().parents[1] / "studio" / "autohdr_studio" / "page" / "develop" / "tables.json"


def text() -> str:
    """Returns the file's text: JSON, a line for each stage."""
    stages = ",\n".join(f"{json.dumps(name)}: {json.dumps(plain(stage))}" for name, stage in tables().items())
    return f"{{\n{stages}\n}}\n"


def plain(value: Any) -> Any:
    """Turns arrays and NumPy's numbers into what JSON holds; an infinite number is null."""
    if isinstance(value, dict):
        return {key: plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple | np.ndarray):
        return [plain(one) for one in value]
    if isinstance(value, str | int | None):
        return value
    return float(value) if np.isfinite(value) else None


def tables() -> dict[str, dict[str, Any]]:
    """Returns the constants of each stage, by the names that the page knows them by."""
    return {**_scene_stages(), **_local_tone(), **_curves(), **_colours()}


def _scene_stages() -> dict[str, dict[str, Any]]:
    return {
        "sliders": {"names": [slider.name.lower() for slider in SLIDERS]},
        "nodes": {
            "lowestPower": rgb_tone._LOWEST_POWER,
            "highestPower": rgb_tone._HIGHEST_POWER,
            "shift": rgb_tone.SHIFT,
            "curveSamples": sampled_curve.SAMPLES,
        },
        "measures": {
            "edge": measures.EDGE,
            "brightestEdge": measures.BRIGHTEST_EDGE,
            "percentiles": (measures.DARK_PERCENTILE, measures.BRIGHT_PERCENTILE),
        },
        "exposure": {"lowest": exposure.LOWEST, "highest": exposure.HIGHEST},
        "whitePoint": {
            "columns": columns(white_point._TABLE),
            "first": white_point._FIRST,
            "last": white_point._LAST,
            "highest": white_point._HIGHEST,
            "farthest": white_point._FARTHEST,
        },
        "blacks": {
            "columns": columns(blacks._TABLE),
            "most": blacks._MOST,
            "faded": blacks._FADED,
            "fading": blacks._FADING,
            "brightestDark": blacks._BRIGHTEST_DARK,
            "lowestKey": blacks._LOWEST_KEY,
            "highestKey": blacks._HIGHEST_KEY,
            "lastKey": blacks._LAST_KEY,
            "fine": blacks._FINE.size,
        },
    }


def _local_tone() -> dict[str, dict[str, Any]]:
    families = ("SHADOWS_DOWN", "SHADOWS_DETAIL", "SHADOWS_REGION", "HIGHLIGHTS_DOWN", "HIGHLIGHTS_UP")
    made = {
        name: {"levels": one.levels, "amounts": one.amounts, "gains": one.gains, "last": one.last}
        for name, one in ((name, getattr(local_tone_tables, name)) for name in families)
    }
    return {
        "baseLevel": {"radius": base_level.RADIUS, "epsilon": base_level.EPSILON, "floor": base_level.FLOOR},
        "regionalLevel": {
            "spatial": regional_level.SPATIAL,
            "range": regional_level.RANGE,
            "first": regional_level.FIRST,
            "levels": regional_level._LEVELS,
            "cells": regional_level._CELLS,
        },
        "localTone": {
            "edge": local_tone.EDGE,
            "lowest": local_tone._LOWEST,
            "highest": local_tone._HIGHEST,
            "samples": local_tone._SAMPLES,
            "finer": local_tone._FINER,
            "fineness": local_tone_tables._FINENESS,
            "families": made,
        },
    }


def _curves() -> dict[str, dict[str, Any]]:
    return {
        "baseCurve": {"roots": base_curve._ROOTS},
        "contrast": {
            "chartPivot": contrast.CHART_PIVOT,
            "amounts": contrast._AMOUNTS,
            "knots": contrast._KNOTS,
            "strengths": contrast._STRENGTHS,
            "lowest": contrast._LOWEST,
            "highest": contrast._HIGHEST,
            "blocks": contrast._BLOCKS,
        },
        "parametric": {"amounts": parametric._AMOUNTS, "regions": parametric._REGIONS, "gap": parametric._GAP},
        "display": {
            "brightness": display.BRIGHTNESS,
            "contrast": display.CONTRAST,
            "highlights": display.HIGHLIGHTS,
            "shadows": display.SHADOWS,
            "fade": display.FADE,
            "whites": display.WHITES,
            "reach": display.REACH,
            "nodes": display._NODES,
        },
    }


def _colours() -> dict[str, dict[str, Any]]:
    shown: tuple[spaces.DisplayPrimaries, ...] = ("srgb", "display-p3")
    return {
        "spaces": {
            "luminance": spaces.LUMINANCE,
            "toXyz": spaces.to_xyz("prophoto"),
            "bradford": spaces._BRADFORD,
            "d50": spaces.D50,
            "displays": {
                name: {"matrix": spaces.between("prophoto", name), "luminance": spaces.to_xyz(name)[1]}
                for name in shown
            },
        },
        "vibrance": {
            "amounts": vibrance._AMOUNTS,
            "below": vibrance._BELOW,
            "above": vibrance._ABOVE,
            "hues": (vibrance._ROSE, vibrance._RED, vibrance._ORANGE, vibrance._YELLOW),
        },
        "saturation": {
            "amounts": saturation._AMOUNTS,
            "fitted": saturation._FITTED,
            "limits": (saturation._LEAST, saturation._MOST),
        },
        "temperature": {
            "range": (temperature.LEAST_TEMPERATURE, temperature.LARGEST_TEMPERATURE),
            "largestTint": temperature.LARGEST_TINT,
            "perDuv": temperature._PER_DUV,
            "leastMired": temperature._LEAST_MIRED,
            "mired": temperature._MIRED,
            "u": temperature._U,
            "v": temperature._V,
            "slope": temperature._SLOPE,
        },
        "whiteBalance": {
            "blown": white_balance._BLOWN,
            "wholly": white_balance._WHOLLY,
            "rounds": white_balance._ROUNDS,
        },
    }


if __name__ == "__main__":
    FILE.write_text(text(), encoding="utf-8")
    print(f"wrote {FILE}")
