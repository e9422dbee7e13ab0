"""A result as text of at most 120 columns, and the cells that its page shares with it."""

from autohdr_bench.speed.method.rounds import Conditions
from autohdr_bench.speed.method.stats import QUIET
from autohdr_bench.speed.results import Figure, Group, Result, Stage
from autohdr_export.web.chart import number

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
    told = facts(group)
    return [
        f"{group.name[: _NAME + 30]}{', ' + told if told else ''}"[:120],
        " " * _NAME + "".join(f"{column[:11]:>12}" for column in columns(group)),
        *(
            f"  {figure.name[: _NAME - 3]:{_NAME - 2}}" + "".join(f"{cell:>12}" for cell in cells(figure, group))
            for figure in group.figures
        ),
        *(f"  {note}" for note in group.notes),
        *conditions(group.conditions),
    ]


def facts(group: Group) -> str:
    """Says what is known of the work."""
    known = {key.replace("_", " "): value for key, value in group.facts.items()}
    return ", ".join(
        f"{key} {number(value) if isinstance(value, int | float) else value}"
        for key, value in known.items()
        if isinstance(value, int | float | str)
    )


def columns(group: Group) -> tuple[str, ...]:
    """The heads of `cells`."""
    baseline = f"of {group.baseline}" if group.baseline else ""
    return ("ms", f"{group.unit}/s", "cpu ms", baseline, "of floor" if group.floor else "", "spread")


def cells(figure: Figure, group: Group) -> tuple[str, ...]:
    """A row of a group's table, without the figure's name; empty where there is nothing to tell."""
    faster, of_floor = group.times_as_fast(figure), group.of_floor(figure)
    return (
        number(1e3 * figure.median),
        number(1 / figure.median),
        "-" if figure.processor is None else number(1e3 * figure.processor),
        "" if faster is None or figure.role == "floor" else f"{number(faster)}x",
        "" if of_floor is None or figure.name == group.floor else f"{number(of_floor)}x",
        _spread(figure, group.conditions),
    )


def _spread(figure: Figure, met: Conditions) -> str:
    """The spread in percent, marked where the machine was not quiet, or in use; one round has none."""
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
