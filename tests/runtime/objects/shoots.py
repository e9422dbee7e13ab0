"""A small shoot in object storage: what is in it, runs over it, and what must hold after each."""

import multiprocessing
import os
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import count
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

import autohdr
from autohdr import Report
from autohdr.sidecar import Document, UndoResult
from tests.s3.faults import Fault, Request
from tests.s3.store import S3

FOLDER = "wedding/"
_DOCUMENT = (
    '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
    '<rdf:Description rdf:about="" xmlns:xmp="http://ns.adobe.com/xap/1.0/"'
    ' xmlns:crs="http://ns.adobe.com/camera-raw-settings/1.0/" {}/></rdf:RDF></x:xmpmeta>'
)
RATED = _DOCUMENT.format('xmp:Rating="3"').encode()
"""A sidecar of another program without an edit: it gets labels, and the original is kept."""
EDITED = _DOCUMENT.format('crs:ProcessVersion="15.4" crs:Exposure2012="+1.00" crs:Sharpness="40"').encode()
"""A photographer's edit."""
SAVED = _DOCUMENT.format('crs:ProcessVersion="15.4" crs:Exposure2012="-0.35" xmp:Rating="5"').encode()
"""What a photographer's program saves while a run is under way."""


@dataclass(frozen=True)
class Shoot:
    """Four photos: one with no sidecar, one that is rated, one that an older model of ours has labelled, one edited."""

    s3: S3
    before: dict[str, bytes]
    model: Path
    after: dict[str, bytes]
    """What a run leaves that nothing disturbs."""
    states: Path
    """A folder in which each run gets one, as on a machine that has seen none of this."""
    embed: bool = False
    """Whether labels go into the photos, which are DNGs."""

    def lay(self) -> None:
        """Puts the shoot there, and nothing else."""
        self.s3.clear()
        self.s3.put_all(self.before)
        self.forget()

    def forget(self) -> None:
        """From now on, runs are of another machine."""
        os.environ["AUTOHDR_STATE"] = str(self.states / str(len(list(self.states.iterdir()))))
        Path(os.environ["AUTOHDR_STATE"]).mkdir()

    def label(self, model: Path | None = None, **settings: Any) -> Report:
        """`autohdr.label`, whose requests come in an order that is always the same."""
        return label(self.s3, model or self.model, embed=self.embed, **settings)

    def undo(self) -> list[UndoResult]:
        """`autohdr.undo`."""
        return undo(self.s3)

    def labelled_at_each(self, fault: Fault) -> Iterator[tuple[Report, list[Request]]]:
        """Runs over the shoot, each laid anew, and their requests: the fault strikes the first such request of the
        first run, the second of the second, and so on. Nothing strikes any more when a run is handed out.
        """
        for number in count(1):
            self.lay()
            self.s3.plan(replace(fault, first=number))
            report = self.label()
            requests = self.s3.log()
            self.s3.plan()
            if not any(one.faults for one in requests):
                return
            yield report, requests

    def label_and_die(self, fault: Fault) -> bool:
        """`autohdr.label` in a process of its own; whether a fault of kind `kill` has ended it."""
        return dies(self.s3, fault, label, self.s3, self.model, self.embed)

    def undo_and_die(self, fault: Fault) -> bool:
        """`autohdr.undo` in a process of its own; whether a fault of kind `kill` has ended it."""
        return dies(self.s3, fault, undo, self.s3)

    def check(self, requests: Iterable[Request], saved: bytes | None = None) -> None:
        """After any fault: each sidecar is whole, says what it did before or what a run says, and no edit is lost.

        Args:
            requests: of all runs until now, none of which must have written a sidecar twice.
            saved: a photographer's document that was put there meanwhile.
        """
        contents = self.s3.contents()
        for key, data in contents.items():
            fine = (self.before.get(key), RATED, EDITED, saved)
            assert data in fine or plain(key, data) == plain(key, self.after.get(key, b"")), key
        kept = list(contents.values())
        for document in (RATED, EDITED, *([] if saved is None else [saved])):
            assert document in kept or document not in self.before.values()
        for key in self.before:
            assert key in contents
        assert max(written(requests).values(), default=0) <= 1


def label(s3: S3, model: Path, embed: bool = False, **settings: Any) -> Report:
    """A run with one thread that decodes."""
    return autohdr.label([s3.url(FOLDER)], model=model, embed=embed, threads=1, **settings)


def undo(s3: S3) -> list[UndoResult]:
    """Takes back what was labelled."""
    return autohdr.undo([s3.url(FOLDER)])


def plain(key: str, data: bytes) -> object:
    """What an object says, without the dates that a sidecar holds."""
    if not key.endswith(".xmp") or not data:
        return data
    document = Document.parse(data)
    return document.values(), document.hdr


def same(contents: dict[str, bytes], expected: dict[str, bytes]) -> bool:
    """Whether all objects say the same."""
    return {key: plain(key, data) for key, data in contents.items()} == {
        key: plain(key, data) for key, data in expected.items()
    }


def written(requests: Iterable[Request]) -> Counter[str]:
    """How often each object was written."""
    return Counter(one.key for one in requests if one.method == "PUT" and one.status == 200)


def dies(s3: S3, fault: Fault, work: Callable[..., object], *arguments: Any) -> bool:
    """Calls `work` in a process of its own; whether a fault of kind `kill` has ended it."""
    forks = "forkserver" in multiprocessing.get_all_start_methods()
    context: Any = multiprocessing.get_context("forkserver" if forks else "spawn")
    if forks:
        context.set_forkserver_preload(["tests.runtime.run.preloaded"])
    ours, theirs = context.Pipe()
    process: BaseProcess = context.Process(target=_work, args=(theirs, dict(os.environ), work, arguments))
    process.start()
    s3.plan(replace(fault, value=process.pid))
    ours.send(None)
    process.join()
    assert process.exitcode is not None
    assert process.exitcode <= 0, "it has failed"
    return process.exitcode < 0


def _work(begin: Any, environment: dict[str, str], work: Any, arguments: tuple[Any, ...]) -> None:
    os.environ.update(environment)
    begin.recv()
    work(*arguments)
