"""The command: what it prints, and with what it ends."""

import json
from importlib.metadata import PackageNotFoundError
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from autohdr.engines import wheel
from autohdr.model.onnx_file import read_model
from autohdr_export.cli import main
from autohdr_export.exporting import Exported
from tests.json_lines import read


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, list(map(str, arguments)))


def refused(*arguments: str | Path, code: int = 2) -> str:
    result = run(*arguments)
    assert result.exit_code == code, result.output
    assert result.stderr.startswith("Error: ")
    assert result.stderr.count("\n") == 1
    return result.stderr


def test_it_says_what_it_wrote_and_how_equal_it_is(exported: Exported, tmp_path: Path) -> None:
    out = tmp_path / "new" / "m.onnx"
    result = run(exported.path, "--fp16", "--out", out, "--report", tmp_path / "r.json")
    assert result.exit_code == 0, result.output
    assert "Difference from float32 over 64 simulated photos:" in result.output
    assert f"Wrote {out} (" in result.output
    assert f"The report is in {tmp_path / 'r.json'}." in result.output
    assert read_model(out).info.precision == "float16"
    assert json.loads((tmp_path / "r.json").read_text(encoding="utf-8"))["model"]["path"] == str(out)
    assert f"Replaced {out} (" in run(exported.path, "--fp16", "--out", out).output


def test_programs_are_told_what_was_measured_and_written(exported: Exported, tmp_path: Path) -> None:
    done = run(exported.path, "--fp16", "--out", tmp_path / "m.onnx", "--json")
    model, summary = read("export", done.stdout)
    assert model["model"]["precision"] == "float16"
    assert summary["path"] == str(tmp_path / "m.onnx")


def test_plans_are_built_beside_the_model(half: Exported, tmp_path: Path) -> None:
    pytest.importorskip("tensorrt_rtx", reason="builds plans without a GPU")
    model = tmp_path / "m.onnx"
    model.write_bytes(half.path.read_bytes())
    result = run(model, "--trt", "--gpu", "sm86", "--gpu", "sm89")
    assert result.exit_code == 0, result.output
    plans = sorted(path.name for path in tmp_path.glob("*.plan"))
    assert plans == ["m.sm86.plan", "m.sm89.plan"]
    assert all(f"Wrote {tmp_path / name}" in result.output for name in plans)
    assert model.read_bytes() == half.path.read_bytes()


def test_another_kind_of_file_is_refused_by_name(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("hello")
    assert "notes.txt is no model; expected the folder" in refused(tmp_path / "notes.txt")


@pytest.mark.parametrize(
    ("flags", "reason"),
    [
        (["--fp16", "--bf16"], "exclude each other"),
        (["--fp16", "--int8"], "exclude each other"),
        (["--gpu", "sm86"], "--gpu belongs to --trt"),
        (["--int8"], "--int8 needs photos"),
        (["--fp16", "--report", "r.pdf"], "unknown ending"),
        (["--trt", "--out", "m.onnx"], "--out and --report belong to an export"),
        ([], "is exported already"),
    ],
)
def test_flags_that_make_no_sense_together_are_refused(exported: Exported, flags: list[str], reason: str) -> None:
    assert reason in refused(exported.path, *flags)


def test_a_mistake_is_one_sentence_and_the_exit_code_of_its_kind(exported: Exported, tmp_path: Path) -> None:
    assert "has no config.json" in refused(tmp_path, code=4)
    assert "expected at least 128" in refused(exported.path, "--int8", "--for", "cpu", "--calibrate", tmp_path)


def test_without_onnx_runtime_the_exit_code_is_4(
    exported: Exported, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def missing(name: str) -> str:
        raise PackageNotFoundError(name)

    monkeypatch.setattr(wheel, "version", missing)
    told = refused(exported.path, "--fp16", "--out", tmp_path / "m.onnx", code=4)
    assert 'pip install "autohdr[cpu]"' in told
    assert list(tmp_path.iterdir()) == []


def test_the_help_holds_an_example() -> None:
    assert "Example: autohdr export " in run("--help").output
