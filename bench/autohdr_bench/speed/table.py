"""A result as text of at most 120 columns."""

from autohdr_bench.speed.method.rounds import Conditions
from autohdr_bench.speed.method.stats import QUIET
from autohdr_bench.speed.results import Figure, Group, Result, Stage

_NAME = 34


def text(result: Result) -> str:
    """All stages, and how to read them."""
    lines = [line for stage in result.stages for line in (*_stage(stage), "")]
    lines.append(
        f"Medians of rounds in turn; quote the ratios. '!' spreads by more than {QUIET:.1%}; '?' was disturbed by "
        "other processes."
    )
    if result.disturbed:
        lines.append(f"Not valid, the machine was in use: {'; '.join(result.disturbed)}")
    return "\n".join(lines)


def _stage(stage: Stage) -> list[str]:
    lines = [f"{stage.name.upper()}"]
    for group in stage.groups:
        lines += ["", *_group(group)]
    return [*lines, *(f"left out: {note}" for note in stage.notes)]


def _group(group: Group) -> list[str]:
    facts = ", ".join(
        f"{key.replace('_', ' ')} {_number(value)}" for key, value in group.facts.items() if _plain(value)
    )
    columns = (
        "ms",
        f"{group.unit}/s",
        "cpu ms",
        f"of {group.baseline}"[:11] if group.baseline else "",
        "of floor" if group.floor else "",
        "spread",
    )
    head = f"{group.name[: _NAME + 30]}{', ' + facts if facts else ''}"
    return [
        head[:120],
        " " * _NAME + "".join(f"{column:>12}" for column in columns),
        *(_figure(figure, group) for figure in group.figures),
        *(f"  {note}" for note in group.notes),
        *conditions(group.conditions),
    ]


def _figure(figure: Figure, group: Group) -> str:
    cells = [_ms(figure.median), _number(1 / figure.median)]
    cells.append("-" if figure.processor is None else _ms(figure.processor))
    faster, of_floor = group.times_as_fast(figure), group.of_floor(figure)
    cells.append("" if faster is None or figure.role == "floor" else f"{faster:.2f}x")
    cells.append("" if of_floor is None or figure.name == group.floor else f"{of_floor:.2f}x")
    cells.append(spread_cell(figure, group.conditions))
    return f"  {figure.name[: _NAME - 3]:{_NAME - 2}}" + "".join(f"{cell:>12}" for cell in cells)


def spread_cell(figure: Figure, met: Conditions) -> str:
    """In percent, marked where the machine was not quiet, or in use; one round has none."""
    if len(figure.wall) == 1:
        return "- "
    return f"{figure.spread:.1%}{'!' if figure.noisy else ' '}{'' if met.valid else '?'}"


def conditions(met: Conditions) -> list[str]:
    """What the machine did meanwhile, where that is to be known."""
    lines = []
    if met.disturbed:
        outcome = "others were measured instead" if met.valid else "so these figures are not valid"
        lines.append(f"  {met.disturbed} rounds were disturbed by other processes; {outcome}")
    if met.throttled:
        lines.append(f"  the processor's clock slowed down by {met.slowed:.0%} meanwhile")
    return lines


def _ms(seconds: float) -> str:
    return _number(seconds * 1e3)


def _plain(value: object) -> bool:
    return isinstance(value, int | float | str)


def _number(value: object) -> str:
    """Three digits, or all before the point."""
    if not isinstance(value, float):
        return f"{value:,}" if isinstance(value, int) else str(value)
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"
