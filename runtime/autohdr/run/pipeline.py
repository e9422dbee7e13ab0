"""The pipeline: photos are read and prepared by threads, labelled in batches, and their sidecars written.

    find -> [look at sidecar and shot] -> block -> [read] -> [decode, prepare]* -> batch -> [network] -> block
         -> [make series agree] -> [merge and write sidecar] -> Report

What is in brackets has a thread of its own, decoding several. A block is photos that may be of one series
(`autohdr.series`): they are looked at together before the first is read, and wait for one another before the first is
written. Each stage hands over a bounded number of photos, so memory does not grow with the shoot. The order of the
results is that of the photos, however many threads there are. What is finished is written down, so a run that was
stopped goes on.
"""

import contextlib
import os
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from autohdr.errors import FileError, SettingsError
from autohdr.files.look import absolute
from autohdr.raw.decoders.base import Decoder
from autohdr.run.arguments import check_paths
from autohdr.run.catalogs import Found, find
from autohdr.run.labeller import open_labeller, open_shared
from autohdr.run.results.notes import Note, dng_note
from autohdr.run.results.report import DngLabels, Report, Result
from autohdr.run.results.table import UnwrittenError, check_report, write_table
from autohdr.run.settings import Gathered, Settings, gather
from autohdr.run.spread.names import check_named
from autohdr.run.spread.parcels import Shard
from autohdr.run.spread.streamed import Streamed, Told
from autohdr.run.state.resume import remembering
from autohdr.run.stop import Stop
from autohdr.words import BATCH, DecoderName, Existing, Naming

if TYPE_CHECKING:
    from autohdr.review.alongside import Alongside


