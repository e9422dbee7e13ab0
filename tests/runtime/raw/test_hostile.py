"""Mutated files: each is read, or refused in one sentence; nothing crashes, hangs, or raises anything else."""

import argparse
import dataclasses
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from autohdr import RawError
from autohdr.raw.decode import decode
from autohdr.raw.frame import RawFrame
from tests.runtime.raw import fuzz

FRAME = RawFrame(
    data=np.ones((8, 8, 3), np.float32),
    pattern=None,
    black=np.zeros(4),
    white=np.ones(4),
    white_balance=np.ones(3),
    matrix=np.eye(3),
)
NAN = np.where(np.arange(192).reshape(8, 8, 3) == 100, np.float32("nan"), FRAME.data)
IMPOSSIBLE: dict[str, dict[str, Any]] = {
    "holds 5 x 8 pixels": {"data": FRAME.data[:, :5]},
    "which do not go together": {"data": FRAME.data[..., :2]},
    "lacks a colour": {"data": FRAME.data[..., 0], "pattern": np.array([[0, 2], [2, 0]], np.uint8)},
    "are no finite numbers": {"data": NAN},
    "its levels are impossible": {"white": np.zeros(4)},
    "white balance": {"white_balance": np.array([1.0, 1.0, 0.0])},
    "exposure 1000000000": {"exposure": 1e9},
    "exposure nan": {"exposure": float("nan")},
}


@pytest.mark.parametrize(("decoder", "cases"), [("auto", 600), ("libraw", 400)])
def test_a_mutated_file_is_read_or_refused_in_one_sentence(decoder: str, cases: int) -> None:
    command = [sys.executable, "-m", "tests.runtime.raw.fuzz", "--decoder", decoder, "--cases", str(cases)]
    done = subprocess.run(command, cwd=fuzz.ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    counts = json.loads(done.stdout.splitlines()[1])
    assert counts["read"] > cases / 10
    assert counts["refused"] > cases / 10
    assert counts["read"] + counts["refused"] == cases


def test_mutated_lossless_jpeg_is_read_as_flashraw_reads_it_or_left_to_it() -> None:
    pytest.importorskip("flashraw", reason="needs flashraw, autohdr[fast]")
    command = [sys.executable, "-m", "tests.runtime.raw.fuzz", "--lossless", "--cases", "3000"]
    done = subprocess.run(command, cwd=fuzz.ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    counts = json.loads(done.stdout.splitlines()[1])
    assert counts["read"] > 300
    assert counts["refused"] > 300


@pytest.mark.parametrize("said", IMPOSSIBLE)
def test_what_a_decoder_cannot_have_meant_is_refused(tmp_path: Path, said: str) -> None:
    class Says:
        name = "says"

        def decode(self, data: bytes, path: Path) -> RawFrame:
            return dataclasses.replace(FRAME, **IMPOSSIBLE[said])

    (tmp_path / "a.dng").write_bytes(b"x")
    with pytest.raises(RawError, match=rf"a\.dng: .*{said}"):
        decode(tmp_path / "a.dng", Says())


def test_a_refusal_is_one_line_whatever_a_decoder_says(tmp_path: Path) -> None:
    class Says:
        name = "says"

        def decode(self, data: bytes, path: Path) -> RawFrame:
            raise RawError(f"{path}: no (because\n\n  so\n); try another")

    (tmp_path / "a.dng").write_bytes(b"x")
    with pytest.raises(RawError, match=r"a\.dng: no \(because so \); try another$"):
        decode(tmp_path / "a.dng", Says())


def test_a_file_that_is_larger_than_any_raw_file_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("autohdr.raw.decode.LARGEST", 3)
    (tmp_path / "a.dng").write_bytes(b"four")
    with pytest.raises(RawError, match=r"a\.dng: is larger than"):
        decode(tmp_path / "a.dng")


def test_a_bug_of_rusts_is_the_photos_matter_alone(tmp_path: Path) -> None:
    """PyO3's PanicException is no Exception."""

    class PanicException(BaseException):
        pass

    class Panics:
        name = "panics"

        def decode(self, data: bytes, path: Path) -> RawFrame:
            raise PanicException("index out of bounds")

    (tmp_path / "a.dng").write_bytes(b"x")
    with pytest.raises(RawError, match=r"a\.dng: its decoder failed \(PanicException: index out of bounds\)"):
        decode(tmp_path / "a.dng", Panics())


def test_the_fuzzer_finds_a_crash_and_a_hang(monkeypatch: pytest.MonkeyPatch) -> None:
    two = "import json, os, time; print(json.dumps({'number': 5}), flush=True); "
    assert [line.get("outcome") for line in fuzz.lines([sys.executable, "-c", two], 5)] == [None]
    last = list(fuzz.lines([sys.executable, "-c", f"{two} os._exit(3)"], 5))[-1]
    assert (last["number"], last["outcome"], last["detail"]) == (6, "crashed", "exit code 3")
    monkeypatch.setattr(fuzz, "HANG", 3.0)
    last = list(fuzz.lines([sys.executable, "-c", f"{two} time.sleep(600)"], 5))[-1]
    assert (last["number"], last["outcome"]) == (6, "hung")


def test_the_fuzzer_finds_what_is_neither_read_nor_refused(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(path: Path, decoder: str) -> str:
        raise ZeroDivisionError("oh")

    monkeypatch.setattr(fuzz, "check", broken)
    fuzz.run_cases(argparse.Namespace(files=[], seed=1, first=3, cases=1, decoder="auto", lossless=False))
    line = json.loads(capsys.readouterr().out.splitlines()[0])
    assert (line["number"], line["outcome"]) == (3, "wrong")
    assert "ZeroDivisionError: oh" in line["detail"]
