"""How good predicted sliders are: each in its own unit, beside what the mean or the median of the edits would score."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from autohdr.sliders import BALANCE, LIMITS, SLIDERS, Slider, limits_of, slider_of

CHANCE = 0.5
"""Standard errors by which a slider has to beat the median of the edits to count as learnt."""
LEAST = 0.2
"""Share of the edits with another value than the most frequent one, from which a slider is in use."""
MOVED = {"EV": 0.05}
"""Mean absolute deviation from the median that it takes besides, in Lightroom's units, by unit; 1 of all others."""
DRAWS = 1000
"""Bootstrap samples of the photos that an interval is made from."""
INTERVAL = (5.0, 95.0)
"""Percentiles of them: a 90 % interval."""

Verdict = Literal["adapted", "constant", "not learnt"]
"""What a style does with a slider: it follows the photo; the photographer hardly moves it, and it is written as they
have it; or they move it in a way that the photos do not tell, and every photo gets their usual value."""


@dataclass(frozen=True, slots=True)
class SliderScore:
    """One slider over the scored photos. NaN where no photo has a label, or R2 where all labels are equal."""

    key: str
    """The slider's name in the `crs` namespace."""
    photos: int
    """Scored photos that have this label."""
    mae: float
    """Mean absolute error, in Lightroom's unit."""
    mean_mae: float
    """Mean absolute error of the mean of the labels that were learnt from, given for every photo."""
    r2: float
    """Share of the labels' variance that is explained; 1 is perfect, 0 the scored photos' own mean."""
    mean_r2: float
    """R2 of the mean of the training labels; never above 0."""
    median_mae: float = math.nan
    """Mean absolute error of the median of the labels that were learnt from, given for every photo."""
    learnt: bool = True
    """Whether the slider beats that median by more than chance. Otherwise it is that median, and so are `mae`, `r2`."""
    constant: bool = False
    """Whether the photographer hardly moves the slider: `in_use` says of which that is not so."""
    usual: float = math.nan
    """Median of the labels of the scored photos, in Lightroom's unit."""
    gain: float = math.nan
    """Share of that median's error that the style saves; 0 where the slider is that median."""
    gain_low: float = math.nan
    """Lower end of the gain's 90 % interval, from a bootstrap over photos."""
    gain_high: float = math.nan
    """Upper end of it."""

    @property
    def verdict(self) -> Verdict | None:
        """What the style does with the slider; None where no photo has a label."""
        if not self.photos:
            return None
        if self.learnt:
            return "adapted"
        return "constant" if self.constant else "not learnt"

    @property
    def by_chance(self) -> bool:
        """Whether the slider follows the photo, and its gain's interval holds 0."""
        return self.verdict == "adapted" and self.gain_low <= 0.0


def mean_label(labels: NDArray[np.floating], limits: NDArray[np.float64] = LIMITS) -> NDArray[np.float64]:
    """Mean (8,) of scaled labels (N, 8) in Lightroom's units; NaN for a slider that no photo has."""
    known = np.isfinite(labels)
    totals = np.where(known, labels, 0.0).sum(axis=0, dtype=np.float64)
    counts = known.sum(axis=0)
    return np.where(counts, totals / np.maximum(counts, 1), np.nan) * limits


def median_label(labels: NDArray[np.floating], limits: NDArray[np.float64] = LIMITS) -> NDArray[np.float64]:
    """Median (8,) of scaled labels (N, 8) in Lightroom's units; NaN for a slider that no photo has."""
    columns = (column[np.isfinite(column)] for column in np.asarray(labels, dtype=np.float64).T)
    return np.array([np.median(column) if len(column) else np.nan for column in columns]) * limits


def in_use(labels: NDArray[np.floating], sliders: Sequence[Slider] = SLIDERS) -> NDArray[np.bool_]:
    """(8,), whether a photographer with these labels (N, 8), scaled, NaN where missing, uses each slider.

    At least `LEAST` of the labels have to differ from the most frequent one, and all together be `MOVED` from their
    median on average. A slider without labels is not in use.
    """
    found = []
    for column, slider in zip(np.asarray(labels, dtype=np.float64).T, sliders, strict=True):
        least = MOVED.get(slider.unit, 1.0)
        known = np.round(column[np.isfinite(column)] * slider.limit, slider.decimals)
        counts = np.unique(known, return_counts=True)[1]
        others = 1.0 - counts.max() / len(known) if len(known) else 0.0
        found.append(others >= LEAST and bool(np.abs(known - np.median(known)).mean() >= least))
    return np.array(found)


def beaten(
    predicted: NDArray[np.float64], labels: NDArray[np.floating], constants: NDArray[np.float64]
) -> NDArray[np.bool_]:
    """(8,), whether each slider's predictions are better than a constant by more than chance.

    The mean of the differences of the two absolute errors, photo by photo, has to be `CHANCE` of its standard errors
    below 0. A slider without labels is not.

    Args:
        predicted: (N, 8), in Lightroom's units, of photos that were not learnt from.
        labels: (N, 8), scaled to [-1, 1], NaN where missing.
        constants: (8,) or a row for each photo (N, 8), in Lightroom's units, of labels without that photo.
    """
    truth = np.asarray(labels, dtype=np.float64) * LIMITS
    gains = np.abs(np.broadcast_to(constants, truth.shape) - truth) - np.abs(predicted - truth)
    found = []
    for column in gains.T:
        gain = column[np.isfinite(column)]
        error = gain.std(ddof=1) / math.sqrt(len(gain)) if len(gain) > 1 else math.inf
        found.append(len(gain) > 1 and bool(gain.mean() > CHANCE * error))
    return np.array(found)


