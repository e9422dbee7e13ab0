"""What CI measures beside the tests: `python scripts/benchmark.py`, 8 minutes on two cores. Needs Python and git.

The small profile, whose page and result are kept in `.ci/out`; then this checkout beside the last release, or beside
the commit before where there is none, in turn and by ratios alone. The exit code is 1 where something became slower.
"""

import subprocess
import sys

from check import INSTALLS
from environment import ROOT, ready, run

OUT = ".ci/out"


def earlier() -> str:
    """The last release before this commit, else the commit before."""
    for command in (["describe", "--tags", "--abbrev=0", "HEAD^"], ["rev-parse", "HEAD^"]):
        found = subprocess.run(["git", *command], cwd=ROOT, capture_output=True, text=True, check=False)
        if found.returncode == 0:
            return found.stdout.strip()
    sys.exit("There is no earlier commit to compare with; fetch more of the history (git fetch --unshallow)")


if __name__ == "__main__":
    revision = earlier()
    programs = ready("check", *INSTALLS)
    measured = run(programs, "autohdr-bench", "all", "--profile", "ci", "--out", OUT)
    compared = run(programs, "autohdr-bench", "compare", "--against", revision)
    sys.exit(max(measured, compared))
