"""Two machines that change one file: each change is there at the end, or its machine was told that it is not made.

A process may have more than one state folder, and then takes itself for as many machines.
"""

import errno
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from autohdr.errors import AutohdrError
from autohdr.files.changing import claims
from autohdr.files.changing.claims import claim_of
from autohdr.files.changing.conditional import move_over, remove, replace
from autohdr.files.whole import read_bytes
from autohdr.sidecar.originals import place
from tests.runtime.crashes import CLAIMING, CODE, CREATING, REMOVING, WRITING

ROOT = Path(__file__).resolve().parents[4]
POINTS = [
    *(f"written: {point}" for point in WRITING),
    *(f"created: {point}" for point in CREATING),
    *REMOVING,
    *CLAIMING,
]
Change = Callable[[Path, bytes], None]
"""What somebody does to a file that held those bytes when they looked."""

_hooks: list[Callable[[str], None]] = []
_EVENTS = {"open", "os.rename", "os.link", "os.remove"}


def _audit(event: str, arguments: tuple[object, ...]) -> None:
    if _hooks and event in _EVENTS:
        _hooks[-1](event)


sys.addaudithook(_audit)


@contextmanager
def hooked(hook: Callable[[str], None]) -> Iterator[None]:
    """Calls a function before this process opens, links, renames or removes a file."""
    _hooks.append(hook)
    try:
        yield
    finally:
        _hooks.remove(hook)


def add(word: bytes, *, keeping: bool = True) -> Change:
    """A change that adds a line to what a file holds."""
    return lambda path, held: replace(path, held + word, held, place(path, held) if keeping else None)


def take_away(path: Path, held: bytes) -> None:
    """Removes a file."""
    remove(path, held)


def bring_back(path: Path, held: bytes) -> None:
    """Puts an original in the place of a file."""
    move_over(path.with_name("IMG_1.xmp_original"), path, held)


def made(change: Change, path: Path, held: bytes | None = None) -> bool:
    """Makes a change; False where it is refused."""
    try:
        change(path, read_bytes(path) or b"" if held is None else held)
    except AutohdrError:
        return False
    return True


CHANGES = {
    "add": add(b"first\n"),
    "add, not keeping": add(b"first\n", keeping=False),
    "take away": take_away,
    "bring back": bring_back,
}


def prepare(folder: Path) -> Path:
    folder.mkdir()
    path = folder / "IMG_1.xmp"
    path.write_bytes(b"old\n")
    path.with_name("IMG_1.xmp_original").write_bytes(b"older\n")
    return path


def once(at: int, call: Callable[[], None]) -> Callable[[str], None]:
    """What calls a function at one event, counted from 0."""
    left = [at + 1]

    def hook(event: str) -> None:
        left[0] -= 1
        if left[0] == 0:
            call()

    return hook


def interrupted(
    tmp_path: Path, change: str, monkeypatch: pytest.MonkeyPatch, *, asleep: bool = False
) -> Iterator[tuple[int, bool, bool, set[bytes]]]:
    """Makes a change, again and again; at another place in the midst of it each time another machine adds a line.

    Yields at which place, whether ours was made, whether the other one, and what the files hold. Where we were `asleep`
    at that place, our claim is old; the last step is left out, then.
    """
    monkeypatch.setattr(claims, "_PATIENCE", 0.0)
    events: list[str] = []
    path = prepare(tmp_path / "counted")
    with hooked(events.append):
        CHANGES[change](path, b"old\n")
    last = events.index("os.rename" if "os.rename" in events else "os.remove") if asleep else len(events)
    for at in range(last):
        path = prepare(tmp_path / str(at))
        came: list[bool] = []

        def other(path: Path = path, came: list[bool] = came) -> None:
            if asleep and claim_of(path).exists():
                os.utime(claim_of(path), ns=(1, 1))
            with monkeypatch.context() as patch:
                patch.setenv("AUTOHDR_STATE", str(tmp_path / "other"))
                came.append(made(add(b"second\n"), path))

        with hooked(once(at, other)):
            ours = made(CHANGES[change], path, b"old\n")
        if came:
            assert not list(path.parent.glob(".*")), at
            yield at, ours, came[0], {file.read_bytes() for file in path.parent.iterdir()}


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("links", [True, False])
def test_whenever_another_machine_comes_nothing_is_lost(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, change: str, links: bool
) -> None:
    """The other one makes its whole change at each place in the midst of ours."""
    if not links:
        monkeypatch.setattr(os, "link", no_links)
    outcomes = set()
    for at, ours, theirs, held in interrupted(tmp_path, change, monkeypatch):
        outcomes.add((ours, theirs))
        assert any(data.endswith(b"second\n") for data in held) == theirs, at
        if change.startswith("add"):
            assert (b"old\nfirst\n" in held) == ours, at
        assert b"old\n" in held or (ours and change != "add"), at
    assert {(True, False), (False, True)} <= outcomes
    assert (False, False) not in outcomes