def label(
    paths: str | os.PathLike[str] | Iterable[str | os.PathLike[str]],
    *,
    style: str | os.PathLike[str] | None = None,
    model: str | os.PathLike[str] | None = None,
    engine: str = "auto",
    decoder: DecoderName = "auto",
    existing: Existing = "skip",
    sidecar: Naming = "adobe",
    embed: bool | None = None,
    sdr: bool = False,
    only_sliders: bool = False,
    threads: int | None = None,
    batch: int = BATCH,
    dry_run: bool = False,
    cache: str | os.PathLike[str] | None = None,
    report: str | os.PathLike[str] | None = None,
    page: str | os.PathLike[str] | None = None,
    watch: bool = False,
    shard: str | None = None,
    cluster: str | None = None,
    mark: str | None = None,
    only: Sequence[str] = (),
    root: Sequence[str] = (),
    stop: threading.Event | None = None,
    on_start: Callable[[int], None] = lambda photos: None,
    on_note: Callable[[Note], None] = lambda note: None,
    on_result: Callable[[Result], None] = lambda result: None,
) -> Report:
    """Label RAW files: write the eight sliders and the HDR mode into a sidecar beside each, or into a DNG itself. Of a
    Lightroom catalog, its photos are labelled that it says nobody has edited; it is never written.

    Photos of one scene, seconds apart, have one look: series, brackets and panoramas are found among those that are
    named. A photo that an earlier run has finished is skipped, unless its RAW file, its sidecar, the model or another
    setting has changed since. A disk that is full or read-only and a device that fails end the run early; see
    `Report.stopped`.

    Args:
        paths: RAW files, folders that are searched in depth, and catalogs (`.lrcat`); or a single one of them. Files
            and folders may be in object storage: `s3://bucket/folder`, and `gs://` and `az://` likewise.
        style: a file that `autohdr learn` wrote; None for the model's own sliders.
        model: an `.onnx` of autohdr's or a folder that holds one; None for the embedded default.
        engine: a name from `autohdr.engines.registry.ENGINES`, or `auto` for the best that can run.
        decoder: `libraw`, `flashraw`, or `auto`: the fast one for the forms of files in which it was compared
            with LibRaw; of others both are asked, and LibRaw's answer counts.
        existing: what to do with a photo that has develop settings that are not ours: `skip` it, `fill` in what is
            missing, or `replace` our eight sliders and the HDR mode.
        sidecar: whose way of naming sidecars to follow: `IMG_1.xmp` is `adobe`'s, `IMG_1.CR2.xmp` is `darktable`'s.
        embed: True writes the labels of DNGs into the DNGs, which is where Lightroom reads them; False writes sidecars
            beside them, which Lightroom ignores. None writes into them unless `sidecar` is `darktable`.
        sdr: write SDR edits where there is no style; a style makes edits in the mode that it learnt from.
        only_sliders: leave out the style's preset: what the edits that it learnt from have in common beside sliders.
        threads: threads that decode; None for one a core.
        batch: photos that are handed to the engine at once. The results do not depend on it.
        dry_run: predict every photo, but write nothing.
        cache: folder for plans that engines build and settings that they find for this machine; None for the user's
            cache folder.
        report: a table of the labels to write as well, `.csv` or `.jsonl`; what stood there is replaced.
        page: a folder for a page that shows the labels, as `autohdr.page` makes it; photos are decoded once for both.
        watch: label what is in the folders, and then each photo that arrives there and is whole, until `stop` is set.
            A style that changes meanwhile is read again. Not with `dry_run`, `report` or `page`.
        shard: `2/5` labels the second of five parts, which several machines share: a photo's part is said by its name
            and its folder as seen from `paths`, so that it is the same on all machines, and series stay together. Of
            such a run no results are kept: `on_result` is told of them. Not with `page`, `watch` or catalogs.
        cluster: `ray`, `ray:ADDRESS` or `ray://HOST:PORT` labels on the machines of a Ray cluster, which see the photos
            under the same names, and have this autohdr; `ray` alone starts one on this machine where none is there. Of
            such a run no results are kept, and they come as they end. Not with `shard`, `page`, `watch` or catalogs.
        mark: `doubtful=Red` gives the photos that are worth a look, as of `Report.to_check`, the colour label of that
            name, `doubtful=keyword:check this` a keyword; a photographer's own label stays. Needs a style.
        only: which photos of catalogs, conditions that all hold: `folder=2024/Paris`, `collection=Wedding`,
            `rating=3..`, `flag=picked`, `date=2024-05..2024-06`.
        root: folders of catalogs that have moved, each `OLD=NEW`.
        stop: an event; once it is set, photos that are decoded are finished, and no other is begun.
        on_start: told the number of photos found; with `watch`, whenever more have arrived.
        on_note: told what to know of the whole run, before the first photo ends, or as it happens.
        on_result: told of each photo as it ends, in order.

    Returns:
        The results and what holds for all of them. With `watch`, each photo's last result, without its sliders, changes
        and errors: `on_result` is told of those.

    Raises:
        SettingsError: a path does not exist, a setting is impossible, or another run works in one of the folders.
        CatalogError: a catalog cannot be read, or all its photos that are asked for are missing.
        ModelError: the style or the model is missing, not ours, from a newer version, or they do not belong together.
        EngineError: the engine cannot run here.
        UnwrittenError: the labels are written, and the table of them is not, or the page.
    """
    named = check_paths(paths)
    settings = Settings(
        style=_path("style", style),
        model=_path("model", model),
        engine=engine,
        decoder=decoder,
        existing=existing,
        sidecar=sidecar,
        embed=embed,
        sdr=sdr,
        only_sliders=only_sliders,
        threads=threads,
        batch=batch,
        dry_run=dry_run,
        cache=_path("cache", cache),
        mark=mark,
    )
    settings.check()
    gathered = gather(settings)
    if (table := _path("report", report)) is not None:
        check_report(table)
    where = _path("page", page)
    if watch:
        from autohdr.run.watch.watching import check_watched

        unlike = {"dry_run": dry_run, "report": report, "page": page, "only": only, "root": root}
        check_watched(named, **unlike, shard=shard, cluster=cluster)
    if shard is not None or cluster is not None:
        check_named(named, "--shard" if cluster is None else "--cluster", only=only, root=root, page=where)
        told = Told(stop, on_start, on_note, on_result)
        return _spread(named, settings, gathered, told, table, shard, cluster)
    begun = time.perf_counter()
    listed = Found([], named) if watch else find(named, only, root, existing)
    photos, named = listed.photos, listed.named
    stopping = Stop(stop or threading.Event())
    shown = _page(where, named, gathered.decoder, settings) if where is not None and listed.wanted else None
    dngs = 0

    def count(some: list[Path], photos: int) -> None:
        nonlocal dngs
        on_start(photos)
        before, dngs = dngs, dngs + sum(photo.suffix.lower() == ".dng" for photo in some)
        if dngs and not before:
            on_note(dng_note(dngs, photos, sidecar, embed=settings.embedded))

    listed.tell(on_note)
    if not watch:
        count(photos, len(photos))
    results: dict[Path, Result] = {}
    with contextlib.ExitStack() as held:
        remember = partial(remembering, named, dry_run=dry_run)
        opening = partial(open_labeller, settings, gathered, remember=remember, stop=stopping, page=shown)
        labeller = held.enter_context(opening(photos=len(listed.wanted)))
        if shown is not None:
            held.enter_context(shown)
        watched = None
        if watch:
            from autohdr.run.watch.watching import Watched

            watched = Watched(named, labeller, stopping, on_count=count, on_note=on_note)
        flow = listed.with_refused(labeller.results(listed.wanted)) if watched is None else watched.results()
        for result in held.enter_context(contextlib.closing(flow)):
            results[result.path] = result if watched is None else result.in_short()
            on_result(result)
        number = len(photos) if watched is None else watched.count
        reason = stopping.reason if len(results) < number else None
        seconds = time.perf_counter() - begun
        labels: DngLabels | None = ("inside" if settings.embedded else "beside") if dngs else None
        done = Report(
            [*results.values()],
            seconds,
            labeller.engine(),
            (watched or labeller).describe(),
            number,
            reason,
            labels,
            listed.next_step([] if dry_run else [one.path for one in results.values() if one.status == "labelled"]),
        )
        if table is not None:
            write_table(table, done)
        if shown is not None:
            _finish(shown, listed.wanted, done)
    return done


