"""What CI compares a commit with."""

import os
import subprocess
import sys
from pathlib import Path

SCRIPTS = Path(__file__).resolve().parents[2] / "scripts"


def git(folder: Path, *arguments: str) -> str:
    named = ("-c", "user.name=a", "-c", "user.email=a@example.org")
    command = ["git", "-C", str(folder), *named, *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


def earlier(folder: Path) -> "subprocess.CompletedProcess[str]":
    told = f"import benchmark, pathlib; benchmark.ROOT = pathlib.Path({str(folder)!r}); print(benchmark.earlier())"
    environment = os.environ | {"PYTHONPATH": str(SCRIPTS)}
    return subprocess.run([sys.executable, "-c", told], capture_output=True, text=True, env=environment, check=False)


def test_a_commit_is_compared_with_the_release_before_it_else_with_its_parent(tmp_path: Path) -> None:
    git(tmp_path, "init", "--quiet")
    git(tmp_path, "commit", "--quiet", "--allow-empty", "--message", "first")
    alone = earlier(tmp_path)
    assert alone.returncode == 1
    assert alone.stderr.startswith("There is no earlier commit")
    parent = git(tmp_path, "rev-parse", "HEAD")
    git(tmp_path, "commit", "--quiet", "--allow-empty", "--message", "second")
    assert earlier(tmp_path).stdout.strip() == parent
    git(tmp_path, "tag", "v1", parent)
    git(tmp_path, "commit", "--quiet", "--allow-empty", "--message", "third")
    git(tmp_path, "tag", "v2")  # a release is compared with the one before, not with itself
    assert earlier(tmp_path).stdout.strip() == "v1"
