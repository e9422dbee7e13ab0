"""Fills the tables of the README and of docs/evidence/speed.md from the results that are kept.

`<!-- bench:prepare -->` begins the table of that name, `<!-- /bench -->` ends it. The names are those of `BLOCKS`. What
stands between two marks is never written by hand.
"""

import re
from collections.abc import Callable, Sequence
from pathlib import Path

from autohdr.errors import FileError, SettingsError
from autohdr.files.whole import write_atomically
from autohdr_bench.speed import capacity
from autohdr_bench.speed.results import Group, Result, load
from autohdr_export.web.chart import Bar, bars, number, parts_of, standalone

MARK = re.compile(r"(<!-- bench:([a-z]+) -->\n)(.*?)(<!-- /bench -->)", re.DOTALL)
EMPTY = "-"
NOISY = "~"
"""The mark before a figure that spread by more than 2.5 %."""


PAGES = ("README.md", "docs/evidence/speed.md")
"""The pages of a checkout that have such tables."""


def update(page: Path, results: Path) -> bool:
    """Writes the tables into a page, and beside it the pictures that it shows; whether the page changed.

    Args:
        page: Markdown with marks.
        results: a folder of results, one a machine.

    Raises:
        SettingsError: the folder holds no result, one that was disturbed, or a mark names no table.
        FileError: a file cannot be read or written.
    """
    found = read(results)
    try:
        before = page.read_text(encoding="utf-8")
    except OSError as error:
        raise FileError(f"{page}: cannot be read ({error.strerror}); name a page with marks") from error
    for result, path in found:
        for name, picture in pictures(result).items():
            beside = page.with_name(f"{path.stem}-{name}.svg")
            if f"({beside.name})" in before:
                write_atomically(beside, standalone(picture).encode())
    after = filled(before, [result for result, _ in found])
    if after != before:
        write_atomically(page, after.encode())
    return after != before


def read(results: Path) -> list[tuple[Result, Path]]:
    """The results of a folder, in the order of their names.

    Raises:
        SettingsError: there are none, or one was disturbed.
    """
    paths = sorted(results.glob("*.json"))
    if not paths:
        raise SettingsError(f"{results} holds no results; make one: autohdr bench all --profile full --out {results}")
    found = [(load(path), path) for path in paths]
    for result, path in found:
        if result.disturbed:
            which = "; ".join(result.disturbed[:3])
            raise SettingsError(f"{path} was disturbed by other processes ({which}); measure again on a quiet machine")
    return found


def filled(text: str, results: Sequence[Result]) -> str:
    """A page's text with every table made anew.

    Raises:
        SettingsError: a mark names no table.
    """

    def make(match: re.Match[str]) -> str:
        name = match[2]
        if name not in BLOCKS:
            raise SettingsError(f"the page has a mark bench:{name}; expected one of {', '.join(BLOCKS)}")
        return f"{match[1]}{BLOCKS[name](results)}\n{match[4]}"

    return MARK.sub(make, text)


def pictures(result: Result) -> dict[str, str]:
    """Draws the pictures of one result that a page may show, by name."""
    run = result.stage("run")
    if run is None or not run.extra:
        return {}
    groups = [group for name in run.extra if (group := run.group(name)) is not None]
    rows = [
        Bar(
            figure.name,
            60 / figure.median,
            60 / figure.interval[1],
            60 / figure.interval[0],
            figure.role,
            _speed(group, figure.name),
        )
        for group in groups[:1]
        for figure in group.figures
    ]
    parts = [
        (name, [(stage, 1e3 * taken) for stage, taken in told["cpu_seconds"].items()])
        for name, told in run.extra.items()
    ]
    return {
        "peers": bars(rows, "RAWs a minute, from end to end"),
        "stages": parts_of(parts, "ms", "Processor time of a photo by stage"),
    }


def _speed(group: Group, name: str) -> str:
    figure = group.figure(name)
    assert figure is not None
    return f"{number(60 / figure.median)} a minute, {number(group.times_as_fast(figure) or 0)}x"


def _summary(results: Sequence[Result]) -> str:
    """A row for each shoot: photos a minute from end to end, and how many times as fast as AutoHDR (2024)."""
    rows = []
    for machine, group in _groups(results, "run"):
        ours = group.figure("autohdr")
        if ours is None or group.baseline is None:
            continue
        size = f"{group.facts['photos']} photos of {group.facts['megapixels']:.0f} megapixels"
        noisy = NOISY * ours.noisy
        times = number(group.times_as_fast(ours) or 0)
        rows.append((machine, f"{size} ({group.name})", f"{noisy}{number(60 / ours.median)}", f"{noisy}{times}"))
    return _table(("machine", "shoot", "photos a minute", "times as fast as AutoHDR (2024)"), rows)