def _spread(
    named: list[Path],
    settings: Settings,
    gathered: Gathered,
    told: Told,
    table: Path | None,
    shard: str | None,
    cluster: str | None,
) -> Report:
    """The run of a part of the photos, or on the machines of a cluster; all else as of `label`."""
    remember = partial(remembering, dry_run=settings.dry_run)
    if cluster is None:
        part = Shard.parse(str(shard))
        remember = partial(remember, named, part=part.folder)
        return Streamed(named, settings, told, part).run(partial(open_shared, settings, gathered, remember), table)
    from autohdr.cluster.connecting import address_of
    from autohdr.cluster.driver import open_cluster

    address_of(cluster)
    if shard is not None:
        raise SettingsError("--shard and --cluster both divide a run among machines; leave out one of them")
    named = [absolute(path) for path in named]
    opening = partial(open_cluster, cluster, settings, gathered, named, partial(remember, named), told.on_note)
    return Streamed(named, settings, told).run(opening, table)


def _page(folder: Path, named: list[Path], decoder: Decoder, settings: Settings) -> "Alongside":
    """The page that shows a run, whose folder is looked at before anything is labelled."""
    from autohdr.review.alongside import Alongside  # brings what develops and writes pictures
    from autohdr.review.folder import Folder

    return Alongside(Folder(folder, named, "--page"), decoder, settings.workers, settings.sidecar)


def _finish(page: "Alongside", photos: list[Path], done: Report) -> None:
    """Writes the page of a whole run.

    Raises:
        UnwrittenError: it cannot be written, or not all of it.
    """
    try:
        index = page.finish(photos)
    except FileError as error:
        raise UnwrittenError(str(error), done) from error
    if page.stopped is not None:
        raise UnwrittenError(f"{page.stopped}; {index} shows the photos before that", done)


def _path(name: str, value: str | os.PathLike[str] | None) -> Path | None:
    if value is not None and not isinstance(value, str | os.PathLike):
        raise SettingsError(f"{name} is {value!r}; expected a path, or None")
    return None if value is None else Path(value)
