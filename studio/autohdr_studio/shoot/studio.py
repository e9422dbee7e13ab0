"""Opens a studio: a shoot with its learner and its writer, and nobody else at work in its folders."""

import contextlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from autohdr.edits.prepared import default_folder
from autohdr.errors import SettingsError
from autohdr.files.folders import state_folder
from autohdr.files.look import is_elsewhere
from autohdr.model.info import find_model
from autohdr.model.onnx_file import read_model
from autohdr.run.results.notes import Note
from autohdr.run.state.folder import roots
from autohdr.run.state.resume import alone
from autohdr.style.file import load_style
from autohdr.style.looking import looking
from autohdr.system.processors import processors
from autohdr_studio.shoot.in_catalogs import InCatalogs
from autohdr_studio.shoot.learnt.learner import Learner
from autohdr_studio.shoot.shoot import Shoot
from autohdr_studio.shoot.written.journal import Journal
from autohdr_studio.shoot.written.writer import Writer


@dataclass(frozen=True, slots=True)
class Studio:
    """Holds what is open."""

    shoot: Shoot
    learner: Learner
    writer: Writer
    notes: tuple[Note, ...] = ()
    """What to know of the photos before anything is done."""


@contextlib.contextmanager
def open_studio(
    paths: Sequence[Path],
    *,
    only: Sequence[str] = (),
    root: Sequence[str] = (),
    style: Path | None = None,
    model: Path | None = None,
    engine: str = "auto",
    threads: int | None = None,
    cache: Path | None = None,
    readonly: bool = False,
) -> Iterator[Studio]:
    """A studio, open until the end of the block.

    Args:
        paths: RAW files, folders that are searched in depth, and Lightroom catalogs, which are only read.
        only: which photos of the catalogs: conditions that all hold, as of `autohdr.catalog.choose`.
        root: folders of the catalogs that have moved, each `OLD=NEW`.
        style: a file that `autohdr learn` wrote, which gives the labels until enough is learnt.
        model: an `.onnx` of autohdr's, or a folder that holds one; None for the embedded one.
        engine: a name from `autohdr.engines.registry.ENGINES`, or `auto`.
        threads: that decode; None for one a core.
        cache: folder of what is prepared; None for the user's.
        readonly: write nothing but into the cache, so that others may work in the folders meanwhile.

    Raises:
        SettingsError: a path does not exist or is in object storage, `only` or `root` is not understood, or another
            run works there.
        CatalogError: a catalog cannot be read, or all its photos that are asked for are missing.
        ModelError: the style or the model is missing, not ours, or they do not belong together.
        FileError: the cache folder, or the journal, cannot be used.
    """
    for path in paths:
        if is_elsewhere(path):
            raise SettingsError(f"{path} is in object storage, and the studio opens folders; copy it to this machine")
    learnt, file = None if style is None else load_style(style), read_model(find_model(model))
    count = processors() if threads is None else threads
    with contextlib.ExitStack() as held:
        looker = held.enter_context(looking(file, engine=engine, cache=cache, quiet=True))
        kept = default_folder() if cache is None else cache
        found, catalogs = InCatalogs.find(paths, only, root)
        shoot = Shoot(found, catalogs, file, learnt, looker, kept, count)
        where = held.enter_context(alone(shoot.paths, dry_run=readonly))
        if where is None and not readonly:
            raise SettingsError(
                f"{state_folder()} cannot be written, so that no edit could be taken back; let AUTOHDR_STATE name "
                "another folder"
            )
        folders, state = where or (roots(shoot.paths), state_folder())
        journal = Journal(folders, state, catalogs.selection, write=not readonly)
        held.enter_context(contextlib.closing(journal))
        learner = Learner(shoot, None if readonly else journal)
        writer = Writer(shoot, learner, journal, (folders, state), readonly=readonly)
        writer.recover()
        try:
            learner.start()
            shoot.start()
            yield Studio(shoot, learner, writer, found.notes)
        finally:
            writer.stop()
            learner.stop()
            shoot.stop()