def score(
    predicted: NDArray[np.float64],
    labels: NDArray[np.floating],
    mean: NDArray[np.float64],
    median: NDArray[np.float64] | None = None,
    learnt: NDArray[np.bool_] | None = None,
    sliders: Sequence[Slider] = SLIDERS,
) -> list[SliderScore]:
    """Each slider's score, in the order of `sliders`.

    Args:
        predicted: (N, 8), in Lightroom's units.
        labels: (N, 8), scaled to [-1, 1], NaN where missing.
        mean: the baseline, (8,) or a row for each photo (N, 8), in Lightroom's units.
        median: another one, likewise; None where nobody asks.
        learnt: (8,), as `beaten` says; sliders that are not get the median's scores. None: all are.
        sliders: what the columns are.
    """
    limits = limits_of(sliders)
    medians = np.full(predicted.shape, np.nan) if median is None else np.broadcast_to(median, predicted.shape)
    if learnt is not None:
        predicted = np.where(learnt, predicted, medians)
    truth = np.asarray(labels, dtype=np.float64) * limits
    means = np.broadcast_to(mean, truth.shape)
    gains, still, usual = (
        _gains(predicted - truth, medians - truth),
        ~in_use(labels, sliders),
        median_label(labels, limits),
    )
    scores = []
    for column, slider in enumerate(sliders):
        known = np.isfinite(truth[:, column])
        true = truth[known, column]
        model, baseline = predicted[known, column], means[known, column]
        errors = (_mae(model, true), _mae(baseline, true), _r2(model, true), _r2(baseline, true))
        middle = _mae(medians[known, column], true)
        scores.append(
            SliderScore(
                slider.key,
                len(true),
                *errors,
                middle,
                learnt is None or bool(learnt[column]),
                bool(still[column]),
                float(usual[column]),
                *gains[:, column].tolist(),
            )
        )
    return scores


def table(scores: Sequence[SliderScore]) -> str:
    """The scores as fixed-width text, one slider a line."""
    wide = max(14, *(len(slider_of(row.key).name) + 1 for row in scores))
    lines = [f"{'':{wide}}{'photos':>6}{'MAE':>12}{'mean label':>12}{'median':>12}{'R2':>8}{'mean label':>12}"]
    for row in scores:
        slider = slider_of(row.key)
        digits, errors = slider.decimals + 1, (row.mae, row.mean_mae, row.median_mae)
        mae, mean_mae, median_mae = (f"{number(value, digits)} {slider.unit:2}" for value in errors)
        r2, mean_r2 = (number(value, 2) for value in (row.r2, row.mean_r2))
        told = "" if row.verdict is None else f"  {spelled(row)}"
        lines.append(
            f"{slider.name:{wide}}{row.photos:>6}{mae:>12}{mean_mae:>12}{median_mae:>12}{r2:>8}{mean_r2:>12}{told}"
        )
    return "\n".join(lines)


def spelled(row: SliderScore) -> str:
    """What the style does with a slider, in words for photographers; empty where no photo has a label."""
    slider = slider_of(row.key)
    if row.verdict == "constant":
        return f"constant: {_usual(slider, row.usual)}"
    if row.verdict == "not learnt":
        return "not learnt: gets your usual value"
    if row.verdict is None or math.isnan(row.gain):
        return row.verdict or ""
    if round(100 * row.gain) <= 0:
        return "adapted a little, no better so far than your usual value"
    chance = ", perhaps by chance" if row.by_chance else ""
    low, high = (round(100 * end) for end in (row.gain_low, row.gain_high))
    return f"adapted{chance}: {round(100 * row.gain)} % less error ({low} to {high} %)"


def _usual(slider: Slider, usual: float) -> str:
    if slider not in BALANCE:
        return f"you have it at {slider.spell(usual)}"
    spelt = f"{slider.spell(usual)} {slider.unit}".rstrip()
    return f"{spelt} from As Shot" if slider.round(usual) else "you leave it As Shot"


def _gains(errors: NDArray[np.float64], others: NDArray[np.float64]) -> NDArray[np.float64]:
    """(3, 8), the share of other errors (N, 8) that is saved, and the ends of its interval. NaN where there is no other
    error."""
    ours, theirs = (np.abs(np.where(np.isfinite(others), one, 0.0)) for one in (errors, others))
    count = max(1, len(ours))
    drawn = np.random.default_rng(0).multinomial(count, np.full(count, 1.0 / count), DRAWS).astype(np.float64)
    weights = np.concatenate([np.ones((1, count)), drawn])[:, : len(ours)]
    before = weights @ theirs
    saved = np.divide(before - weights @ ours, before, out=np.full(before.shape, np.nan), where=before > 0.0)
    found = np.full((3, saved.shape[1]), np.nan)
    for column, shares in enumerate(saved.T):
        if np.isfinite(shares[0]):
            found[:, column] = shares[0], *np.nanpercentile(shares, INTERVAL)
    return found


def _mae(predicted: NDArray[np.float64], true: NDArray[np.float64]) -> float:
    return float(np.abs(predicted - true).mean()) if len(true) else math.nan


def _r2(predicted: NDArray[np.float64], true: NDArray[np.float64]) -> float:
    # Compared, not subtracted: the variance of equal labels may round to a little more than nothing.
    if len(true) == 0 or true.min() == true.max():
        return math.nan
    return float(1.0 - ((predicted - true) ** 2).sum() / ((true - true.mean()) ** 2).sum())


def number(value: float, digits: int) -> str:
    """The value, or a dash where it is not known."""
    return "-" if math.isnan(value) else f"{value:.{digits}f}"
