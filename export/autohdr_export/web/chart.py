"""Charts as SVG: bars with their intervals, parts of a whole, lines. Plain text in, plain text out."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

WIDTH = 600
_LEFT, _RIGHT, _ROW = 176, 132, 28
_SHORT = 27
_SHORT_STRONG = 22
"""Letters that fit beside a bar."""
_BEYOND = 1.25
"""Where a floor's bar is cut off, as a multiple of the longest bar that is no floor."""

COLOURS = 8
"""`--c0` and so on."""
STYLE = """
:root { --ink: #1d1f23; --quiet: #62666e; --line: #d9dadf; --ours: #2a6fdb; --peer: #9aa0aa; --floor: #d9480f;
  --c0: #2a6fdb; --c1: #d9480f; --c2: #2b8a3e; --c3: #9c36b5; --c4: #0b7285; --c5: #c2255c; --c6: #8d6b00;
  --c7: #5c5f66; }
@media (prefers-color-scheme: dark) { :root { --ink: #e9e9ec; --quiet: #a2a6ae; --line: #3a3c42; --ours: #74a9ff;
  --peer: #767c87; --floor: #ff9457; --c0: #74a9ff; --c1: #ff9457; --c2: #69d07f; --c3: #d68cf0; --c4: #4dc4d6;
  --c5: #ff7aa8; --c6: #e0bb3c; --c7: #b0b4bb; } }
svg text { font: 12px system-ui, sans-serif; fill: var(--quiet); }
svg text.strong { fill: var(--ink); }
svg .grid { stroke: var(--line); stroke-width: 1; }
svg .range { stroke: var(--ink); stroke-width: 1.25; opacity: .7; }
svg .ours { fill: var(--ours); } svg .peer { fill: var(--peer); }
svg .floor { fill: none; stroke: var(--floor); stroke-width: 1.25; stroke-dasharray: 5 3; }
svg .ideal { fill: none; stroke: var(--quiet); stroke-width: 1.25; stroke-dasharray: 6 4; }
"""
"""The style sheet of charts that stand alone, as in a README; a page has it among its own."""


@dataclass(frozen=True, slots=True)
class Bar:
    """One row of a picture of bars."""

    label: str
    value: float
    low: float
    high: float
    kind: str
    """`ours`, `peer` or `floor`."""
    told: str
    """Beside the bar."""
    tip: str = ""


@dataclass(frozen=True, slots=True)
class Series:
    """One line."""

    label: str
    points: Sequence[tuple[float, float]]
    colour: int = 0
    ideal: bool = False
    """What would be best: dashed."""


def bars(rows: Sequence[Bar], title: str) -> str:
    """Bars from zero to the right, with their intervals; the longest fills the picture; floors far beyond are cut."""
    most = _longest(rows)
    room = WIDTH - _LEFT - _RIGHT
    parts = []
    for index, row in enumerate(rows):
        top = 8 + index * _ROW
        cut = row.value > most
        middle, end = top + 10, _LEFT + room * min(1.0, row.value / most)
        low, high = (end if cut else _LEFT + room * min(1.0, at / most) for at in (row.low, row.high))
        parts.append(
            f"<g><title>{escape(row.tip or row.told)}</title>"
            f'<text class="{"" if row.kind == "peer" else "strong"}" x="{_LEFT - 10}" y="{middle + 4}" '
            f'text-anchor="end">{escape(_short(row.label))}</text>'
            f'<rect class="{row.kind}" x="{_LEFT}" y="{top}" width="{max(1.0, end - _LEFT):.1f}" height="20" rx="2"/>'
        )
        if high - low > 1.5:
            parts.append(
                f'<path class="range" d="M{low:.1f} {middle}H{high:.1f}'
                f'M{low:.1f} {middle - 4}v8M{high:.1f} {middle - 4}v8"/>'
            )
        mark = "» " if cut else ""
        parts.append(f'<text x="{max(end, high) + 6:.1f}" y="{middle + 4}">{mark}{escape(row.told)}</text></g>')
    return _svg(WIDTH, 16 + len(rows) * _ROW, title, "".join(parts))


def _longest(rows: Sequence[Bar]) -> float:
    every = max((max(row.value, row.high) for row in rows), default=1.0) or 1.0
    real = [max(row.value, row.high) for row in rows if row.kind != "floor"]
    return min(every, _BEYOND * max(real)) if real else every


