"""`autohdr VERB` as a user runs it."""

import os
import subprocess
import sys
from pathlib import Path

PROGRAM = [sys.executable, "-m", "autohdr"]


def run(verb: str, *arguments: str | Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """A verb, run to its end in a process of its own."""
    return subprocess.run(
        [*PROGRAM, verb, *map(str, arguments)],
        capture_output=True,
        text=True,
        encoding="utf-8",
        errors="replace",
        check=False,
        env={**os.environ, **environment},
    )
