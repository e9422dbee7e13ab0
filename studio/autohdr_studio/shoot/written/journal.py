"""Remembers what a studio has done, so that it can be taken back after a crash or a week: JSON lines in the state
folder, one file for each folder of photos.

What counts stands in the sidecars. A line is on the disk before what it speaks of is done, and says what stood there:
a document is restored from it to the byte, as long as nobody else has changed it since.
"""

import base64
import json
import os
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from io import FileIO
from pathlib import Path
from typing import Any

from autohdr.errors import FileError
from autohdr.files.records import records
from autohdr.files.whole import failure, write_atomically
from autohdr.run.state.folder import folder_of

NAME = "studio-1.jsonl"
"""The number is the format's."""
MOST = 50
"""Edits of one photo that can be taken back."""
SPARE_LINES = 1000
"""The file is written anew when it holds more than twice as many lines as count, and so many besides."""


@dataclass(frozen=True, slots=True)
class Step:
    """Holds one edit that can be taken back."""

    before: bytes | None
    """The document that stood there; None where there was none."""
    after: str
    """Digest of the document that took its place."""
    kept: Mapping[str, bytes] = field(default_factory=dict)
    """The files beside a DNG that lead autohdr's own writing back, by name, as they were before."""
    original: tuple[str, bytes] | None = None
    """The name and content of the file that leads this edit of a DNG back; None while it may still stand there."""
    first: bool = False
    """Whether autohdr had written nothing into a DNG before, so that the whole file comes back to the byte."""
    over: str | None = None
    """Digest of what a catalog held of the photo then: once it holds something else, Lightroom knows better."""

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON."""
        told: dict[str, Any] = {"before": _packed(self.before), "after": self.after, "first": self.first}
        if self.kept:
            told["kept"] = {name: _packed(data) for name, data in self.kept.items()}
        if self.over is not None:
            told["over"] = self.over
        if self.original is not None:
            told["original"] = [self.original[0], _packed(self.original[1])]
        return told

    @classmethod
    def from_dict(cls, told: Mapping[str, Any]) -> "Step":
        """What `to_dict` told.

        Raises:
            ValueError, KeyError, TypeError, zlib.error: it is damaged.
        """
        kept = {str(name): _unpacked(text) or b"" for name, text in dict(told.get("kept", {})).items()}
        original = told.get("original")
        lead = None if original is None else (str(original[0]), _unpacked(original[1]) or b"")
        over = told.get("over")
        steps = _unpacked(told["before"]), str(told["after"]), kept, lead, bool(told.get("first"))
        return cls(*steps, None if over is None else str(over))


class Journal:
    """The journals of the folders that are open. Whoever changes one holds the shoot's writing lock."""

    def __init__(self, roots: Sequence[Path], state: Path, selection: str = "", *, write: bool = True) -> None:
        """Reads what is there.

        Args:
            roots: resolved, none inside another.
            state: the folder that `state_folder` names.
            selection: stands for what is open, where that is not all of the folders.
            write: whether more will be written down.

        Raises:
            FileError: a journal cannot be read or written.
        """
        self._roots = list(roots)
        self._files: dict[Path, FileIO] = {}
        self._steps: dict[str, list[dict[str, Any]]] = {}
        """The steps as they stand in their lines, packed: documents of a thousand edits are a hundred MB."""
        self._excluded: set[str] = set()
        self._selection = selection
        self._curves: dict[str, list[tuple[int, float]]] = {}
        for root in self._roots:
            path = folder_of(root, state) / NAME
            try:
                lines = sum(1 for line in _lines(path) if self._replay(root, line))
                if write:
                    self._open(path, root, lines)
            except OSError as error:
                raise failure(path, "used", error) from error

    def steps(self, photo: Path) -> list[Step]:
        """The edits of a photo that can be taken back, the last one last."""
        return [Step.from_dict(told) for told in self._steps.get(self._name(photo)[1], ())]

    def push(self, photo: Path, step: Step) -> None:
        """Writes down an edit that is about to be made.

        Raises:
            FileError: it cannot be written down, so that the edit must not be made.
        """
        self._add(photo, {"does": "edit", **step.to_dict()})

    def lead(self, photo: Path, name: str, data: bytes) -> None:
        """Writes down what leads the last edit of a DNG back."""
        self._add(photo, {"does": "lead", "name": name, "data": _packed(data)})

    def pop(self, photo: Path) -> None:
        """Writes down that the last edit of a photo is taken back, or was never made."""
        self._add(photo, {"does": "restore"})

    def excluded(self, photo: Path) -> bool:
        """Whether a photo is left out."""
        return self._name(photo)[1] in self._excluded

    def exclude(self, photo: Path, *, excluded: bool) -> None:
        """Writes down whether a photo is left out."""
        self._add(photo, {"does": "exclude", "excluded": excluded})

    @property
    def curve(self) -> list[tuple[int, float]]:
        """Edits, and the difference that was expected then over what is open."""
        return self._curves.get(self._selection, [])

    def learnt(self, edits: int, expected: float) -> None:
        """Writes down the difference that is expected over the shoot with so many edits."""
        self._add(None, _learnt(self._selection, edits, expected))

    def close(self) -> None:
        """Closes the files."""
        for file in self._files.values():
            file.close()
        self._files.clear()

    def _add(self, photo: Path | None, told: dict[str, Any]) -> None:
        root, name = (self._roots[0], "") if photo is None else self._name(photo)
        line = {"photo": name.removeprefix(f"{root}\0"), **told}
        file = self._files.get(root)
        if file is None:
            raise FileError(f"{root} is open for reading only")
        data = json.dumps(line).encode() + b"\n"
        try:
            if file.write(data) != len(data):
                raise OSError("no room for a whole line")
            os.fsync(file.fileno())
        except OSError as error:
            raise failure(Path(str(file.name)), "written", error) from error
        self._replay(root, line)

    def _name(self, photo: Path) -> tuple[Path, str]:
        """The root that a photo is in, and its name in all of them."""
        folder = Path(os.path.realpath(photo.parent))
        root = next((root for root in self._roots if root in (folder, *folder.parents)), self._roots[0])
        return root, f"{root}\0{os.path.relpath(folder / photo.name, root)}"

    def _replay(self, root: Path, line: Mapping[str, Any]) -> bool:
        """Does what a line says to what is known; False where it is damaged."""
        try:
            name, does = f"{root}\0{line['photo']}", line["does"]
            steps = self._steps.setdefault(name, []) if does in ("edit", "lead", "restore") else []
            if does == "edit":
                steps.append(Step.from_dict(line).to_dict())
                del steps[:-MOST]
            elif does == "lead" and steps:
                lead = Step.from_dict({**steps[-1], "original": [line["name"], line["data"]]})
                steps[-1] = lead.to_dict()
            elif does == "restore" and steps:
                steps.pop()
            elif does == "exclude":
                (self._excluded.add if line["excluded"] else self._excluded.discard)(name)
            elif does == "learn":
                self._note(str(line.get("of", "")), int(line["edits"]), float(line["difference"]))
        except (ValueError, KeyError, TypeError, zlib.error):
            return False
        return True

    def _note(self, selection: str, edits: int, expected: float) -> None:
        """Adds to a curve, on which each number of edits stands once, the last time."""
        others = [point for point in self._curves.get(selection, ()) if point[0] != edits]
        self._curves[selection] = sorted([*others, (edits, expected)])

    def _open(self, path: Path, root: Path, lines: int) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        start = f"{root}\0"
        steps = {name: kept for name, kept in self._steps.items() if kept and name.startswith(start)}
        count = sum(map(len, steps.values())) + len(self._excluded) + sum(map(len, self._curves.values()))
        if lines > 2 * count + SPARE_LINES:
            write_atomically(path, self._compact(root, steps))
        file = self._files[root] = FileIO(path, "a+")
        size = file.seek(0, os.SEEK_END)
        if size == 0:
            file.write(json.dumps({"root": str(root)}).encode() + b"\n")
            return
        file.seek(size - 1)
        if file.read(1) != b"\n":  # torn by a power cut; the next line must not become part of it
            file.write(b"\n")

    def _compact(self, root: Path, steps: Mapping[str, Sequence[Mapping[str, Any]]]) -> bytes:
        """The lines that still count."""
        start = f"{root}\0"
        told: list[dict[str, Any]] = [{"root": str(root)}]
        for name, kept in steps.items():
            told += [{"photo": name.removeprefix(start), "does": "edit", **step} for step in kept]
        left_out = sorted(name for name in self._excluded if name.startswith(start))
        told += [{"photo": name.removeprefix(start), "does": "exclude", "excluded": True} for name in left_out]
        if root == self._roots[0]:
            told += [_learnt(of, *point) for of, curve in self._curves.items() for point in curve]
        return b"".join(json.dumps(line).encode() + b"\n" for line in told)


def _learnt(selection: str, edits: int, expected: float) -> dict[str, Any]:
    told = {"photo": "", "does": "learn", "edits": edits, "difference": expected}
    return {**told, "of": selection} if selection else told


def _lines(path: Path) -> Iterator[Mapping[str, Any]]:
    """The lines that are whole and speak of a photo."""
    return (fields for _, fields in records(path) if "does" in fields)


def _packed(data: bytes | None) -> str | None:
    return None if data is None else base64.b64encode(zlib.compress(data, 6)).decode()


def _unpacked(text: str | None) -> bytes | None:
    return None if text is None else zlib.decompress(base64.b64decode(text))
