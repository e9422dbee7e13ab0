"""Keeps the photos of a series together: they are labelled as one, whatever else a run does.

Photos pass in blocks (`autohdr.series.find.blocks`), in order and at most a hundred at a time. Where some of a series
are finished already and others are not, all of them are answered for, so that a run that was stopped and goes on gives
the labels of one that was not; and where a run stops in the midst of a series, nothing comes of any of it.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from itertools import chain
from pathlib import Path

from autohdr.codes import Code
from autohdr.run.results.report import InSeries
from autohdr.run.spread.starts import dividing
from autohdr.run.stages.photo import Photo
from autohdr.series.agree import agree, agree_beside, tellers
from autohdr.series.find import blocks, runs
from autohdr.series.join import join


def beginning(photos: Iterable[Photo], names: Iterable[Path]) -> Iterator[Photo]:
    """Yields photos that were looked at, each knowing whether photos without a pause are divided before it.

    Args:
        photos: in order.
        names: theirs, which are asked for some hundreds ahead.
    """
    return (replace(photo, begins=begins) for photo, (_, begins) in zip(photos, dividing(names), strict=True))


Division = Callable[[Iterable[Photo]], Iterator[list[Photo]]]
"""Divides photos, in order, into blocks."""

NUMBERS = 1000
"""Series whose numbers are remembered; all photos of one are within some hundred of each other."""


def divided(photos: Iterable[Photo], division: Division = blocks) -> Iterator[Photo]:
    """Yields photos that were looked at, each knowing where its block ends, and whether it is to be answered for."""
    for block in division(photos):
        again = _again(block)
        for place, photo in enumerate(block):
            known = replace(photo, block=len(block), behind=len(block) - 1 - place)
            yield replace(known, ended=None, finished=photo.ended) if place in again else known


def _again(block: list[Photo]) -> set[int]:
    """The photos of a block that are finished, of a run in which others are to be labelled."""
    again: set[int] = set()
    if len(block) > 1 and any(photo.ended is None for photo in block):
        for run in runs([photo.shot for photo in block]):
            if any(block[number].ended is None for number in run):
                again |= {number for number in run if _is_finished(block[number])}
    return again


def _is_finished(photo: Photo) -> bool:
    return photo.ended is not None and photo.ended.code == Code.LABELLED_ALREADY


def held(photos: Iterable[Photo]) -> Iterator[list[Photo]]:
    """Yields the photos of each block together, once the last of them is there."""
    return chain.from_iterable(completed((photo,) for photo in photos))


def completed(batches: Iterable[Iterable[Photo]]) -> Iterator[list[list[Photo]]]:
    """Yields, of each batch of photos, the blocks whose last photos are in it, if any."""
    block: list[Photo] = []
    for batch in batches:
        whole: list[list[Photo]] = []
        for photo in batch:
            block.append(photo)
            if photo.behind == 0:
                whole.append(block)
                block = []
        if whole:
            yield whole
    if block:
        yield [block]


class Agreement:
    """Makes the labels of each series agree, and counts the series of a run."""

    def __init__(self, label: Callable[[Photo], Photo], numbers: dict[tuple[Path, str], int]) -> None:
        """Takes what makes a label of an answer, and the numbers of the series that a run has met last, which it adds
        to: the newest comes last, and has the highest."""
        self._label, self._numbers = label, numbers

    def make_each(self, blocks: Iterable[list[Photo]]) -> list[Photo]:
        """Returns the photos of some blocks, labelled."""
        return [photo for block in blocks for photo in self.make(block)]

    def make(self, block: list[Photo]) -> list[Photo]:
        """Returns the photos of a block, labelled."""
        if len(block) == 1:
            return [photo if photo.answer is None else self._label(photo) for photo in block]
        if any(photo.answer is None and photo.ended is None for photo in block):  # the run was stopped
            return [replace(photo, answer=None, ended=photo.ended or photo.finished) for photo in block]
        shots, glances = [photo.shot for photo in block], [photo.glance for photo in block]
        answers = {number: photo.answer for number, photo in enumerate(block) if photo.answer is not None}
        told = {number: answer.scaled for number, answer in answers.items()}
        made = list(block)
        for series in join(shots, glances) if told else ():
            agreed = agree(series, told, shots, glances)
            if len(agreed) < 2:
                continue
            also = agree_beside([answers[number].also for number in tellers(series, [*agreed], shots)])
            mark = InSeries(0, series.kind, len(agreed), block[min(agreed)].path.name)
            for number, scaled in agreed.items():
                answer = replace(answers[number], scaled=scaled, also=also)
                made[number] = replace(made[number], answer=answer, series=mark)
        return [self._numbered(photo if photo.answer is None else self._label(photo)) for photo in made]

    def _numbered(self, photo: Photo) -> Photo:
        """The photo with the number of its series: they are counted in the order of their first photo."""
        if photo.series is not None:
            return replace(photo, series=self._number(photo.path.parent, photo.series))
        if photo.ended is not None and photo.ended.series is not None:
            return replace(
                photo, ended=replace(photo.ended, series=self._number(photo.path.parent, photo.ended.series))
            )
        return photo

    def _number(self, folder: Path, series: InSeries) -> InSeries:
        key = folder, series.first
        if key not in self._numbers:
            self._numbers[key] = next(reversed(self._numbers.values()), 0) + 1
            if len(self._numbers) > NUMBERS:
                del self._numbers[next(iter(self._numbers))]
        return replace(series, number=self._numbers[key])
