"""A virtual environment in the checkout, made and filled once, for the two commands of the README."""

import hashlib
import os
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def ready(name: str, *installs: str) -> Path:
    """Folder of the programs of the environment `.venv-NAME`, in which every pip install line of `installs` has run.

    An environment whose install lines or pyproject.toml have changed since is filled again.
    """
    if sys.version_info < (3, 11):  # noqa: UP036  (a stranger may start this with any Python)
        sys.exit(f"autohdr needs Python 3.11 or newer; this is {sys.version.split()[0]}")
    folder = ROOT / f".venv-{name}"
    programs = folder / ("Scripts" if os.name == "nt" else "bin")
    wanted = hashlib.sha256("\n".join([*installs, (ROOT / "pyproject.toml").read_text()]).encode()).hexdigest()
    stamp = folder / "filled"
    if not stamp.exists() or stamp.read_text() != wanted:
        print(f"Making the environment {folder.name} (once) ...", flush=True)
        venv.create(folder, with_pip=True, clear=True)
        for line in installs:
            pip = [str(programs / "python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
            subprocess.run([*pip, *line.split()], cwd=ROOT, check=True)
        stamp.write_text(wanted)
    return programs


def run(programs: Path, *command: str | Path) -> int:
    """Exit code of a program of the environment, run in the checkout with its own folder first on the path."""
    env = {**os.environ, "PATH": os.pathsep.join([str(programs), os.environ.get("PATH", "")])}
    print("$", *command, flush=True)
    return subprocess.run([programs / command[0], *command[1:]], cwd=ROOT, env=env, check=False).returncode