def no_links(*_: object) -> None:
    raise OSError(errno.EPERM, os.strerror(errno.EPERM))


@pytest.mark.parametrize("change", CHANGES)
def test_a_machine_that_stood_still_finds_that_another_one_took_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, change: str
) -> None:
    """But for the very last step: what falls asleep right before that, for ten minutes, overwrites."""
    for at, ours, theirs, held in interrupted(tmp_path, change, monkeypatch, asleep=True):
        assert theirs, at
        assert b"old\nsecond\n" in held, at
        assert not ours, at


DYING = """
import sys
from pathlib import Path
from tests.runtime.crashes import die_at
from tests.runtime.files.changing.test_two_machines import CHANGES
die_at(sys.argv[2])
CHANGES[sys.argv[3]](Path(sys.argv[1]), b"old\\n")
"""


@pytest.mark.parametrize(
    ("point", "change"),
    [*((point, "add") for point in POINTS), *(("a file is claimed", change) for change in ("take away", "bring back"))],
)
def test_where_a_machine_is_killed_the_next_run_on_it_goes_on(tmp_path: Path, point: str, change: str) -> None:
    path = prepare(tmp_path / "photos")
    command = [sys.executable, "-c", DYING, str(path), point, change]
    done = subprocess.run(command, cwd=ROOT, check=False, capture_output=True, text=True)
    assert done.returncode in (0, CODE), done.stderr
    held = {file.read_bytes() for file in path.parent.glob("IMG_*")}
    assert held <= {b"old\n", b"older\n", b"old\nfirst\n"}
    assert b"old\n" in held
    assert made(add(b"second\n"), path)
    assert b"second\n" in path.read_bytes()


RACING = """
import random, sys
from pathlib import Path
from tests.runtime.files.changing.test_two_machines import add, made
folder, name, seed = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
order = random.Random(seed)
print("ready", flush=True)
sys.stdin.readline()
for number in range(10):
    word = f"{name}-{number}\\n".encode()
    while not made(add(word), folder / f"IMG_{order.randrange(2)}.xmp"):
        pass
"""


def start(folder: Path, state: Path, seed: int) -> "subprocess.Popen[str]":
    """A machine that makes changes to two files of a folder as soon as it is told to."""
    command = [sys.executable, "-c", RACING, str(folder), state.name, str(seed)]
    settings = {**os.environ, "AUTOHDR_STATE": str(state)}
    pipe = subprocess.PIPE
    return subprocess.Popen(command, cwd=ROOT, env=settings, text=True, stdin=pipe, stdout=pipe)


@pytest.mark.parametrize("seed", [1, 2])
def test_machines_that_race_lose_no_change(tmp_path: Path, seed: int) -> None:
    """Each change builds on what it found, so the last ones hold them all."""
    folder = tmp_path / "photos"
    folder.mkdir()
    for number in range(2):
        (folder / f"IMG_{number}.xmp").write_bytes(b"")
    runs = [start(folder, tmp_path / f"m{number}", 10 * seed + number) for number in range(2)]
    for run in runs:
        assert run.stdout is not None
        assert run.stdout.readline() == "ready\n"
    for run in runs:
        assert run.stdin is not None
        run.stdin.write("go\n")
        run.stdin.flush()
    for run in runs:
        run.communicate()
        assert run.returncode == 0
    held = sorted(word for path in folder.glob("*.xmp") for word in path.read_text().split())
    assert held == sorted(f"m{machine}-{number}" for machine in range(2) for number in range(10))
    assert not list(folder.glob(".*"))