def parts_of(rows: Sequence[tuple[str, Sequence[tuple[str, float]]]], unit: str, title: str) -> str:
    """Rows of parts side by side, as `(label, [(part, amount)])`; the largest sum fills the picture."""
    most = max((sum(amount for _, amount in own) for _, own in rows), default=1.0) or 1.0
    names = list(dict.fromkeys(part for _, own in rows for part, _ in own))
    room, drawn = WIDTH - _LEFT - _RIGHT, []
    for index, (label, own) in enumerate(rows):
        top, at = 8 + index * 46, float(_LEFT)
        drawn.append(
            f'<text class="strong" x="{_LEFT - 10}" y="{top + 20}" text-anchor="end">'
            f"{escape(_short(label, _SHORT_STRONG))}</text>"
        )
        for part, amount in own:
            width = room * amount / most
            share = amount / (sum(value for _, value in own) or 1.0)
            tip = escape(f"{part}: {number(amount)} {unit}, {share:.0%}")
            colour = f"var(--c{names.index(part) % COLOURS})"
            drawn.append(
                f'<g><title>{tip}</title><rect x="{at:.1f}" y="{top}" width="{max(0.5, width - 1):.1f}" height="30" '
                f'rx="2" fill="{colour}"/>'
            )
            if width > 46:
                drawn.append(f'<text x="{at + 6:.1f}" y="{top + 19}" style="fill:#fff">{share:.0%}</text>')
            drawn.append("</g>")
            at += width
        total = sum(amount for _, amount in own)
        drawn.append(f'<text x="{at + 8:.1f}" y="{top + 20}">{number(total)} {unit}</text>')
    legend, at = [], float(_LEFT)
    for index, name in enumerate(names):
        y = 16 + len(rows) * 46
        legend.append(f'<rect x="{at:.0f}" y="{y}" width="11" height="11" rx="2" fill="var(--c{index % COLOURS})"/>')
        legend.append(f'<text x="{at + 16:.0f}" y="{y + 10}">{escape(name)}</text>')
        at += 34 + 6.6 * len(name)
    return _svg(WIDTH, 36 + len(rows) * 46, title, "".join([*drawn, *legend]))


def lines(series: Sequence[Series], across: str, up: str, *, height: int = 300, from_zero: bool = True) -> str:
    """Lines over numbers, the horizontal axis as it is, the vertical one from zero."""
    left, right, top, bottom = 56, 110, 30, 42
    points = [point for one in series for point in one.points]
    if not points:
        return ""
    first, last = min(x for x, _ in points), max(x for x, _ in points)
    low = 0.0 if from_zero else min(y for _, y in points)
    high = max(y for _, y in points) * 1.04 or 1.0

    def place(x: float, y: float) -> tuple[float, float]:
        across_room, up_room = WIDTH - left - right, height - top - bottom
        return (
            left + across_room * ((x - first) / (last - first) if last > first else 0.5),
            top + up_room * (1 - (y - low) / (high - low or 1.0)),
        )

    parts = [f'<text class="strong" x="{left}" y="14">{escape(up)}</text>']
    for at in ticks(low, high):
        _, y = place(first, at)
        parts.append(f'<path class="grid" d="M{left} {y:.1f}H{WIDTH - right}"/>')
        parts.append(f'<text x="{left - 8}" y="{y + 4:.1f}" text-anchor="end">{number(at)}</text>')
    few = sorted({x for x, _ in points})
    for at in few if len(few) <= 8 else ticks(first, last):
        x, _ = place(at, low)
        parts.append(f'<text x="{x:.1f}" y="{height - bottom + 18}" text-anchor="middle">{number(at)}</text>')
    middle = (left + WIDTH - right) / 2
    parts.append(f'<text x="{middle}" y="{height - 4}" text-anchor="middle">{escape(across)}</text>')
    for one in series:
        drawn = [place(*point) for point in one.points]
        path = "".join(f"{'L' if index else 'M'}{x:.1f} {y:.1f}" for index, (x, y) in enumerate(drawn))
        look = 'class="ideal"' if one.ideal else f'fill="none" stroke="var(--c{one.colour})" stroke-width="2"'
        parts.append(f'<path d="{path}" {look}/>')
        if len(drawn) <= 16 and not one.ideal:
            for (x, y), (at, value) in zip(drawn, one.points, strict=True):
                tip = escape(f"{one.label}: {number(value)} at {number(at)}")
                parts.append(
                    f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3.5" fill="var(--c{one.colour})">'
                    f"<title>{tip}</title></circle>"
                )
    parts += _labels([(one.label, *place(*one.points[-1])) for one in series if one.points])
    return _svg(WIDTH, height, up, "".join(parts))


def _labels(ends: Sequence[tuple[str, float, float]]) -> list[str]:
    """Labels beside the ends of lines, none over another."""
    parts, below = [], -math.inf
    for label, x, y in sorted(ends, key=lambda end: end[2]):
        below = max(y + 4, below + 14)
        parts.append(f'<text x="{x + 8:.1f}" y="{below:.1f}">{escape(label)}</text>')
    return parts


def standalone(svg: str) -> str:
    """The chart as a file of its own."""
    begins = svg.index(">") + 1
    head = svg[:begins].replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1)
    return f"{head}<style>{STYLE}</style>{svg[begins:]}\n"


def ticks(low: float, high: float, count: int = 5) -> list[float]:
    """Round numbers between two ends, about so many."""
    rough = (high - low) / count or 1.0
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(times * power for times in (1, 2, 5, 10) if times * power >= rough * (1 - 1e-9))
    first = math.ceil(low / step - 1e-9)
    return [round(index * step, 12) for index in range(first, math.floor(high / step + 1e-9) + 1)]


def number(value: float) -> str:
    """Three digits, or all before the point."""
    if value == 0:
        return "0"
    if abs(value) >= 100:
        return f"{value:,.0f}"
    digits = max(0, 2 - math.floor(math.log10(abs(value))))
    text = f"{value:.{min(digits, 6)}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _short(label: str, most: int = _SHORT) -> str:
    return label if len(label) <= most else label[: most - 1] + "…"


def _svg(width: float, height: float, title: str, inside: str) -> str:
    return f'<svg viewBox="0 0 {width:.0f} {height:.0f}" role="img" aria-label="{escape(title)}">{inside}</svg>'
