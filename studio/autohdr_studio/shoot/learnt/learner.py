"""Solves the style again after each edit, in the background, and gives all photos their new labels; the last request
counts."""

import logging
import threading
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autohdr.edits.prepared import CachedPixels
from autohdr.errors import AutohdrError, FileError
from autohdr.style.choose import Taken, choose
from autohdr.style.confidence.reason import Reason, reasons
from autohdr.style.experts.light import STOPS
from autohdr.style.experts.prior import Prior
from autohdr.style.file import Style
from autohdr.style.learn import FROM
from autohdr.system.one_thread import one_thread
from autohdr_studio.shoot.learnt.answers import captured, descriptions
from autohdr_studio.shoot.learnt.learning import Edits, learn, what_was_learnt
from autohdr_studio.shoot.photo import Label, Photo, in_order
from autohdr_studio.shoot.prepared.store import Kept
from autohdr_studio.shoot.shoot import Shoot
from autohdr_studio.shoot.written.journal import Journal

MOST = 1000
"""Photos among which the first to edit is chosen; of more, a random choice, so that memory stays bounded."""
_LOG = logging.getLogger(__name__)


class Learner:
    """Learns from the edits of a shoot."""

    def __init__(self, shoot: Shoot, journal: Journal | None) -> None:
        self._shoot, self._journal = shoot, journal
        self.sentence: str | None = None
        """What was learnt last."""
        self._first = shoot.style
        """What gives the labels while there are too few edits."""
        self._remembered: list[Photo] = []
        self._copies: dict[str, tuple[Kept, NDArray[np.float32]]] = {}
        self._asked = threading.Condition()
        self._wanted, self._busy, self._stopped = False, False, False
        self._thread = threading.Thread(target=self._run, name="learn")
        shoot.on_edits = self.request

    def start(self) -> None:
        """Begins."""
        self._thread.start()

    def stop(self) -> None:
        """Ends, once what is under way is done."""
        with self._asked:
            self._stopped = True
            self._asked.notify_all()
        self._thread.join()

    def request(self) -> None:
        """Has the style solved again; by any thread."""
        with self._asked:
            self._wanted = True
            self._asked.notify_all()

    @property
    def busy(self) -> bool:
        """Whether labels are about to be others."""
        with self._asked:
            return self._wanted or self._busy

    @property
    def curve(self) -> list[tuple[int, float]]:
        """Edits, and the difference that was expected over the shoot with so many."""
        return [] if self._journal is None else list(self._journal.curve)

    def next(self) -> Photo | None:
        """The photo to edit next: the one whose edit would tell most of all others, as `autohdr pick` names them; None
        where none is left. The most doubtful one teaches less: docs/study/corrections.md."""
        with self._shoot.lock:
            ready = [photo for photo in self._shoot.photos if photo.seen is not None and not photo.excluded]
            edited = [photo for photo in ready if photo.standing.own]
            left = [photo for photo in ready if not photo.standing.own and _readable(photo)]
        return self._picked(edited, left) if left else None

    def _picked(self, edited: Sequence[Photo], left: Sequence[Photo]) -> Photo | None:
        kept = np.random.default_rng(0).permutation(len(left))[:MOST]
        some = [*edited[:MOST], *(left[row] for row in np.sort(kept))]
        seen = [kept for photo in some if (kept := photo.seen) is not None]
        taken = Taken.of([str(photo.path.parent) for photo in some], captured(seen))
        features = np.stack([one.features for one in seen]).astype(np.float64)
        with one_thread():
            prior = Prior.of(self._shoot.model.prior)
            chosen = choose(prior, features, 1, range(min(len(edited), MOST)), (), taken)
        return some[chosen[0]] if chosen else None

    def reason(self, photo: Photo) -> Reason | None:
        """Which edits the label of a photo goes by; None where there is no style."""
        return None if photo.label is None else photo.label.why

    def near(self, photo: Photo) -> list[dict[str, Any]]:
        """The edits that a photo's label goes by, the nearest first: ids, where they are of this shoot, and names."""
        style, kept = self._shoot.style, photo.seen
        if style is None or kept is None:
            return []
        with self._shoot.lock:
            remembered = list(self._remembered)
        if len(remembered) != len(style.names):
            reason = self.reason(photo)
            return [{"id": None, "name": name} for name in (reason.near if reason else ())]
        ids = [one.id for one in remembered]
        reason = reasons(style.head, ids, descriptions([kept]), captured([kept]))[0]
        return [{"id": one, "name": self._shoot.by_id[one].path.name} for one in reason.near]

    def _run(self) -> None:
        while True:
            with self._asked:
                self._asked.wait_for(lambda: self._wanted or self._stopped)
                if self._stopped:
                    return
                self._wanted, self._busy = False, True
            told = self._tried()
            with self._asked:
                self._busy = False
            if told is not None:
                self._shoot.listener(*told)

    def _tried(self) -> tuple[str, dict[str, Any]] | None:
        """Learns; what is to be told then."""
        try:
            return self._learn()
        except AutohdrError as error:
            return "note", {"sentence": str(error)}
        except Exception:
            _LOG.exception("a bug of the studio's: the style was not solved again; please report it")
            return "note", {"sentence": "The style was not solved again; this is a bug, please report it"}

    def _learn(self) -> tuple[str, dict[str, Any]] | None:
        if not self._shoot.settled:  # then the last edit that is read asks again
            return None
        with self._shoot.lock:
            edits = Edits.of(self._shoot.photos, self._shoot.catalogs.left_out)
        before = self._shoot.style
        style, remembered = self._first, list[Photo]()
        if len(edits.photos) >= FROM:
            style, remembered = learn(self._shoot.model, edits, self._seen_in_other_light(edits))
        return "learnt", self._give(style, remembered, before, len(edits.photos))

    def _give(self, style: Style | None, remembered: list[Photo], before: Style | None, count: int) -> dict[str, Any]:
        """Gives all photos their labels; what is to be told of that."""
        with self._shoot.lock:
            ready = [(photo, kept) for photo in self._shoot.photos if (kept := photo.seen) is not None]
            photos = list(self._shoot.photos)
        found = replace(self._shoot.labels, style=style).of(photos)
        changed, told = 0, []
        with self._shoot.lock:
            self._shoot.style, self._remembered = style, remembered
            for photo, kept in ready:
                label = found.get(photo.id)
                if photo.seen is not kept:
                    continue
                changed += label is not None and photo.labelled and _differ(photo.label, label)
                photo.label = label
                if label is not None:
                    errors = None if label.errors is None else in_order(label.errors)
                    facts = (errors, label.difference, photo.settings(), photo.beside())
                    told.append([photo.id, in_order(label.values), *facts])
            asked = {photo.id for photo, _ in ready}
            late = any(photo.seen is not None and photo.id not in asked for photo in photos)
            expected = self._expected()
        if late:  # prepared while the style was solved
            self.request()
        if expected is not None:
            self._note(count, expected)
        self.sentence = _sentence(before, style, count, changed) or self.sentence
        return {
            "style": self._shoot.style_dict(),
            "mode": self._shoot.mode.to_dict(),
            "labels": told,
            "sentence": self.sentence,
            "edits": count,
            "curve": self.curve,
        }

    def _expected(self) -> float | None:
        """L* by which the photos that are not the photographer's own may be expected to differ, on average."""
        found = [
            photo.label.difference
            for photo in self._shoot.photos
            if photo.labelled and photo.label is not None and photo.label.difference is not None
        ]
        return round(float(np.mean(found)), 2) if found else None

    def _note(self, count: int, expected: float) -> None:
        if self._journal is None:
            return
        if (count, expected) in self._journal.curve:
            return
        try:
            with self._shoot.writing:
                self._journal.learnt(count, expected)
        except FileError as error:
            self._shoot.listener("note", {"sentence": str(error)})

    def _seen_in_other_light(self, edits: Edits) -> NDArray[np.float32]:
        """What the network sees of the edits' photos in other light (N, 2, F); NaN where that does not count."""
        model = self._shoot.model
        found = np.full((len(edits.photos), len(STOPS), model.info.features), np.nan, dtype=np.float32)
        if model.info.spec.source != "raw":
            return found
        rows = edits.to_copy()
        known = {row: self._known(edits.photos[row], edits.kept[row]) for row in rows}
        missing = [row for row in rows if known[row] is None]
        if missing:
            for row, copies in zip(
                missing, self._look([(edits.photos[row], edits.kept[row]) for row in missing]), strict=True
            ):
                self._copies[edits.photos[row].id] = (edits.kept[row], copies)
        for row in rows:
            copies_of = self._known(edits.photos[row], edits.kept[row])
            assert copies_of is not None, "it was looked at"
            found[row] = copies_of
        return found

    def _known(self, photo: Photo, kept: Kept) -> NDArray[np.float32] | None:
        held = self._copies.get(photo.id)
        return held[1] if held is not None and held[0] is kept else None

    def _look(self, photos: Sequence[tuple[Photo, Kept]]) -> NDArray[np.float32]:
        paths, tensors = [photo.path for photo, _ in photos], [kept.tensor for _, kept in photos]
        return self._shoot.look_in_other_light(CachedPixels(paths, tensors, self._shoot.tensors))


def _differ(before: Label | None, after: Label) -> bool:
    """Whether a label writes something else than the one before it."""
    return before is None or (before.values, before.also) != (after.values, after.also)


def _readable(photo: Photo) -> bool:
    return photo.standing.unedited or photo.standing.whose == "autohdr"


def _sentence(before: Style | None, style: Style | None, count: int, changed: int) -> str | None:
    """What was learnt; None where it is what was known."""
    if style is None or count < FROM:
        left = FROM - count
        return f"{count or 'no'} edit{'s' if count != 1 else ''} so far; {left} more, and autohdr learns from them"
    if before is not None and before.digest == style.digest:
        return None
    return what_was_learnt(() if before is None else before.scores, style.scores, changed)
