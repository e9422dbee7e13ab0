"""LibRaw in processes of its own: the same answers, and what a file does to one of them stays that file's matter."""

import dataclasses
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from autohdr import RawError
from autohdr.raw.decoders import contained, wire, worker
from autohdr.raw.decoders.contained import ContainedDecoder, Workers
from autohdr.raw.decoders.libraw import LibRawDecoder, read_thumbnail
from autohdr.raw.frame import RawFrame
from autohdr_scenes import BODIES, expose, random_scene, write_dng

HERE = Path("IMG_1.CR2")

WORKER = """
import os, time
from autohdr.errors import RawError
from autohdr.raw.decoders.libraw import LibRawDecoder
from autohdr.raw.decoders import worker

class Decoder:
    name = "fake"
    served = 0

    def decode(self, data, path):
        self.served += 1
        if data == b"hang":
            time.sleep(600)
        if data == b"crash" or (data == b"second" and self.served > 1):
            os._exit(7)
        if data == b"bug":
            raise ZeroDivisionError("oh")
        if data == b"memory":
            bytearray(worker.MEMORY)
        if data == b"print":
            os.write(1, b"not a message")
        raise RawError(f"{path}: {self.served}")

worker.main(Decoder)
"""


@pytest.fixture
def workers() -> Iterator[Workers]:
    """Processes that do what a file's bytes say, and refuse it in the end, counting the files they were given."""
    workers = Workers(["-c", WORKER])
    yield workers
    workers.close()


def refusal(workers: Workers, data: bytes) -> str:
    with pytest.raises(RawError) as refused:
        ContainedDecoder(workers).decode(data, HERE)
    return str(refused.value)


def assert_equal(one: RawFrame, other: RawFrame) -> None:
    for field in dataclasses.fields(RawFrame):
        np.testing.assert_equal(getattr(one, field.name), getattr(other, field.name), field.name)


@pytest.mark.parametrize(
    "name",
    [
        "canon_eos30d_IMG_0848.CR2",
        "kodak_c330_YRGB.raw",
        "kodak_dc50.KDC",
        "nikon_coolscan_iv_uncompressed.nef",
        "sony_a7rm3_DSC2164.ARW",
    ],
)
def test_a_real_file_is_described_as_in_this_process(shared_raws: Path, name: str) -> None:
    data = (shared_raws / name).read_bytes()
    assert_equal(ContainedDecoder().decode(data, HERE), LibRawDecoder().decode(data, HERE))


@pytest.mark.parametrize("phase", ["GBRG", "X-Trans", "monochrome", "linear"])
def test_every_kind_of_frame_comes_over_whole(tmp_path: Path, phase: str) -> None:
    body = dataclasses.replace(BODIES[0], phase=phase)
    rng = np.random.default_rng(0)
    write_dng(tmp_path / "a.dng", expose(random_scene(rng, (48, 72)), body, 1.0, rng, 5, 1.7e9), body)
    data = (tmp_path / "a.dng").read_bytes()
    assert_equal(ContainedDecoder().decode(data, HERE), LibRawDecoder().decode(data, HERE))


def test_a_refusal_is_the_same_sentence_as_in_this_process() -> None:
    sentences = []
    for decoder in (ContainedDecoder(), LibRawDecoder()):
        with pytest.raises(RawError) as refused:
            decoder.decode(b"not a photo", Path("caf\udce9.dng"))  # a name that is not UTF-8
        sentences.append(str(refused.value))
    assert sentences[0] == sentences[1]


