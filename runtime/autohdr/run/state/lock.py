"""One run at a time in a folder of photos, whatever else runs elsewhere; or the shards of one run, each once.

Beside the lock stands a note of whose it is, since on Windows nobody can read a locked file.
"""

import contextlib
import json
import os
import socket
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from autohdr.codes import Code
from autohdr.errors import SettingsError
from autohdr.files.locks import take
from autohdr.run.state.folder import folder_of

_LOCK, _HOLDER = "lock", "holder.json"


@contextlib.contextmanager
def hold(roots: Sequence[Path], state: Path, part: str = "") -> Iterator[None]:
    """Holds the lock of these folders for a block: no other run works in them, inside them or above them.

    Args:
        roots: resolved, none inside another.
        state: the folder that `state_folder` names; made where it is not there.
        part: of a run that does a part of the photos, the name of its folder, `shard-1-of-4`. Others of the same
            division and the same folder are in nobody's way.

    Raises:
        SettingsError: another run does.
        OSError: the state folder cannot be written to, or cannot hold locks.
    """
    with contextlib.ExitStack() as held:
        for root in roots:
            held.enter_context(_hold_one(root, state, part))
        # Each run notes whose its lock is before it looks for others, so of two that start at once one sees the other.
        ours = {folder_of(root, state) for root in roots}
        for holder in sorted((*state.glob(f"*/{_HOLDER}"), *state.glob(f"*/*/{_HOLDER}"))):
            if not _is_shared(holder.parent, ours, part):
                _refuse_overlap(roots, holder)
        yield


def _is_shared(folder: Path, ours: set[Path], part: str) -> bool:
    """Whether a folder of notes is ours, or that of a run with which we share a folder of photos."""
    if not part:
        return folder in ours
    return folder.parent in ours and folder.name.partition("-of-")[2] == part.partition("-of-")[2]


@contextlib.contextmanager
def _hold_one(root: Path, state: Path, part: str) -> Iterator[None]:
    folder = folder_of(root, state) / part
    folder.mkdir(parents=True, exist_ok=True)
    holder = folder / _HOLDER
    descriptor = take(folder / _LOCK)
    if descriptor is None:
        raise _busy(root, _read(holder))
    try:
        note = {"root": str(root), "pid": os.getpid(), "host": socket.gethostname(), "part": part}
        holder.write_text(json.dumps(note), encoding="utf-8")
        yield
    finally:
        with contextlib.suppress(OSError):
            holder.unlink()
        os.close(descriptor)


def _refuse_overlap(roots: Sequence[Path], holder: Path) -> None:
    note = _read(holder)
    theirs = Path(str(note.get("root")))
    overlapping = next((root for root in roots if _within(root, theirs) or _within(theirs, root)), None)
    if overlapping is None:
        return
    descriptor = take(holder.with_name(_LOCK))
    if descriptor is None:
        raise _busy(overlapping, note)
    os.close(descriptor)  # left behind by a run that was killed


def _within(path: Path, folder: Path) -> bool:
    """Whether `path` is `folder` or inside it, by whatever name: letter case does not count everywhere."""
    with contextlib.suppress(OSError):
        return any(os.path.samefile(above, folder) for above in (path, *path.parents))  # noqa: PTH121  # as the rest
    return False


def _read(holder: Path) -> dict[str, Any]:
    """What a note says; nothing where it is gone or not written yet."""
    try:
        note = json.loads(holder.read_bytes())
    except (OSError, ValueError):
        return {}
    return note if isinstance(note, dict) else {}


def _busy(root: Path, note: dict[str, Any]) -> SettingsError:
    shard = str(note.get("part") or "").removeprefix("shard-").replace("-of-", "/")
    whose = f"--shard {shard}, process" if shard else "process"
    who = f" ({whose} {note.get('pid')} on {note.get('host')}, in {note.get('root')})" if note else ""
    sentence = f"another run of autohdr works in {root}{who}; wait until it has ended, then run again"
    return SettingsError(sentence, code=Code.BUSY)
