"""Everything that is checked before a commit: `python scripts/check.py`. Needs Python and nothing else.

Format, lint, types, import contracts, the pages and their links, and the tests. All run, whatever fails; the exit code
is 1 where one did.
"""

import sys

from environment import ready, run

CHECKS = (
    ("ruff", "format", "--check", "."),
    ("ruff", "check", "."),
    ("mypy",),
    ("lint-imports",),
    ("zensical", "build", "--strict", "--clean"),
    ("pytest", "-m", "slow or not slow", "-n", "auto", "--dist", "worksteal"),  # a process on each core
)

# torch first, at the release that is tested: what depends on it would otherwise choose one of its own.
INSTALLS = ("torch==2.13.0", "-e .[cpu,fast,openvino,rtx,bench,quality,studio,cloud,cluster,docs,dev]")

if __name__ == "__main__":
    programs = ready("check", *INSTALLS)
    failed = [" ".join(check) for check in CHECKS if run(programs, *check)]
    if failed:
        sys.exit(f"Failed: {', '.join(failed)}")
