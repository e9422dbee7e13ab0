"""A start imports and opens what it needs, and nothing else. Modules are counted, since time depends on the load.

The second of two runs is looked at: the first one compiles what is then kept.
"""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
CODE = """
import json, os, sys
opened = []

def look(event, told):
    if event == "open" and isinstance(told[0], str | bytes):
        opened.append(os.fsdecode(told[0]))

sys.addaudithook(look)
from autohdr.cli.main import main
try:
    main()
finally:
    print(json.dumps({"modules": [*sys.modules], "opened": opened}), file=sys.stderr)
"""
NOT_FOR_HELP = {"numpy", "lxml", "numba", "llvmlite", "onnxruntime", "rawpy", "tqdm", "sqlite3", "http.client"}
NOT_FOR_ONE_PHOTO = {
    *("numba", "rawpy", "PIL", "watchfiles", "scipy", "matplotlib"),  # of other packages
    *("http.client", "urllib.request", "ssl", "statistics", "multiprocessing.synchronize"),  # of Python
    *("autohdr.catalog.listing", "autohdr.catalog.document", "autohdr.catalog.lua"),  # no catalog is named
    *("autohdr.run.watch.watching", "autohdr.review.page", "autohdr.develop.auto", "autohdr.develop.rendering"),
    *("autohdr.style.file", "autohdr.style.experts.blend", "autohdr.style.experts.process", "autohdr.edits.photos"),
}


def started(*words: str, **variables: str) -> tuple[set[str], list[str]]:
    """The modules that are imported when a command has ended, and the files that it has opened, in order."""
    ran = subprocess.run(
        [sys.executable, "-c", CODE, *words], capture_output=True, text=True, env=os.environ | variables, check=False
    )
    assert ran.returncode == 0, ran.stderr
    told = json.loads(ran.stderr.splitlines()[-1])
    return set(told["modules"]), told["opened"]


def test_help_imports_no_more_than_the_verbs() -> None:
    modules, _ = started("--help")
    assert modules & NOT_FOR_HELP == set()


def test_a_second_start_on_one_photo_imports_nothing_that_it_does_not_need(tmp_path: Path) -> None:
    pytest.importorskip("flashraw")  # without it, LibRaw's process reads every photo
    variables = {"AUTOHDR_STATE": str(tmp_path / "state")}
    for name in ("first", "second"):
        folder = tmp_path / name
        folder.mkdir()
        shutil.copy(ROOT / "samples" / "shoot" / "path.dng", folder)
        modules, opened = started("label", str(folder), "--cache", str(tmp_path / "cache"), "--quiet", **variables)
    assert modules & NOT_FOR_ONE_PHOTO == set()
    assert len([path for path in opened if path.endswith(".onnx")]) == 1, "the model is read once"
    kept = [Path(path).name for path in opened if path.endswith(".kernel")]
    assert len(kept) == len(set(kept))