def test_what_takes_too_long_is_stopped_and_the_next_file_is_served(
    workers: Workers, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert refusal(workers, b"") == "IMG_1.CR2: 1"
    with monkeypatch.context() as patch:
        patch.setattr(contained, "SECONDS", 0.25)
        assert refusal(workers, b"hang") == (
            "IMG_1.CR2: LibRaw had not finished it after 0 s and was stopped; "
            "the file is damaged, copy it from the card again"
        )
    assert refusal(workers, b"") == "IMG_1.CR2: 1"


def test_a_crash_is_the_files_matter_and_the_next_file_is_served(workers: Workers) -> None:
    assert refusal(workers, b"") == "IMG_1.CR2: 1"
    assert refusal(workers, b"crash") == (
        "IMG_1.CR2: LibRaw crashed over it (exit code 7); the file is damaged, copy it from the card again"
    )
    assert refusal(workers, b"") == "IMG_1.CR2: 1"


def test_a_file_is_not_blamed_for_what_the_one_before_it_left_behind(workers: Workers) -> None:
    assert [refusal(workers, data) for data in (b"", b"", b"second")] == [
        "IMG_1.CR2: 1",
        "IMG_1.CR2: 2",
        "IMG_1.CR2: 1",
    ]


def test_a_worker_that_died_while_it_waited_is_replaced(workers: Workers) -> None:
    refusal(workers, b"")
    workers._idle[0]._process.kill()
    workers._idle[0]._process.wait()
    assert refusal(workers, b"") == "IMG_1.CR2: 1"


def test_a_bug_behind_is_one_sentence(workers: Workers) -> None:
    assert refusal(workers, b"bug") == (
        "IMG_1.CR2: its decoder failed (ZeroDivisionError: oh); copy it from the card again, or report it"
    )


def test_what_libraw_prints_does_not_mix_with_its_answers(workers: Workers) -> None:
    assert refusal(workers, b"print") == "IMG_1.CR2: 1"
    assert refusal(workers, b"") == "IMG_1.CR2: 2"


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux bounds a process's address space")
def test_memory_is_bounded(workers: Workers) -> None:
    assert "MemoryError" in refusal(workers, b"memory")


@pytest.mark.skipif(sys.platform == "win32", reason="a console's Ctrl-C does not reach it there")
def test_ctrl_c_is_the_parents_matter(workers: Workers) -> None:
    refusal(workers, b"")
    os.kill(workers._idle[0]._process.pid, signal.SIGINT)
    assert refusal(workers, b"") == "IMG_1.CR2: 2"


def test_an_interrupted_thread_does_not_leave_half_an_answer_behind(
    workers: Workers, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(stream: object) -> None:
        raise KeyboardInterrupt

    refusal(workers, b"")
    with monkeypatch.context() as patch:
        patch.setattr(wire, "receive", interrupted)
        with pytest.raises(KeyboardInterrupt):
            ContainedDecoder(workers).decode(b"", HERE)
    assert refusal(workers, b"") == "IMG_1.CR2: 1"


def test_threads_share_no_more_workers_than_they_are(workers: Workers) -> None:
    with ThreadPoolExecutor(3) as pool:
        answers = list(pool.map(lambda number: refusal(workers, b"%d" % number), range(30)))
    assert all(answer.startswith("IMG_1.CR2: ") for answer in answers)
    assert 1 <= len(workers._idle) <= 3


def test_a_worker_that_does_not_start_says_why() -> None:
    broken = Workers(["-c", "from autohdr.raw.decoders import worker; worker.main(lambda: 1 / 0)"])
    assert refusal(broken, b"") == (
        "IMG_1.CR2: LibRaw's process does not start (ZeroDivisionError: division by zero); install autohdr again"
    )
    assert "(exit code 3)" in refusal(Workers(["-c", "raise SystemExit(3)"]), b"")


def test_nothing_is_imported_from_the_photographers_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "rawpy.py").write_text("raise RuntimeError('a stranger')")
    monkeypatch.chdir(tmp_path)
    workers = Workers()
    assert "LibRaw finds its picture missing or damaged (" in refusal(workers, b"not a photo")
    workers.close()


def test_a_worker_ends_with_its_parent_however_that_ends(tmp_path: Path) -> None:
    """It holds a connection to us, which the system closes with it."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        child = (
            "import socket; from autohdr.raw.decoders import worker; "
            f"held = socket.create_connection(('127.0.0.1', {port})); worker.main()"
        )
        parent = (
            "import os; from autohdr.raw.decoders.contained import Workers; "
            f"workers = Workers(['-c', {child!r}]); workers.give_back(workers.take()); os._exit(1)"
        )
        subprocess.run([sys.executable, "-c", parent], check=False)
        server.settimeout(60)
        held, _ = server.accept()
        with held:
            held.settimeout(60)
            assert held.recv(1) == b""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_a_forked_process_has_workers_of_its_own() -> None:
    code = f"""
import os
from pathlib import Path
from autohdr.errors import RawError
from autohdr.raw.decoders.contained import ContainedDecoder, Workers

decoder = ContainedDecoder(Workers(["-c", {WORKER!r}]))

def served(who):
    try:
        decoder.decode(b"", Path(who))
    except RawError as error:
        print(error, flush=True)

served("parent")
if not os.fork():
    served("child")
    os._exit(0)
os.wait()
served("parent")
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == ["parent: 1", "child: 1", "parent: 2"]


@pytest.mark.skipif(sys.platform == "win32", reason="has no alarm there")
def test_a_worker_that_hangs_ends_by_itself_were_its_parent_gone() -> None:
    request = wire.packed({"what": "frame", "path": "a", "bytes": 4, "seconds": 1 - worker.GRACE}) + b"hang"
    done = subprocess.run([sys.executable, "-c", WORKER], input=request, stdout=subprocess.DEVNULL, check=False)
    assert done.returncode == -signal.SIGALRM


def test_a_worker_imports_only_what_it_needs() -> None:
    """A run waits for its start, and each worker keeps its own copy of what it has imported."""
    code = (
        "import sys, autohdr.raw.decoders.worker, autohdr.raw.decoders.libraw; "
        "print(*{'numba', 'lxml', 'onnxruntime', 'flashraw', 'click', 'importlib.metadata'} & set(sys.modules))"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split() == []


def test_the_parent_never_loads_libraw(shared_raws: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from autohdr.raw.decode import decode, open_decoder; "
        f"print(decode(Path({str(shared_raws / 'kodak_dc50.KDC')!r}), open_decoder('libraw')).decoder); "
        "print('rawpy' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["libraw", "False"]


def test_a_thumbnail_comes_from_a_process_of_its_own_too(shared_raws: Path, tmp_path: Path) -> None:
    for name in ("canon_eos30d_IMG_0848.CR2", "fuji_s5000_RAW_FUJI_S5000.RAF"):
        ours, theirs = ContainedDecoder().thumbnail(shared_raws / name), read_thumbnail(shared_raws / name)
        assert ours is not None
        assert theirs is not None
        np.testing.assert_array_equal(ours.data, theirs.data)
        assert (ours.flip, ours.shape) == (theirs.flip, theirs.shape)
    assert ContainedDecoder().thumbnail(shared_raws / "kodak_c330_YRGB.raw") is None
    (tmp_path / "a.dng").write_bytes(b"not a photo")
    with pytest.raises(RawError, match=r"a\.dng: LibRaw cannot read it"):
        ContainedDecoder().thumbnail(tmp_path / "a.dng")
