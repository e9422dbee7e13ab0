"""Measures a studio: opening a shoot, opening it again, from a correction to all labels, and the server's memory.

    python scripts/measure_studio.py RAW... --photos 2000 --edits 30

The shoot is made of copies of the RAW files that are named, in turn, so that the same photos come again and again: fit
to time, not to judge labels. Each is decoded and looked at by itself all the same.
"""

import argparse
import http.client
import json
import os
import queue
import random
import resource
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

FIRST = (1, 6, 12, 24)
"""How many of the photos that a page shows at first."""


def main() -> None:
    """Measures, and prints one line for each figure."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("raws", nargs="+", type=Path)
    parser.add_argument("--photos", type=int, default=300)
    parser.add_argument("--edits", type=int, default=30)
    parser.add_argument("--corrections", type=int, default=10)
    parser.add_argument("--folder", type=Path)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=asked.folder) as held:
        folder = Path(held)
        os.environ["AUTOHDR_STATE"] = str(folder / "state")
        shoot = copies(asked.raws, folder / "shoot", asked.photos)
        for name in ("first time", "again"):
            with Studio(shoot, folder / "cache") as studio:
                studio.open(name)
                if name == "again":
                    studio.correct(asked.edits, asked.corrections)
                print(f"{name}: server memory {studio.memory():.0f} MB")


def copies(raws: list[Path], folder: Path, count: int) -> Path:
    """A shoot of so many photos, copies of few files."""
    folder.mkdir()
    for index in range(count):
        source = raws[index % len(raws)]
        target = folder / f"IMG_{index:05}{source.suffix}"
        # An edit goes into a DNG itself.
        (shutil.copyfile if source.suffix.lower() == ".dng" else os.link)(source, target)
    return folder


class Studio:
    """A server in a process of its own, and a page that listens."""

    def __init__(self, shoot: Path, cache: Path) -> None:
        self.begun = time.perf_counter()
        command = [sys.executable, "-m", "autohdr_studio", str(shoot), "--no-browser", "--cache", str(cache)]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        assert self.process.stdout is not None
        self.address = self.process.stdout.readline().split()[-1]
        self.host = self.address.split("/")[2]
        self.cookie = ""
        self.events: queue.Queue[tuple[float, str, Any]] = queue.Queue()

    def __enter__(self) -> "Studio":
        return self

    def __exit__(self, *error: object) -> None:
        self.process.terminate()
        self.process.wait()

    def ask(self, method: str, path: str, told: Any = None) -> Any:
        """The JSON that the server answers with."""
        connection = http.client.HTTPConnection(self.host)
        headers = {"Cookie": self.cookie}
        if method == "POST":
            headers |= {"Origin": f"http://{self.host}", "X-Autohdr": "1", "Content-Type": "application/json"}
        connection.request(method, path, None if told is None else json.dumps(told), headers)
        answer = connection.getresponse()
        if not self.cookie:
            self.cookie = str(answer.getheader("set-cookie")).partition(";")[0]
            return None
        data = answer.read()
        assert answer.status == 200, data
        return json.loads(data)

    def open(self, name: str) -> None:
        """Times until the page is told of the first of the photos in view, of more of them, and of all."""
        self.ask("GET", "/" + self.address[self.address.index("?") :])
        threading.Thread(target=self._hear, daemon=True).start()
        ids = [photo["id"] for photo in self.ask("GET", "/api/shoot")["photos"]]
        print(f"{name}: page {time.perf_counter() - self.begun:.2f} s")
        self.ask("POST", "/api/want", {"ids": ids[:24]})
        ready: set[str] = set()
        counts = [count for count in FIRST if count <= len(ids)]
        while len(ready) < len(ids):
            while counts and len(ready.intersection(ids[: FIRST[-1]])) >= counts[0]:
                since, worked = time.perf_counter() - self.begun, self.processor()
                print(f"{name}: {counts.pop(0)} of the first photos {since:.2f} s; processor {worked:.2f} s")
            try:
                _, kind, what = self.events.get(timeout=2.0)
            except queue.Empty:
                ready = {one["id"] for one in self.ask("GET", "/api/shoot")["photos"] if one["state"] != "waiting"}
                continue
            if kind == "photo" and what["state"] != "waiting":
                ready.add(what["id"])
        print(f"{name}: all {len(ids)} photos shown {time.perf_counter() - self.begun:.2f} s")
        while (told_of := self.ask("GET", "/api/shoot")["progress"])["done"] < told_of["total"]:
            time.sleep(0.5)
        since, worked = time.perf_counter() - self.begun, self.processor()
        print(f"{name}: all {len(ids)} photos labelled {since:.2f} s; processor {worked:.2f} s")

    def correct(self, edits: int, corrections: int) -> None:
        """Times from a saved edit to the labels of all photos, once there are so many edits."""
        photos, draw = self.ask("GET", "/api/shoot")["photos"], random.Random(0)
        chosen = draw.sample([one for one in photos if one["label"]], edits + corrections)
        saved, learnt, worked = [], [], []
        for number, photo in enumerate(chosen):
            values = [round(value + draw.uniform(-0.3, 0.3), 2) for value in photo["label"][:1]] + [
                round(min(100.0, max(-100.0, value + draw.uniform(-10, 10)))) for value in photo["label"][1:]
            ]
            while not self.events.empty():
                self.events.get()
            begun, at_first = time.perf_counter(), self.processor()
            self.ask("POST", f"/api/photos/{photo['id']}/edit", {"values": values})
            between = time.perf_counter()
            while True:
                when, kind, what = self.events.get()
                if kind == "learnt" and what["edits"] == number + 1:
                    break
            if number >= edits:
                saved.append(between - begun)
                learnt.append(when - begun)
                worked.append(self.processor() - at_first)
        asked = time.perf_counter()
        self.ask("GET", "/api/next")
        middle = len(learnt) // 2
        print(f"saved in {sorted(saved)[middle]:.3f} s (median)")
        print(
            f"{len(what['labels'])} labels after {sorted(learnt)[middle]:.3f} s (median), {max(learnt):.3f} s (longest)"
        )
        print(
            f"of the processor {sorted(worked)[middle]:.3f} s (median); this machine's load is {os.getloadavg()[0]:.1f}"
        )
        print(f"next in {time.perf_counter() - asked:.3f} s; {what['sentence']}")

    def processor(self) -> float:
        """Seconds that the server has worked, on all cores together."""
        stat = Path(f"/proc/{self.process.pid}/stat")
        if not stat.exists():
            return float("nan")
        fields = stat.read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def memory(self, which: str = "VmHWM") -> float:
        """MB that the server holds, at most so far; now, of `VmRSS`."""
        status = Path(f"/proc/{self.process.pid}/status")
        if not status.exists():
            return resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1e3
        peak = next(line for line in status.read_text().splitlines() if line.startswith(which))
        return int(peak.split()[1]) / 1e3

    def _hear(self) -> None:
        connection = http.client.HTTPConnection(self.host)
        connection.request("GET", "/api/events", headers={"Cookie": self.cookie})
        answer, kind = connection.getresponse(), ""
        while line := answer.readline():
            text = line.decode().rstrip("\n")
            if text.startswith("event: "):
                kind = text.removeprefix("event: ")
            elif text.startswith("data: "):
                self.events.put((time.perf_counter(), kind, json.loads(text.removeprefix("data: "))))


if __name__ == "__main__":
    main()
