"""`--json`: each line of each verb is as the table says, and each sentence has the code that a program goes by."""

from pathlib import Path

import pytest

from autohdr.cli.schemas.verbs import VERBS
from autohdr.codes import Code
from autohdr.edits.left_out import CODES
from autohdr.sidecar.settings.labels import KINDS
from tests.json_lines import faults, read
from tests.runtime.cli.running import run

SEALED = 'crs:Contrast2012="'


def codes(verb: str, printed: str, kind: str) -> list[str]:
    return [line["code"] for line in read(verb, printed) if line["type"] == kind]


def test_photos_notes_and_the_summary_have_codes(shoot: Path, small_model: Path) -> None:
    cut = shoot / "IMG_1.dng"
    cut.write_bytes(cut.read_bytes()[:-1000])
    first = run("label", shoot, "--model", small_model, "--no-embed", "--json")
    assert first.returncode == 3
    assert codes("label", first.stdout, "note") == ["dngs_beside"]
    assert codes("label", first.stdout, "photo") == ["labelled", "truncated", *["labelled"] * 3]
    assert codes("label", first.stdout, "summary") == ["some_failed"]
    corrected, foreign = shoot / "IMG_2.xmp", shoot / "IMG_3.xmp"
    corrected.write_text(corrected.read_text().replace(SEALED, SEALED + "+9"))
    foreign.write_text(foreign.read_text().replace("autohdr", "otherhd"))
    for _ in range(2):  # the second time from what the first has noted
        again = run("label", shoot, "--model", small_model, "--no-embed", "--json")
        assert codes("label", again.stdout, "photo")[2:] == ["corrected", "edited", "labelled_already"]


def test_what_is_undone_and_what_is_left_have_codes(shoot: Path, small_model: Path) -> None:
    run("label", shoot, "--model", small_model, "--no-embed")
    changed = shoot / "IMG_2.xmp"
    changed.write_text(changed.read_text().replace(SEALED, SEALED + "+9"))
    run("label", shoot / "IMG_3.dng", "--model", small_model)
    done = run("undo", shoot, "--json")
    assert sorted(codes("undo", done.stdout, "file")) == ["changed_since", *["removed"] * 4, "restored"]
    assert codes("undo", done.stdout, "summary") == ["some_failed"]


def test_the_other_verbs_print_what_the_table_says(small_model: Path, tmp_path: Path) -> None:
    folder = tmp_path / "ort-trt" / "0123"
    folder.mkdir(parents=True)
    (folder / "a.engine").write_bytes(b"1234567")
    plans = ["--cache", str(tmp_path), "--json"]
    assert codes("plans", run("plans", "list", *plans).stdout, "plan") == ["kept"]
    assert codes("plans", run("plans", "clear", *plans).stdout, "plan") == ["removed"]
    (model,) = read("inspect", run("inspect", small_model, "--json").stdout)
    assert model["name"] == "small 1"
    told = read("doctor", run("doctor", "--model", small_model, "--cache", tmp_path, "--json").stdout)
    assert {line["type"] for line in told} == {"machine", "engine", "summary"}
    assert all((line["code"] == "runs") == line["runs"] for line in told if line["type"] == "engine")


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("label", "gone"), Code.WRONG_SETTING),
        (("undo", "gone"), Code.WRONG_SETTING),
        (("inspect", "gone.onnx"), Code.MODEL_REFUSED),
        (("doctor", "--model", "gone.onnx"), Code.MODEL_REFUSED),
    ],
)
def test_an_error_is_a_line_as_well(words: tuple[str, ...], code: Code) -> None:
    done = run(*words, "--json")
    (line,) = read(words[0], done.stdout)
    assert (line["type"], line["code"], line["exit"]) == ("error", code, done.returncode)
    assert done.stderr == f"Error: {line['sentence']}\n"


def test_every_code_has_one_meaning() -> None:
    assert all(code.meaning for code in Code)
    assert len({code.meaning for code in Code}) == len(Code)


def test_every_reason_not_to_learn_from_a_photo_has_a_code() -> None:
    assert set(KINDS) <= set(CODES)


def test_a_line_that_is_not_as_the_table_says_is_found() -> None:
    line = {"schema": 1, "type": "summary", "code": "done", "auto": "cpu", "best": None}
    assert faults("doctor", line) == []
    assert faults("doctor", {**line, "auto": 5}) == ["auto is 5, expected string|null"]
    assert faults("doctor", {**line, "more": 1}) == ["more is unknown"]
    assert faults("doctor", {**line, "code": "fine"}) == ["code fine has no meaning"]
    assert faults("doctor", {**line, "type": "end"}) == ["doctor has no line of type end"]
    assert "label" in VERBS
