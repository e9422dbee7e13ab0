"""Prints a run: a line a photo, and a summary with what to do about each failure."""

import shlex
from collections.abc import Iterator
from pathlib import Path

from autohdr.catalog.named import is_catalog
from autohdr.cli.console import printable
from autohdr.mode import Mode
from autohdr.run.results.report import Report, Result, Status
from autohdr.sidecar.settings.marks import Mark
from autohdr.sliders import BALANCE, FURTHER, SLIDERS, spell

SHOWN = (*SLIDERS, *BALANCE, *FURTHER)
"""Sliders in the order in which they are printed."""


def line(result: Result, *, dry_run: bool = False, verbose: bool = False) -> str:
    """The line of one photo; in a dry run, with what would change in its sidecar."""
    if result.status != "labelled" or result.sliders is None or result.sidecar is None:
        reason = result.reason or ""
        place = "" if str(result.path) in reason else f"{result.path}: "
        return printable(f"{result.status}: {place}{reason}")
    values = _changes(result.changes or {}) if dry_run else _values(result.sliders)
    if result.preset and (dry_run or verbose):
        values += f"  and {', '.join(result.preset)}"
    note = f"  ({result.reason})" if result.reason else ""
    details = f"  [{_details(result)}]" if verbose else ""
    return printable(
        f"{result.path} -> {'(dry run) ' if dry_run else ''}{result.sidecar.name}  {values}{note}{details}"
    )


def summary(
    report: Report,
    paths: tuple[Path, ...],
    *,
    chosen: bool = False,
    dry_run: bool = False,
    page: bool = False,
    mark: str | None = None,
) -> str:
    """The whole run: what failed and was skipped, grouped by reason, then the sums.

    Args:
        report: of the run.
        paths: that were named.
        chosen: whether photos of catalogs were chosen among.
        dry_run: whether nothing was written.
        page: whether the run has one.
        mark: what its photos are marked with.
    """
    if not report.photos and report.shard is not None:
        return f"No RAW files of {', '.join(map(str, paths))} are in shard {report.shard}."
    if not report.photos and any(is_catalog(path) for path in paths):
        return f"No RAW files in {', '.join(map(str, paths))}{' that --only chooses' if chosen else ''}."
    if not report.photos:
        return (
            f"No RAW files in {', '.join(map(str, paths))}; expected files such as IMG_1.CR3, .NEF, .ARW, .RAF or .DNG."
        )
    shard = "" if report.shard is None else f" in shard {report.shard}"
    not_done = f", {report.not_done} not done" if report.not_done else ""
    rate = f" ({report.raws_per_minute:.0f} a minute)" if report.count("labelled") else ""
    sums = (
        f"{report.count('labelled')} labelled{' (dry run, nothing written)' if dry_run else ''}, "
        f"{report.count('skipped')} skipped, {report.count('failed')} failed{not_done} of "
        f"{_photos(report.photos)}{shard} in {report.seconds:.1f} s{rate}, with {_whose(report)} on engine "
        f"{report.engine['name']}{_precision(report)}; the edits are in {Mode.from_dict(report.model.get('mode'))}."
    )
    way = (
        "the page"
        if page
        else f"--page FOLDER{'' if report.shard is None else ' without --shard'}"
        if dry_run or any(is_catalog(path) for path in paths)
        else f"autohdr page {shlex.join(map(str, paths))} --out FOLDER"
    )
    ended = [line for status in ("skipped", "failed") for line in _groups(report, status)]
    after = (
        *_preset(report),
        *_series(report),
        *_doubts(report, way),
        *_marked(report, mark, dry_run),
        *_afterwards(report),
    )
    return "\n".join([*ended, sums, *after])


def _precision(report: Report) -> str:
    precision = report.model.get("precision", "float32")
    return "" if precision == "float32" else f" in {precision}"


def _whose(report: Report) -> str:
    """The style that made the labels, or else the model."""
    style = report.model.get("style")
    if style is None:
        return f"model {report.model['name']}"
    preset = not any(row["learnt"] and row["photos"] for row in style["scores"])
    return f"style {Path(style['path']).name}{' (a preset: your usual values in every photo)' if preset else ''}"


