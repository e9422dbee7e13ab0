"""A commit of the checkout, beside it for as long as it is measured."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from autohdr.errors import SettingsError

FOLDERS = ("runtime", "scenes", "train", "export", "bench")


def root() -> Path:
    """The checkout that this package is imported from.

    Raises:
        SettingsError: it is no checkout, but an installed package.
    """
    here = Path(__file__).resolve().parent
    try:
        found = _git(here, "rev-parse", "--show-toplevel")
    except SettingsError as error:
        raise SettingsError("--against needs a git checkout of autohdr; run it from one, installed with -e") from error
    return Path(found.strip())


@contextmanager
def commit(revision: str) -> Iterator[Path]:
    """A worktree of `revision`, removed at the end.

    Raises:
        SettingsError: there is no such revision, or this is no checkout.
    """
    top = root()
    with TemporaryDirectory() as folder:
        tree = Path(folder) / "build"
        digest = _git(top, "rev-parse", "--verify", "--end-of-options", f"{revision}^{{commit}}").strip()
        _git(top, "worktree", "add", "--detach", str(tree), digest)
        try:
            yield tree
        finally:
            _git(top, "worktree", "remove", "--force", str(tree))


def environment(tree: Path) -> dict[str, str]:
    """The environment in which a process imports the packages of a tree, whatever is installed."""
    return os.environ | {"PYTHONPATH": os.pathsep.join(str(tree / folder) for folder in FOLDERS)}


def _git(folder: Path, *arguments: str) -> str:
    try:
        done = subprocess.run(["git", "-C", str(folder), *arguments], capture_output=True, text=True, check=True)
    except OSError as error:
        raise SettingsError(f"git cannot be run ({error.strerror}); --against needs it") from error
    except subprocess.CalledProcessError as error:
        reason = (error.stderr.strip().splitlines() or ["it does not say why"])[-1]
        raise SettingsError(f"git {arguments[0]} failed ({reason}); check the revision of --against") from error
    return done.stdout
