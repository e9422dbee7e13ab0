"""A result as one web page: tables and charts, in light and in dark."""

from collections.abc import Mapping
from html import escape
from pathlib import Path
from typing import Any

from autohdr.files.whole import write_atomically
from autohdr_bench.speed import capacity
from autohdr_bench.speed.results import Figure, Group, Result, Stage
from autohdr_bench.speed.table import cells, columns, conditions, facts
from autohdr_export.web.chart import Bar, Series, bars, lines, number, parts_of
from autohdr_export.web.page import page, remark, section, table

TITLES = {
    "limits": "What this machine allows at best",
    "decode": "Decoding: a file's bytes to its sensor data, one thread",
    "prepare": "Preparation: RAW file to network input, one thread",
    "scene": "Scene light and developing, one thread",
    "engine": "The network alone",
    "run": "From end to end",
    "train": "Training",
    "scale": "A large shoot",
}
ORDER = ("run", "decode", "prepare", "scene", "engine", "train", "scale", "limits")


def write_page(result: Result, path: Path) -> None:
    """Raises:
    FileError: it cannot be written.
    """
    write_atomically(path, render(result).encode())


def render(result: Result) -> str:
    """The page's text."""
    body = [_tiles(result), _pipeline(result)]
    body += [_stage(stage) for name in ORDER if (stage := result.stage(name)) is not None]
    body += [_bounds(result), _sizing(result)]
    title = "How fast autohdr is"
    head = f"<header><h1>{title}</h1><p>{_machine(result)}</p>{_warning(result)}</header>"
    main = "\n".join(part for part in body if part)
    style = Path(__file__).with_name("page.css").read_text(encoding="utf-8")
    return page(f"{title}: {result.machine['processor']}", f"{head}\n<main>\n{main}\n</main>", style)


def _machine(result: Result) -> str:
    machine = result.machine
    gpus = ", ".join(gpu["name"] for gpu in machine["gpus"]) or "no GPU"
    packages = ", ".join(f"{name} {version}" for name, version in machine["packages"].items())
    commit = f"commit {result.commit[:10]}{' with changes' if result.dirty else ''}" if result.commit else "no checkout"
    about = (
        f"{machine['processor']}, {machine['cores']} cores, {machine['memory_gb']} GB, {gpus}, {machine['system']}. "
        f"Profile {result.profile}, {commit}, {result.made}, measured in {result.seconds / 60:.1f} minutes."
    )
    return f"{escape(about)}<br>Python {escape(machine['python'])}, {escape(packages)}."


def _warning(result: Result) -> str:
    if not result.disturbed:
        return ""
    which = "everything" if len(result.disturbed) > 12 else ", ".join(result.disturbed)
    text = f"Other processes used the cores meanwhile, so these figures are not valid: {which}."
    return f'<p class="warn">{escape(text)}</p>'


def _tiles(result: Result) -> str:
    run = result.stage("run")
    if run is None:
        return ""
    tiles = []
    for name, told in run.extra.items():
        group = run.group(name)
        ours = None if group is None else group.figure("autohdr, without its start")
        tiles.append((f"{number(told['raws_per_minute'])}", f"RAWs a minute: {name}"))
        if group is not None and ours is not None:
            tiles.append((f"{number(group.times_as_fast(ours) or 0)}x", f"as fast as {group.baseline}"))
        tiles.append((told["limit"], "bounds the whole"))
        tiles.append((f"{number(told['of_limit'])}x", "the time which that bound allows"))
    shown = "".join(
        f'<div class="tile"><b>{escape(value)}</b><span>{escape(told)}</span></div>' for value, told in tiles
    )
    return f'<div class="tiles">{shown}</div>'


def _pipeline(result: Result) -> str:
    run = result.stage("run")
    if run is None or not run.extra:
        return ""
    pictures = "".join(
        f'<div class="card"><h3>{escape(name)}</h3>{parts_of(_clocks(told), "ms", f"Time of a photo by stage: {name}")}'
        "</div>"
        for name, told in run.extra.items()
    )
    head = ("shoot", "slowest stage", "whole / stage", "bound by", "whole / bound", "RAWs a minute")
    rows = [
        (
            name,
            told["slowest_stage"],
            f"{told['of_slowest']:.2f}x",
            told["limit"],
            f"{told['of_limit']:.2f}x",
            number(told["raws_per_minute"]),
        )
        for name, told in run.extra.items()
    ]
    return section(
        "Where the time of a photo goes",
        pictures + table(head, rows),
        "Each stage alone, over the same photos, with the threads that it has in a run. Stages work at the same time, "
        "so the wall times do not add up to the whole's.",
    )


def _clocks(told: Mapping[str, Any]) -> list[tuple[str, list[tuple[str, float]]]]:
    """Milliseconds of each stage, by both clocks."""
    return [
        (f"{clock} time", [(stage, 1e3 * seconds) for stage, seconds in told[key].items()])
        for clock, key in (("processor", "cpu_seconds"), ("wall", "wall_seconds"))
    ]


def _stage(stage: Stage) -> str:
    parts = [f'<div class="cards">{"".join(_group(group) for group in stage.groups)}</div>']
    parts += [remark(f"Left out: {note}") for note in stage.notes]
    parts += [_over_time(stage.extra)] if stage.name == "scale" else []
    key = "".join(
        f'<i class="key" style="{look}"></i>{text}'
        for look, text in (
            ("background:var(--ours)", "autohdr"),
            ("background:var(--peer)", "what people would use instead"),
            ("border:1px dashed var(--floor)", "what the machine allows"),
        )
    )
    return section(TITLES.get(stage.name, stage.name), f'<p class="note">{key}</p>' + "".join(parts))


