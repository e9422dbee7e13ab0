"""A worker of a cluster, without one: it labels as a run does, and says why where it cannot."""

import contextlib
import errno
import os
import pickle
import shutil
import stat
from collections.abc import Iterator
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path

import pytest

import autohdr
from autohdr.cluster.messages import Job, Opened, Refused, Share, Told
from autohdr.cluster.worker import Worker
from autohdr.codes import Code
from autohdr.errors import ModelError, SettingsError
from autohdr.model.onnx_file import read_model
from autohdr.objects.path import named
from autohdr.run.labeller import depends_on
from autohdr.run.settings import Settings
from autohdr.run.spread.parcels import Name, parcels
from tests.s3.faults import Fault
from tests.s3.store import S3


@pytest.fixture(autouse=True)
def _own_processors(monkeypatch: pytest.MonkeyPatch) -> None:
    """A worker sets this in its process, and here that is the tests'."""
    monkeypatch.setenv("PYTHON_CPU_COUNT", "1")


@pytest.fixture
def job(shoot: Path, small_model: Path) -> Job:
    settings = Settings(model=Path("/of/the/giver.onnx"), embed=False, threads=1)
    model = read_model(small_model)
    depends = depends_on(settings, model.label, model.info.mode)
    return Job(version("autohdr"), settings, None, small_model.read_bytes(), (shoot,), depends)


@contextlib.contextmanager
def at_work(job: Job) -> Iterator[Worker]:
    worker = Worker(pickle.loads(pickle.dumps(job)), 1)
    assert isinstance(worker.open(), Opened)
    try:
        yield worker
    finally:
        worker.close()


def shares(folder: Path) -> list[Share]:
    photos = sorted(folder.glob("*.dng"))
    return [Share(number, one) for number, one in enumerate(parcels((Name(photo, "") for photo in photos), reach=2))]


def all_of(worker: Worker, given: list[Share]) -> Told:
    """What comes of shares, all together."""
    told = worker.exchange(given, True)
    while not told.idle:
        more = worker.exchange([], True)
        told.results += more.results
        told.noted += more.noted
        told.finished += more.finished
        told = replace(more, results=told.results, noted=told.noted, finished=told.finished)
    return told


def sidecars(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.glob("*.xmp"))}


def test_it_labels_as_a_run_on_one_machine_does(shoot: Path, tmp_path: Path, job: Job, small_model: Path) -> None:
    other = Path(shutil.copytree(shoot, tmp_path / "other"))
    autohdr.label([other], model=small_model, embed=False)
    with at_work(job) as worker:
        told = pickle.loads(pickle.dumps(all_of(worker, shares(shoot))))
    assert [result.path.name for _, result in told.results] == [f"IMG_{number}.dng" for number in range(5)]
    assert told.finished == [share.number for share in shares(shoot)]
    assert sidecars(shoot) == sidecars(other)
    assert {path for path, _ in told.noted} == {*shoot.glob("*.dng")}


def test_what_is_noted_of_photos_is_not_done_again(shoot: Path, job: Job) -> None:
    with at_work(job) as worker:
        noted = dict(all_of(worker, shares(shoot)).noted)
        again = [replace(share, noted=noted) for share in shares(shoot)]
        told = all_of(worker, again)
    assert {result.code for _, result in told.results} == {Code.LABELLED_ALREADY}
    assert told.noted == []


def test_another_version_is_refused_in_one_sentence(job: Job) -> None:
    answer = Worker(replace(job, version="99.0"), 1).open()
    assert isinstance(answer, Refused)
    assert isinstance(pickle.loads(pickle.dumps(answer)).error, SettingsError)
    assert "the run is of autohdr 99.0" in str(answer.error)


def test_a_folder_that_is_not_there_is_refused_in_one_sentence(job: Job, tmp_path: Path) -> None:
    answer = Worker(replace(job, seen=(tmp_path / "nowhere",)), 1).open()
    assert isinstance(answer, Refused)
    assert f"{tmp_path / 'nowhere'} is not there; every machine must see" in str(answer.error)


def test_a_bucket_that_a_machine_may_not_look_at_is_refused_with_the_reason(job: Job, s3: S3) -> None:
    s3.plan(Fault("denied", count=0))
    answer = Worker(replace(job, seen=(named(s3.url("shoot")),)), 1).open()
    assert isinstance(answer, Refused)
    assert "(the server does not permit it); check what these credentials permit, on every machine" in str(answer.error)


def test_a_model_of_its_own_that_is_another_one_is_refused(job: Job) -> None:
    """The default model is not sent: each machine has it."""
    answer = Worker(replace(job, model=None, settings=replace(job.settings, model=None)), 1).open()
    assert isinstance(answer, Refused)
    assert isinstance(answer.error, ModelError)


def test_it_leaves_where_the_folder_goes_away(shoot: Path, job: Job) -> None:
    with at_work(job) as worker:
        given = shares(shoot)
        shoot.rename(shoot.with_name("away"))
        told = all_of(worker, given)
    assert told.left == f"{shoot} is not there any more"
    assert told.results == []


def test_it_leaves_where_its_disk_is_full(shoot: Path, job: Job, monkeypatch: pytest.MonkeyPatch) -> None:
    fsync = os.fsync

    def full(descriptor: int) -> None:
        if stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        fsync(descriptor)

    with at_work(job) as worker:
        monkeypatch.setattr(os, "fsync", full)
        told = all_of(worker, shares(shoot))
        monkeypatch.undo()
    assert told.left is not None
    assert os.strerror(errno.ENOSPC) in told.left
    assert (told.results, told.finished) == ([], [])


def test_it_begins_nothing_more_once_it_is_stopped(shoot: Path, job: Job) -> None:
    with at_work(job) as worker:
        worker.stop()
        told = all_of(worker, shares(shoot))
    assert (told.results, told.left, told.room) == ([], None, 0)
    assert sidecars(shoot) == {}
