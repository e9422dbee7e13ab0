"""Keeps the state of a run in its --out folder until it is finished, so that the same command goes on after a kill.

`unfinished/run.json` says which run it is; beside it lies what each stage of the run has come to.
"""

import dataclasses
import hashlib
import io
import json
import pickle
import shutil
import time
from pathlib import Path
from typing import Any, Self

import torch

from autohdr.errors import FileError, LearningError, SettingsError
from autohdr.files.folders import is_there, make_folder
from autohdr.files.whole import read_bytes, write_atomically
from autohdr.model.checked import read_checked, write_checked
from autohdr.spec import InputSpec
from autohdr_train.data.tensors import TensorDataset
from autohdr_train.recipes.recipe import Recipe

FOLDER = "unfinished"
KEEP_EVERY = 60.0
"""Seconds of work that a kill may cost. What is learnt does not depend on it."""


class Unfinished:
    """The folder of one run in `out`, for a block that ends with the model in place: then it is removed, and also where
    the block ends with a LearningError."""

    def __init__(self, out: Path, identity: dict[str, Any]) -> None:
        """Goes on with the run in `out`, or begins one.

        Args:
            out: where the model will be; made if it is missing.
            identity: plain JSON of all that decides what the run learns.

        Raises:
            SettingsError: `out` holds another run, or cannot be made.
            FileError: it cannot be written to.
        """
        self.folder = out / FOLDER
        path = self.folder / "run.json"
        text = json.dumps(identity, indent=2, sort_keys=True)
        identity, before = json.loads(text), _json(path)
        if before is not None and before != identity and any(self.folder.glob("*.pt")):
            other = [key for key in sorted({*before, *identity}) if before.get(key) != identity.get(key)]
            raise SettingsError(
                f"--out {out} holds an unfinished run with other {' and '.join(other)}; repeat its command to go on, "
                f"remove {self.folder} to begin again, or name another folder"
            )
        if before != identity:
            shutil.rmtree(self.folder, ignore_errors=True)
            make_folder(self.folder, "--out")
            write_atomically(path, text.encode())

    def stage(self, name: str) -> "Stage":
        """What one stage keeps."""
        return Stage(self.folder / f"{name}.pt")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        # Whatever else stops a run may not stop it the next time.
        if kind is None or issubclass(kind, LearningError):
            shutil.rmtree(self.folder, ignore_errors=True)


class Stage:
    """One file that holds tensors and plain Python, replaced whole, after a digest of them.

    torch loads weights with flipped bits without a word: of forty such files it refused none (2.13, November 2026).
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._kept_at = time.monotonic()

    @property
    def is_due(self) -> bool:
        """Whether it has been `KEEP_EVERY` since something was kept, or since the stage began."""
        return time.monotonic() - self._kept_at >= KEEP_EVERY

    def keep(self, parts: dict[str, Any]) -> None:
        """Replaces what is kept.

        Raises:
            FileError: the disk is full, or the folder may not be written to.
        """
        buffer = io.BytesIO()
        torch.save(parts, buffer)
        write_checked(self.path, buffer.getvalue())
        self._kept_at = time.monotonic()

    def remove(self) -> None:
        """Removes what is kept: the run will not be gone on with."""
        self.path.unlink(missing_ok=True)

    def restore(self) -> dict[str, Any] | None:
        """Returns what was kept, on the CPU; None where there is nothing, or it is damaged, so that the stage begins
        again.
        """
        if (data := read_checked(self.path)) is None:
            return None
        try:
            parts: dict[str, Any] = torch.load(io.BytesIO(data), map_location="cpu", weights_only=True)
        except (RuntimeError, ValueError, EOFError, pickle.UnpicklingError):
            return None
        return parts


def identity(recipe: Recipe, spec: InputSpec, photos: TensorDataset) -> dict[str, Any]:
    """Plain JSON that tells one run from another: recipe, input, and the photos by their labels, times and groups."""
    digest = hashlib.sha256(photos.labels.tobytes() + photos.captured.tobytes())
    digest.update("\n".join(photos.groups).encode())
    return {"recipe": dataclasses.asdict(recipe), "input": spec.to_dict(), "photos": digest.hexdigest()}


def is_unfinished(out: Path) -> bool:
    """Whether `out` holds a run that has not come to its end."""
    return is_there(out / FOLDER / "run.json")


def _json(path: Path) -> dict[str, Any] | None:
    try:
        found = json.loads(read_bytes(path) or b"null")
    except (FileError, ValueError):
        return None
    return found if isinstance(found, dict) else None