def _group(group: Group) -> str:
    if group.name == "threads":
        picture = _threads(group)
    else:
        picture = bars([_bar(figure, group) for figure in group.figures], group.name)
    notes = [
        *group.notes,
        *conditions(group.conditions),
        *(f"{figure.name}: {figure.note}" for figure in group.figures if figure.note),
    ]
    below = "".join(remark(f"{note.strip()}.") for note in notes)
    return (
        f'<div class="card"><h3>{escape(group.name)}</h3>{remark(facts(group))}{picture}'
        f"<details><summary>Figures and notes</summary>{_table(group)}{below}</details></div>"
    )


def _bar(figure: Figure, group: Group) -> Bar:
    """Speed, longer is faster; parts of a whole, which are compared with nothing, as time."""
    low, high = figure.interval
    tip = (
        f"{figure.name}: {number(1e3 * figure.median)} ms ({number(1e3 * low)} to {number(1e3 * high)}) a {group.unit}"
    )
    if group.baseline is None and figure.role == "ours":
        return Bar(figure.name, figure.median, low, high, figure.role, f"{number(1e3 * figure.median)} ms", tip)
    faster = group.times_as_fast(figure)
    multiple = "" if faster is None or figure.role == "floor" else f", {number(faster)}x"
    speed = f"{number(1 / figure.median)} {group.unit}{'s' if group.unit.islower() else ''}/s{multiple}"
    return Bar(figure.name, 1 / figure.median, 1 / high, 1 / low, figure.role, speed, tip)


def _threads(group: Group) -> str:
    measured = sorted((int(figure.name), 1 / figure.median) for figure in group.figures if figure.name.isdigit())
    one = measured[0][1]
    lost = capacity.contention(group)
    model = [(count, one * capacity.Machine(count, 0.0, lost).effective) for count, _ in measured]
    return lines(
        [
            Series("perfect", [(count, one * count) for count, _ in measured], ideal=True),
            Series(f"model, s {lost:.3f}", model, colour=1),
            Series("measured", measured),
        ],
        "threads",
        "photos a second",
    )


def _table(group: Group) -> str:
    rows = []
    for figure in group.figures:
        low, high = figure.interval
        interval = f"{number(1e3 * low)} to {number(1e3 * high)}" if len(figure.wall) > 1 else ""
        memory = "" if figure.memory is None else f"{figure.memory / 1e6:.0f} MB"
        rows.append((figure.name, *cells(figure, group), interval, memory))
    head = ("", *columns(group), "interval, ms", "memory")
    return table(head, rows, looks=[figure.role for figure in group.figures])


def _bounds(result: Result) -> str:
    """What is ours beside its floor, all stages."""
    rows = []
    for stage in result.stages:
        for group in stage.groups:
            floor = group.figure(group.floor)
            ours = [figure for figure in group.figures if figure.role == "ours"]
            if floor is None or not ours:
                continue
            best = min(ours, key=lambda figure: figure.median)
            rows.append(
                (
                    f"{stage.name}, {group.name}",
                    best.name,
                    number(1e3 * best.median),
                    number(1e3 * floor.median),
                    f"{number(best.median / floor.median)}x",
                    floor.note,
                )
            )
    if not rows:
        return ""
    head = ("", "our fastest", "ms", "floor, ms", "times the floor", "the floor is")
    return section(
        "How far each stage is from its limit",
        table(head, rows, "last-words"),
        "Floors were measured on this machine in the same run, or follow from rates that were.",
    )


def _sizing(result: Result) -> str:
    """RAWs a minute of other machines, and how well the model knows this one."""
    run = result.stage("run")
    if run is None or not run.extra:
        return ""
    lost = capacity.lost_in(result)
    head = ("cores", *capacity.DISKS)
    parts = [
        f"<h3>{escape(name)}</h3>{table(head, capacity.table(capacity.work_of(told), lost))}"
        for name, told in run.extra.items()
    ]
    rows = [
        (
            check["name"],
            number(check["predicted_raws_per_minute"]),
            number(check["measured_raws_per_minute"]),
            f"{100 * check['off']:+.1f} %",
        )
        for check in capacity.checks(result)
    ]
    return section(
        "What other machines would do",
        "".join(parts) + table(("the model on this machine", "predicted", "measured", "a photo takes"), rows),
        "RAWs a minute from the stages measured here, with cores as fast as these: the least of what cores, disk and "
        "single threads allow. Disks are taken at what they are sold as.",
    )


def _over_time(extra: dict[str, Any]) -> str:
    """Throughput and memory of a large shoot."""
    if "seconds" not in extra:
        return ""
    minutes = [second / 60 for second in extra["seconds"]]
    speed = list(zip(minutes, extra["raws_per_minute"], strict=True))
    memory = [(at, value / 1e6) for at, value in zip(minutes, extra["memory_bytes"], strict=True)]
    pictures = (
        lines([Series("", speed)], "minutes", "RAWs a minute", height=240),
        lines([Series("", memory, colour=2)], "minutes", "memory of all processes, MB", height=240),
    )
    return f'<div class="cards">{"".join(f"""<div class="card">{picture}</div>""" for picture in pictures)}</div>'
