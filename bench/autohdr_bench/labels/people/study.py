"""Runs the comparison: for each person, kind of photos, task, number of edits and draw, every method is scored."""

import zlib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from autohdr.errors import SettingsError
from autohdr.quality.scorer import Scorer
from autohdr.system.progress import Progress
from autohdr_bench.labels.people.draws import TASKS, Draw, draws
from autohdr_bench.labels.people.features import VIEWS, Measured
from autohdr_bench.labels.people.methods import MEAN, MEDIAN, methods
from autohdr_bench.labels.people.photos import Learner, Method, Photos, Problem
from autohdr_bench.labels.people.placebo import placebos
from autohdr_bench.labels.people.product import PARTS
from autohdr_bench.labels.people.rendered import MOST, Difference, Renderings
from autohdr_bench.labels.people.score import Sums, usual_moves
from autohdr_train.people.folder import Edit
from autohdr_train.people.scenes import Place, places

CLEAN, ALL = "clean", "all"
KINDS = (CLEAN, ALL)
"""`clean`: photos without masks and curves, whose effect `undevelop` does not take back. `all`: every photo."""
EVERYTHING, SHUFFLED, NO_PICTURE, CONTENT = "", "shuffled", "no picture", "content"
PLACEBO, PLACEBO_OFF = "placebo", "placebo off"
CONTROLS = (EVERYTHING, SHUFFLED, NO_PICTURE, CONTENT, PLACEBO, PLACEBO_OFF)
"""What a method is shown of the scored person: everything; all that is known of another photo; what the camera wrote
down, without the picture; the picture at equal brightness, without what the camera wrote down; and placebos, which have
another photo's sliders, taken back with the same ones or with ones that are off. Of the other people it is shown
everything, without what the control takes away from all pictures."""


@dataclass(frozen=True, slots=True)
class Study:
    """Says what a study compares."""

    edits: tuple[int, ...] = (5, 10, 20, 50)
    draws: int = 10
    least: int = 20
    """Photos of any kind that a person needs in order to be scored; everybody's are there to learn over people."""
    tasks: tuple[str, ...] = TASKS
    kinds: tuple[str, ...] = KINDS
    methods: tuple[str, ...] = ()
    """Names; none for all but `PARTS`. The median and the mean are always among them."""
    people: tuple[str, ...] = ()
    """Who is scored, by name; none for all who have enough photos."""
    controlled: tuple[str, ...] = ("auto+offset", "ridge", "gp", "autohdr")
    """Methods that controls are run of, as far as they are compared."""
    controlled_at: tuple[int, ...] = (20,)
    """Numbers of edits that controls are run at."""
    rendered: bool = True
    """Whether rendered differences are measured."""


@dataclass(frozen=True, slots=True, eq=False)
class Cell:
    """One method for one person, with one number of edits."""

    person: str
    kind: str
    task: str
    edits: int
    control: str
    method: str
    moves: NDArray[np.float64]
    """(8,), how far the person moves each slider on average, NaN where it is not in use."""
    sums: list[Sums]
    """Sums of errors, one a draw; the median's and the mean's are of the same draws."""


@dataclass(slots=True)
class Tables:
    """All people's photos, by kind and view, measured when they are first asked for."""

    places: Sequence[Place]
    measured: Measured
    _found: dict[tuple[str, str, str], Photos] = field(default_factory=dict)

    @classmethod
    def of(cls, edits: Sequence[Edit], cache: Path, features: Measured) -> "Tables":
        """The tables of edits, whose scenes and features are kept in a folder."""
        return cls(places(edits, cache), features)

    def people(self, kind: str, view: str = "") -> dict[str, Photos]:
        """Everybody's photos of one kind, by name, shown in one of `VIEWS`; those without any are missing."""
        return {name: self.photos(name, kind, view) for name in self.counts(kind)}

    def photos(self, person: str, kind: str, view: str = "") -> Photos:
        """One person's photos of one kind, shown in one of `VIEWS`, or as placebos."""
        key = (person, kind, view)
        if key not in self._found:
            own = [place for place in self.places if place.edit.person == person]
            shown = placebos(own, off=view == PLACEBO_OFF) if view in (PLACEBO, PLACEBO_OFF) else own
            chosen = [place for place in shown if _is_of(place.edit, kind)]
            rows = self.measured.rows(chosen, view if view in VIEWS else "")
            edits = [place.edit for place in chosen]
            self._found[key] = Photos(
                person,
                np.stack([edit.values for edit in edits]),
                rows,
                tuple(edit.shot for edit in edits),
                tuple(edit.day for edit in edits),
                tuple(edit.mode for edit in edits),
                tuple(place.path for place in chosen),
            )
        return self._found[key]

    def counts(self, kind: str) -> Counter[str]:
        """How many photos each person has."""
        return Counter(sorted(place.edit.person for place in self.places if _is_of(place.edit, kind)))


def _is_of(edit: Edit, kind: str) -> bool:
    return kind == ALL or not (edit.masks or edit.curves)


