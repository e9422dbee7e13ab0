"""Exit codes have one meaning each, over all commands."""

import re
from pathlib import Path

import pytest
from click.testing import CliRunner

import autohdr.cli.inspect
import autohdr.cli.learn
import autohdr.cli.pick
import autohdr_bench.cli
import autohdr_export.cli
import autohdr_train.cli
from autohdr import errors
from autohdr.cli.commands import Command
from autohdr.exits import Exit
from autohdr_export.errors import ExportError

PAGE = Path(__file__).resolve().parents[2] / "docs" / "reference" / "exit-codes.md"


def test_the_page_has_the_table_of_the_code() -> None:
    rows = re.findall(r"^\| (\d+) \| (.+) \|$", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    assert rows == [(str(int(code)), code.meaning) for code in Exit]


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (errors.SettingsError, 2),
        (errors.FileError, 3),
        (errors.RawError, 3),
        (errors.SidecarError, 3),
        (errors.LearningError, 3),
        (ExportError, 3),
        (errors.DeviceLostError, 3),
        (errors.OutOfMemoryError, 3),
        (errors.ModelError, 4),
        (errors.EngineError, 4),
    ],
)
def test_an_error_has_the_code_of_its_class(error: type[errors.AutohdrError], code: int) -> None:
    assert error.exit_code == code


@pytest.mark.parametrize(
    ("command", "arguments", "code"),
    [
        (autohdr_train.cli.main, ["gone", "--out", "model"], 2),
        (autohdr_train.cli.main, [".", "--out", "model"], 3),
        (autohdr.cli.learn.command, ["gone", "--style", "a.style"], 2),
        (autohdr.cli.learn.command, [".", "--style", "a.style"], 3),
        (autohdr.cli.pick.command, ["gone"], 2),
        (autohdr.cli.pick.command, ["."], 3),
        (autohdr_bench.cli.main, ["labels", "--radiance", "gone", "--out", "study"], 2),
        (autohdr_export.cli.main, ["gone"], 4),
        (autohdr.cli.inspect.command, ["gone.onnx"], 4),
        (autohdr_export.cli.main, ["gone", "--fp16", "--int8"], 2),
        (autohdr_bench.cli.main, ["page", "gone.json"], 3),
        (autohdr_bench.cli.main, ["compare", "gone.json"], 2),
        (autohdr_bench.cli.main, ["shoot", "--out", "full/shoot"], 2),
    ],
)
def test_the_other_commands_give_the_same_codes(
    command: Command, arguments: list[str], code: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("full").touch()
    done = CliRunner().invoke(command, arguments)
    assert done.exit_code == code, done.output
    assert done.stderr.startswith("Error: ")
    assert done.stderr.count("\n") == 1
