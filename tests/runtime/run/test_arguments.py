"""`label` refuses what is impossible before it opens or reads anything."""

from pathlib import Path
from typing import Any

import pytest

from autohdr import ModelError, SettingsError, label

WRONG: dict[str, tuple[dict[str, Any], str]] = {
    "no threads": ({"threads": 0}, "threads is 0; expected a whole number, 1 or more"),
    "half a thread": ({"threads": 1.5}, "threads is 1.5"),
    "a batch of text": ({"batch": "8"}, "batch is '8'"),
    "a batch of truth": ({"batch": True}, "batch is True"),
    "an engine": ({"engine": "steam"}, "engine is 'steam'; expected one of auto, cpu, "),
    "no engine": ({"engine": None}, "engine is None"),
    "a decoder": ({"decoder": "dcraw"}, "decoder is 'dcraw'; expected one of auto, libraw, flashraw"),
    "existing": ({"existing": "overwrite"}, "existing is 'overwrite'"),
    "sidecar": ({"sidecar": "digikam"}, "sidecar is 'digikam'; expected one of adobe, darktable"),
    "a model": ({"model": 7}, "model is 7; expected a path, or None"),
    "a cache": ({"cache": 7}, "cache is 7; expected a path, or None"),
}


@pytest.mark.parametrize("name", WRONG)
def test_an_impossible_argument_is_one_sentence(tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def opened(*_: object) -> None:
        raise AssertionError("nothing is opened before all arguments are known to be possible")

    for target in ("settings.open_decoder", "pipeline.find", "labeller.open_predictor"):
        monkeypatch.setattr(f"autohdr.run.{target}", opened)
    arguments, sentence = WRONG[name]
    with pytest.raises(SettingsError) as caught:
        label([tmp_path], **arguments)
    assert str(caught.value).startswith(sentence)


@pytest.mark.parametrize("paths", [None, [], b"/shoot", [b"/shoot"], [None], 5, [Path("a"), 5]])
def test_paths_have_to_be_some_and_of_text(paths: Any) -> None:
    with pytest.raises(SettingsError, match=r"^paths "):
        label(paths)


def test_a_model_that_is_not_there_is_said_before_photos_are_looked_for(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"gone\.onnx does not exist"):
        label([tmp_path / "gone"], model=tmp_path / "gone.onnx")