def _series(report: Report) -> Iterator[str]:
    """A line on how many series there are, where there are any."""
    count, photos = report.series
    if count:
        kinds = sorted((kind, number) for kind, number in report.sums.kinds.items() if kind != "series")
        special = [f"{number} {kind}{'s' if number > 1 else ''}" for kind, number in kinds]
        of_them = f" ({', '.join(special)})" if special else ""
        are = "is" if photos == 1 else "are"
        yield f"{_photos(photos)} {are} in {count} series{of_them}: each series has one look."


def _photos(count: int) -> str:
    return f"{count} photo{'' if count == 1 else 's'}"


def _preset(report: Report) -> Iterator[str]:
    """A line on what a style writes beside sliders, where it does."""
    style = report.model.get("style")
    if style is None or report.model["only_sliders"] or not report.count("labelled"):
        return
    if words := style["preset"]["words"]:
        yield printable(f"Written with every label: {', '.join(words)}; --only-sliders leaves it out.")


def _doubts(report: Report, way: str) -> Iterator[str]:
    """A line on how many photos are worth a look, and what shows them first, where there are any."""
    if report.to_check is not None and report.to_check[0]:
        some, every = report.to_check
        are, them = ("is", "it") if some == 1 else ("are", "them")
        yield printable(
            f"{some} of {_photos(every)} {are} unlike all edits that the style learnt from, and may look noticeably "
            f"different from an edit of your own: {way} shows {them} first."
        )


def _marked(report: Report, mark: str | None, dry_run: bool) -> Iterator[str]:
    """A line on how to find the photos that are marked, where that was asked for and there are any."""
    if mark is not None and report.marked:
        has, them = ("has", "it") if report.marked == 1 else ("have", "them")
        then = "" if dry_run else f"; find {them} by that in Lightroom"
        yield printable(f"{report.marked} {'would get' if dry_run else has} {Mark.parse(mark)}{then}.")


def _afterwards(report: Report) -> Iterator[str]:
    """Lines on what else the photographer should know."""
    if report.next_step is not None:
        yield printable(report.next_step)
    if report.stopped is not None:
        yield f"The run ended early: {report.stopped}. The same command goes on with the {report.not_done} not done."


def _groups(report: Report, status: Status) -> Iterator[str]:
    """The reasons of the photos that ended so, the most frequent first."""
    for group in report.sums.groups(status):
        reason, _, step = group.reason.partition("; ")
        yield f"{group.count:7} {status}: {printable(reason)}"
        if step:
            yield f"{'':8}-> {step}"
        if status == "failed":
            more = f" and {group.count - len(group.names)} more" if group.count > len(group.names) else ""
            yield f"{'':8}{printable(', '.join(group.names))}{more}"


def _values(sliders: dict[str, float]) -> str:
    found = [(slider, sliders[slider.key]) for slider in SHOWN if slider.key in sliders]
    return "  ".join(f"{slider.name} {spell(slider.key, value)}" for slider, value in found)


def _changes(changes: dict[str, tuple[float | None, float | None]]) -> str:
    """The mode, and slider by slider, before and after."""
    found = [(slider, *changes[slider.key]) for slider in SHOWN if slider.key in changes]
    spelled = (
        f"{slider.name} {' -> '.join('unset' if value is None else spell(slider.key, value) for value in pair)}"
        for slider, *pair in found
    )
    before_and_after = changes.get("HDREditMode")
    mode = [] if before_and_after is None else [f"HDR {' -> '.join('on' if on else 'off' for on in before_and_after)}"]
    return "  ".join([*mode, *spelled]) or "no slider changes"


def _details(result: Result) -> str:
    parts = [result.decoder, result.white_balance and f"white balance {result.white_balance}"]
    if (series := result.series) is not None:
        parts.append(f"{'series' if series.kind == 'series' else f'{series.kind}, series'} {series.number}")
    parts.append(None if result.seconds is None else f"{result.seconds:.3f} s")
    return ", ".join(part for part in parts if part)
