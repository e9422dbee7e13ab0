"""The commands of a study and of a model, on a tiny made set on disk."""

from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from autohdr.exits import Exit
from autohdr_train.quality.__main__ import main
from autohdr_train.quality.made import record
from autohdr_train.quality.made.files import SUFFIX, write
from autohdr_train.quality.models.saved import load
from tests.train.quality.made_up import light, pairs

SIZE = 176
"""Pixels; MS-SSIM needs 161."""


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder as `make` leaves it: three contents of either domain, three levels of noise."""
    folder = tmp_path_factory.mktemp("made")
    (folder / "references").mkdir()
    rows = []
    with record.Scores(folder) as scores:
        for pair in pairs(3, 3):
            reference, test = (
                (picture ** (1 / 2.2) * 255).astype(np.uint8) if pair.domain == "sdr" else picture.astype(np.float16)
                for picture in light(pair, SIZE)
            )
            name, end = pair.content, SUFFIX[pair.domain]
            if pair.level == 1:
                write(folder / "references" / f"{name}{end}", reference)
                row = dict.fromkeys(record.REFERENCE_COLUMNS, "-")
                rows.append(
                    row | {"name": name, "domain": pair.domain, "content": name, "file": f"references/{name}{end}"}
                )
            write(folder / f"{pair.distorted}{end}", test)
            found = dict.fromkeys(record.SCORE_COLUMNS, "0")
            found |= {"reference": name, "distorted": f"{pair.distorted}{end}", "domain": pair.domain, "content": name}
            scores.add(found | {"distortion": "noise", "level": str(pair.level), "jod": str(pair.score)})
    record.write_references(folder, rows)
    return folder


def test_a_study_writes_its_page_and_goes_on(made: Path, tmp_path: Path) -> None:
    pytest.importorskip("torchmetrics", reason="needs the extra [quality]")
    words = ["study", str(made), "--out", str(tmp_path / "out"), "--page", str(tmp_path / "page.md")]
    words += ["--profile", "tiny", "--model", "vtamiq"]
    done = CliRunner().invoke(main, words)
    assert done.exit_code == 0, done.output
    assert "vtamiq-pmax-labelled-coral-2: SROCC" in done.output
    text = (tmp_path / "page.md").read_text()
    assert "| MS-SSIM | " in text
    assert "| VTAMIQ, 255: SDR alone | " in text
    assert "PieAPP, Pmax" not in text
    (tmp_path / "page.md").unlink()
    again = CliRunner().invoke(main, [*words, "--tables"])
    assert again.exit_code == 0, again.output
    assert (tmp_path / "page.md").read_text() == text
    assert "SROCC" not in again.output


def test_one_model_is_trained_and_written(made: Path, tmp_path: Path) -> None:
    out = tmp_path / "model.safetensors"
    words = ["train", str(made), "--out", str(out), "--profile", "tiny", "--model", "pieapp", "--steps", "2"]
    done = CliRunner().invoke(main, words)
    assert done.exit_code == 0, done.output
    assert f"Wrote {out}: pieapp of 18 pairs." in done.output
    assert load(out).architecture == "pieapp"


def test_what_is_missing_is_one_sentence(made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out = ["--out", str(tmp_path / "out"), "--profile", "tiny"]
    done = CliRunner().invoke(main, ["study", str(tmp_path / "nothing"), *out])
    assert done.exit_code == Exit.USAGE
    assert "holds no made data set" in done.output
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    done = CliRunner().invoke(main, ["train", str(made), *out, "--start", "google/vit-base-patch16-no-such"])
    assert done.exit_code == Exit.MISSING
    assert "is not in Hugging Face's cache" in done.output
    done = CliRunner().invoke(main, ["train", str(made), *out, "--recipe", "other"])
    assert done.exit_code == Exit.USAGE
    assert "expected one of scratch, sdr" in done.output