def run(study: Study, tables: Tables, scorer: Scorer | None = None) -> list[Cell]:
    """All cells of a study, in a fixed order.

    Args:
        study: what is compared.
        tables: everybody's photos.
        scorer: of a quality model that looks at the renderings, too.

    Raises:
        SettingsError: nobody has enough photos, or a method or a person is not known.
    """
    known = methods(tables.measured.model)
    chosen = {name: known[name] for name in _methods(study, list(known))}
    running = _Running(study, tables, chosen, Renderings(scorer))
    jobs = list(_jobs(study, tables))
    if not jobs:
        raise SettingsError(
            f"nobody has {study.least} photos and enough days for {min(study.edits)} edits; name fewer with --least or "
            "--edits"
        )
    found: list[Cell] = []
    with Progress(total=len(jobs), desc="learning", unit="cell", disable=None) as bar:
        for job in jobs:
            found += running.cells(job)
            bar.update(1)
    return found


@dataclass(frozen=True, slots=True)
class _Job:
    person: str
    kind: str
    task: str
    edits: int
    control: str
    drawn: list[Draw]


def _methods(study: Study, known: list[str]) -> list[str]:
    for name in study.methods:
        if name not in known:
            raise SettingsError(f"there is no method {name}; choose from {', '.join(known)}")
    wanted = {MEDIAN, MEAN, *study.methods} if study.methods else set(known) - set(PARTS)
    return [name for name in known if name in wanted]


def _jobs(study: Study, tables: Tables) -> Iterator[_Job]:
    for kind in study.kinds:
        everybody = tables.people(kind)
        counts = tables.counts(ALL)
        for name in study.people:
            if name not in everybody:
                raise SettingsError(f"there is no {name} among the people; choose from {', '.join(everybody)}")
        for name, photos in everybody.items():
            if counts[name] < study.least or (study.people and name not in study.people):
                continue
            for task in study.tasks:
                for edits in study.edits:
                    drawn = draws(photos.days, task, edits, study.draws, name)
                    for control in CONTROLS if drawn else ():
                        if control == EVERYTHING or edits in study.controlled_at:
                            yield _Job(name, kind, task, edits, control, drawn)


@dataclass(slots=True)
class _Running:
    study: Study
    tables: Tables
    methods: dict[str, Method]
    _renderings: Renderings
    _learners: dict[tuple[str, ...], Learner] = field(default_factory=dict)

    def cells(self, job: _Job) -> list[Cell]:
        """Every method that is wanted for a job, over its draws."""
        mine = self._mine(job)
        moves = usual_moves(mine.labels)
        controlled = (MEDIAN, MEAN, *self.study.controlled)
        rendered = self._renderings if self.study.rendered and job.control == EVERYTHING else None
        found = []
        for name in self.methods:
            if job.control == EVERYTHING or name in controlled:
                learner = self._learner(name, job)
                sums = [_sums(learner, mine, draw, rendered) for draw in job.drawn]
                found.append(Cell(job.person, job.kind, job.task, job.edits, job.control, name, moves, sums))
        return found

    def _mine(self, job: _Job) -> Photos:
        """The photos of the person who is scored, as they are shown."""
        if job.control in (PLACEBO, PLACEBO_OFF):
            return self.tables.photos(job.person, job.kind, job.control)
        mine = _without(self.tables.photos(job.person, job.kind, _view(job.control)), job.control)
        if job.control != SHUFFLED:
            return mine
        return mine.shown(np.random.default_rng(zlib.crc32(job.person.encode())).permutation(len(mine)))

    def _learner(self, name: str, job: _Job) -> Learner:
        """A method that has learnt over all the others; once for what is shown of them."""
        shown = job.control if job.control in (NO_PICTURE, CONTENT) else EVERYTHING
        key = (name, job.person, job.kind, shown)
        if key not in self._learners:
            everybody = self.tables.people(job.kind, _view(shown))
            others = [_without(photos, shown) for person, photos in everybody.items() if person != job.person]
            self._learners[key] = self.methods[name](others)
        return self._learners[key]


def _view(control: str) -> str:
    return "equal" if control == CONTENT else ""


def _without(photos: Photos, control: str) -> Photos:
    if control == NO_PICTURE:
        return photos.without_pictures()
    return photos.without_shots() if control == CONTENT else photos


def _sums(learner: Learner, mine: Photos, draw: Draw, renderings: Renderings | None) -> Sums:
    others = mine.of(draw.others)
    answer = learner(Problem(mine.of(draw.edits), others.unlabelled(), draw.number))
    if answer.values.shape != others.labels.shape or not np.isfinite(answer.values).all():
        raise ValueError(f"a method answered {answer.values.shape}, or not finite, for {others.labels.shape}")
    if renderings is None:
        return Sums.of(answer, others.labels, Difference(*[np.nan] * 4))
    random = np.random.default_rng(draw.number)
    rows = np.sort(random.permutation(len(others))[:MOST])
    return Sums.of(answer, others.labels, renderings.differences(others.of(rows), answer.values[rows]))
