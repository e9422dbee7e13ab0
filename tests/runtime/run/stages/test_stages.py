"""The stages of a run: in order, in bounds, and past what has ended."""

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from autohdr import RawError, Result
from autohdr.codes import Code
from autohdr.engines.network import Network, open_network
from autohdr.raw.content import Content
from autohdr.raw.decode import open_decoder, read_for
from autohdr.raw.decoders.base import Decoder
from autohdr.raw.frame import RawFrame
from autohdr.run.stages import stages as stages_module
from autohdr.run.stages.photo import Photo
from autohdr.run.stages.stages import READ_AHEAD, Stages, batched
from autohdr.run.state.journal import Journal
from autohdr.run.stop import Stop
from autohdr.style.predict import Predictor
from tests.runtime.run.processes import many

Meanwhile = Callable[[Path], None]


class Watched:
    """A decoder that does something else before it decodes."""

    name = "libraw"

    def __init__(self, meanwhile: Meanwhile = lambda path: None) -> None:
        self._decoder = open_decoder()
        self._meanwhile = meanwhile
        self.asked: list[str] = []

    def decode(self, data: bytes, path: Path) -> RawFrame:
        self.asked.append(path.name)
        self._meanwhile(path)
        return self._decoder.decode(data, path)


@pytest.fixture
def network(small_model: Path) -> Iterator[Network]:
    with open_network(small_model, "cpu") as opened:
        yield opened


def made(network: Network, decoder: Watched, stop: Stop | None = None, *, dry_run: bool = False) -> Stages:
    """Stages that write sidecars and remember nothing."""
    stopping = stop or Stop(threading.Event())
    return Stages(Predictor(network, None), decoder, Journal((), Path(), {}), stopping, "skip", "adobe", False, dry_run)


def names(results: list[Result]) -> list[str]:
    return [result.path.name for result in results]


def test_results_come_in_order_however_long_a_photo_takes(shoot: Path, network: Network) -> None:
    """The first photo is decoded last."""
    photos = sorted(shoot.glob("*.dng"))
    others = threading.Semaphore(0)

    def meanwhile(path: Path) -> None:
        if path == photos[0]:
            for _ in photos[1:4]:
                others.acquire()
        else:
            others.release()

    decoder = Watched(meanwhile)
    results = list(made(network, decoder).results(photos, threads=2, batch=2))
    assert names(results) == [photo.name for photo in photos]
    assert [result.status for result in results] == ["labelled"] * 5


def test_a_photo_that_was_edited_is_passed_on_with_its_reason_neither_read_nor_decoded(
    shoot: Path, network: Network, monkeypatch: pytest.MonkeyPatch
) -> None:
    edited = '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
    edited += '<rdf:Description xmlns:crs="http://ns.adobe.com/camera-raw-settings/1.0/" crs:Exposure2012="+1.00"/>'
    (shoot / "IMG_2.xmp").write_text(edited + "</rdf:RDF></x:xmpmeta>")
    read: list[str] = []

    def counted(path: Path, decoder: Decoder) -> Content:
        read.append(path.name)
        return read_for(path, decoder)

    monkeypatch.setattr(stages_module, "read_for", counted)
    decoder = Watched()
    results = list(made(network, decoder).results(sorted(shoot.glob("*.dng")), threads=1, batch=8))
    assert [result.status for result in results] == ["labelled", "labelled", "skipped", "labelled", "labelled"]
    assert results[2].code == Code.EDITED
    assert read == decoder.asked == [f"IMG_{number}.dng" for number in (0, 1, 3, 4)]


@pytest.mark.parametrize("threads", [1, 3])
def test_few_files_are_held_in_memory_at_once(
    shoot: Path, network: Network, monkeypatch: pytest.MonkeyPatch, threads: int
) -> None:
    photos = sorted(many(shoot, 60).glob("*.dng"))
    lock, held, most = threading.Lock(), [0], [0]

    def count(change: int) -> None:
        with lock:
            held[0] += change
            most[0] = max(most[0], held[0])

    def counted(path: Path, decoder: Decoder) -> Content:
        count(1)
        return read_for(path, decoder)

    monkeypatch.setattr(stages_module, "read_for", counted)
    decoder = Watched(lambda path: count(-1))
    assert len(list(made(network, decoder).results(photos, threads, batch=4))) == 60
    assert held == [0]
    assert most[0] <= READ_AHEAD + 2 * threads + 1


def test_the_engine_is_given_whole_batches_and_the_rest(
    shoot: Path, network: Network, monkeypatch: pytest.MonkeyPatch
) -> None:
    given: list[int] = []
    infer = network.engine.infer

    def counted(pixels: NDArray[np.float32]) -> NDArray[np.float32]:
        given.append(len(pixels))
        return infer(pixels)

    monkeypatch.setattr(network.engine, "infer", counted)
    photos = sorted(many(shoot, 11).glob("*.dng"))
    results = list(made(network, Watched()).results(photos, threads=2, batch=4))
    assert given == [4, 4, 3]
    assert len(results) == 11


@pytest.mark.parametrize("size", [1, 3, 7, 8])
def test_photos_are_batched_in_order(size: int) -> None:
    photos = [Photo(Path(str(number))) for number in range(7)]
    batches = list(batched(iter(photos), size))
    assert [photo for batch in batches for photo in batch] == photos
    assert {len(batch) for batch in batches[:-1]} <= {size}


def test_a_refusal_and_a_bug_are_one_photos_each(shoot: Path, network: Network) -> None:
    def meanwhile(path: Path) -> None:
        if path.name == "IMG_1.dng":
            raise RawError(f"{path}: is no photo; try another")
        if path.name == "IMG_3.dng":
            raise ZeroDivisionError("by zero")

    results = list(made(network, Watched(meanwhile)).results(sorted(shoot.glob("*.dng")), threads=2, batch=2))
    assert [result.status for result in results] == ["labelled", "failed", "labelled", "failed", "labelled"]
    assert (results[1].reason or "").endswith("is no photo; try another")
    assert "ZeroDivisionError" in (results[3].reason or "")


def test_once_stopped_what_is_decoded_is_finished_and_nothing_is_begun(shoot: Path, network: Network) -> None:
    photos, stop = sorted(many(shoot, 60).glob("*.dng")), Stop(threading.Event())

    def meanwhile(path: Path) -> None:
        if path == photos[5]:
            stop.asked.set()

    decoder = Watched(meanwhile)
    results = list(made(network, decoder, stop).results(photos, threads=1, batch=4))
    assert names(results) == [photo.name for photo in photos[:6]] == decoder.asked
    assert {result.status for result in results} == {"labelled"}
    assert len(list(photos[0].parent.glob("*.xmp"))) == 6


def test_a_rehearsal_says_the_same_and_touches_nothing(shoot: Path, network: Network) -> None:
    photos = sorted(shoot.glob("*.dng"))
    before = {path: path.read_bytes() for path in shoot.iterdir()}
    rehearsed = list(made(network, Watched(), dry_run=True).results(photos, threads=1, batch=8))
    assert {path: path.read_bytes() for path in shoot.iterdir()} == before
    done = list(made(network, Watched()).results(photos, threads=1, batch=8))
    assert [(one.status, one.sliders, one.sidecar) for one in rehearsed] == [
        (one.status, one.sliders, one.sidecar) for one in done
    ]
