"""Lists the photos of a run one after the other, however many there are, in a fixed order."""

import shlex
from collections.abc import Iterator, Sequence
from pathlib import Path

from autohdr.catalog.named import catalogs_of
from autohdr.errors import SettingsError
from autohdr.files.look import identity, is_link, real
from autohdr.files.walk import passed_over
from autohdr.raw.discover import EXTENSIONS, is_folder_named, other_files, search
from autohdr.run.spread.parcels import Name


def check_named(
    named: Sequence[Path], flag: str, *, only: Sequence[str] = (), root: Sequence[str] = (), page: Path | None = None
) -> None:
    """Checks that what is named is there, and can be divided by name.

    Args:
        named: files and folders.
        flag: the option that divides them.
        only: which photos of catalogs.
        root: folders of catalogs that have moved.
        page: a page that is asked for.

    Raises:
        SettingsError: one of them is a catalog, does not exist, or may not be looked at; or there is a page.
    """
    if page is not None:
        raise SettingsError(
            f"--page shows a whole shoot, which does not go with {flag}; make it once all is labelled: autohdr page "
            f"{shlex.join(map(str, named))} --out {shlex.quote(str(page))}"
        )
    catalogs, others = catalogs_of(named, only, root)
    if catalogs:
        raise SettingsError(
            f"{catalogs[0]} is a Lightroom catalog, and {flag} goes by the names of files; name the folder of its "
            f"photos, or label the catalog without {flag}"
        )
    for path in others:
        is_folder_named(path)


def listed(named: Sequence[Path]) -> Iterator[Name]:
    """Yields the photos that `find_photos` finds, each once and in its order, without holding them.

    Of links that lead to photos which are among them under their own names, these count.
    """
    others = set(other_files(named))
    several = [(path, is_folder_named(path)) for path in named if path not in others]
    folders = [real(path) for path, is_folder in several if is_folder]
    known: set[str] = set()
    done: list[Path] = []
    for path, is_folder in several:
        if is_folder:
            yield from _in_folder(path, folders, done, known)
            done.append(real(path))
        elif identity(path) not in known and not any(_holds(folder, real(path)) for folder in done):
            known.add(identity(path))
            yield Name(path, "")


def _in_folder(folder: Path, folders: list[Path], done: list[Path], known: set[str]) -> Iterator[Name]:
    """The photos of a folder.

    Args:
        folder: to search.
        folders: all that are named, without links.
        done: those of them whose photos are listed already.
        known: identities of photos that are listed already and may be met again; more are added.
    """
    parent, there, within = None, False, ""
    for photo in search(folder):
        if photo.parent != parent:
            parent = photo.parent
            within = parent.relative_to(folder).as_posix().removeprefix(".") if photo != folder else ""
            there = any(_holds(one, real(parent) / photo.name) for one in done)
        if there or (known and identity(photo) in known):
            continue
        if is_link(photo):
            if any(_holds(one, real(photo)) for one in folders):
                continue
            known.add(identity(photo))
        yield Name(photo, within)


def _holds(folder: Path, photo: Path) -> bool:
    """Whether a search of a folder finds a photo; both are without links."""
    return photo.is_relative_to(folder) and photo.suffix.lower() in EXTENSIONS and not passed_over(photo, folder)