def _prepare(results: Sequence[Result]) -> str:
    """A row for each file, a column for each candidate."""
    names = ("rawpy", "half_size", "libraw", "flashraw", "preview")
    rows = []
    for machine, group in _groups(results, "prepare"):
        if group.figure("rawpy") is None:
            continue
        cells = [_times(group, name) for name in names]
        rows.append((machine, group.name, f"{group.facts['megapixels']:.1f}", *cells))
    head = (
        "machine",
        "file",
        "megapixels",
        "rawpy's development",
        "`half_size`",
        "ours, LibRaw",
        "ours, flashraw",
        "the preview",
    )
    return _table(head, rows)


def _decode(results: Sequence[Result]) -> str:
    names = ("libraw", "flashraw", "floor")
    rows = [
        (machine, group.name, *(_times(group, name) for name in names)) for machine, group in _groups(results, "decode")
    ]
    return _table(("machine", "file", "LibRaw", "flashraw", "the floor"), rows)


def _run(results: Sequence[Result]) -> str:
    """A row for each way from end to end, a column for each shoot."""
    shoots = [(machine, group) for machine, group in _groups(results, "run") if group.baseline is not None]
    names = list(dict.fromkeys(group.name for _, group in shoots))
    rows: dict[tuple[str, str], dict[str, str]] = {}
    for machine, group in shoots:
        for figure in group.figures:
            told = f"{NOISY * figure.noisy}{number(60 / figure.median)} ({number(group.times_as_fast(figure) or 0)}x)"
            rows.setdefault((machine, figure.name), {})[group.name] = told
    cells = [(machine, way, *(own.get(name, EMPTY) for name in names)) for (machine, way), own in rows.items()]
    return _table(("machine", "way", *names), cells)


def _engine(results: Sequence[Result]) -> str:
    """A row for each way to run the network, a column for each batch."""
    rows, batches = [], []
    for result in results:
        stage = result.stage("engine")
        groups = () if stage is None else stage.groups
        batches += [group.name.rpartition(" ")[2] for group in groups]
        for network in dict.fromkeys(group.name.rpartition(", batch ")[0] for group in groups):
            own = {
                group.name.rpartition(" ")[2]: group for group in groups if group.name.startswith(f"{network}, batch ")
            }
            for name in dict.fromkeys(figure.name for group in own.values() for figure in group.figures):
                rows.append((_machine(result), network, name, own))
    columns = sorted(set(batches), key=int)
    cells = [
        (machine, network, name, *(_rate(own, batch, name) for batch in columns))
        for machine, network, name, own in rows
    ]
    return _table(("machine", "network", "way", *(f"batch {batch}, photos/s" for batch in columns)), cells)


def _sizes(results: Sequence[Result]) -> str:
    """RAWs a minute of other machines, of the first shoot of the first result."""
    for result in results:
        run = result.stage("run")
        for told in (run.extra if run is not None else {}).values():
            rows = capacity.table(capacity.work_of(told), capacity.lost_in(result))
            return _table(("cores", *capacity.DISKS), rows)
    return EMPTY


BLOCKS: dict[str, Callable[[Sequence[Result]], str]] = {
    "decode": _decode,
    "prepare": _prepare,
    "run": _run,
    "engine": _engine,
    "sizes": _sizes,
    "speed": _summary,
}
"""What writes each block of a page, by the block's mark."""


def _groups(results: Sequence[Result], name: str) -> list[tuple[str, Group]]:
    return [
        (_machine(result), group)
        for result in results
        if (stage := result.stage(name)) is not None
        for group in stage.groups
    ]


def _machine(result: Result) -> str:
    gpus = "".join(f", {gpu['name']}" for gpu in result.machine["gpus"])
    return f"{result.machine['processor']}, {result.machine['cores']} cores{gpus}"


def _times(group: Group, name: str) -> str:
    """Times as fast as the baseline; of the baseline, its time."""
    figure = group.figure(name)
    if figure is None:
        return EMPTY
    if name == group.baseline:
        return f"1 ({NOISY * figure.noisy}{figure.median * 1e3:.0f} ms)"
    return f"{NOISY * figure.noisy}{number(group.times_as_fast(figure) or 0)}x"


def _rate(own: dict[str, Group], batch: str, name: str) -> str:
    group = own.get(batch)
    figure = None if group is None else group.figure(name)
    return EMPTY if figure is None else f"{NOISY * figure.noisy}{number(1 / figure.median)}"


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Markdown; a machine that all rows share is not told in each."""
    if head[0] == "machine" and len({row[0] for row in rows}) <= 1:
        head, rows = head[1:], [row[1:] for row in rows]
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)
