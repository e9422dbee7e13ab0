"""A study splits by content, keeps what is done, and tells it in tables."""

from pathlib import Path

import numpy as np
import pytest

from autohdr.errors import FileError, LearningError
from autohdr_train.quality.models.saved import load
from autohdr_train.quality.sets.pair import Pair
from autohdr_train.quality.training import page
from autohdr_train.quality.training.agreement import Fold
from autohdr_train.quality.training.cells import Cell, Numbers, Study
from autohdr_train.quality.training.final import learn
from autohdr_train.quality.training.profile import TINY
from autohdr_train.quality.training.recipe import RECIPES
from autohdr_train.quality.training.study import begin, cells, choose, classical, results
from tests.train.quality.made_up import light, pairs


def study_in(folder: Path) -> Study:
    return begin(pairs(5), light, TINY, folder)


def test_folds_share_no_content_and_hold_each_out_once(tmp_path: Path) -> None:
    study = study_in(tmp_path)

    def contents(numbers: Numbers) -> set[str]:
        return {study.bank.pairs[number].content for number in numbers}

    held_out = [contents(part.held_out) for part in study.parts]
    assert set.union(*held_out) == {f"hdr-{n}" for n in range(5)}
    assert sum(map(len, held_out)) == 5
    for part in study.parts:
        assert not contents(part.hdr) & contents(part.held_out)
        assert contents(part.labelled) < contents(part.hdr)
        assert len(contents(part.labelled)) == TINY.labelled
        assert {study.bank.pairs[number].domain for number in part.sdr} == {"sdr"}


def test_the_same_pairs_of_each_content_are_chosen() -> None:
    chosen = choose(pairs(3), 4, 0)
    assert chosen == choose(list(reversed(pairs(3))), 4, 0)
    assert len(chosen) == 3 * 2 * 4
    assert chosen != choose(pairs(3), 4, 1)


def test_a_study_keeps_its_pairs_though_the_set_grows(tmp_path: Path) -> None:
    before = study_in(tmp_path).bank.pairs
    assert begin(pairs(6), light, TINY, tmp_path).bank.pairs == before
    with pytest.raises(LearningError, match="other pairs"):
        begin(pairs(2), light, TINY, tmp_path)


def test_too_few_contents_are_refused(tmp_path: Path) -> None:
    with pytest.raises(LearningError, match="expected more than 1 and 0"):
        begin([*pairs(3, domains=("sdr",)), *pairs(1, domains=("hdr",))], light, TINY, tmp_path)


def test_a_cell_is_done_once_and_recipes_share_how_they_begin(tmp_path: Path) -> None:
    study = study_in(tmp_path)
    chosen = [cell for cell in cells(study) if cell.recipe.name in ("finetuned", "labelled-coral")][:6]
    assert study.done(chosen[0]) is None
    first = [study.do(cell) for cell in chosen]
    shared = list((tmp_path / "phases").glob("*-done.pt"))
    assert len(shared) == TINY.folds  # one first phase for both recipes of each fold
    again = study_in(tmp_path)
    for fold, cell in zip(first, chosen, strict=True):
        found = again.done(cell)
        assert found is not None
        np.testing.assert_array_equal(found.predicted, fold.predicted)


def test_scores_learnt_by_order_come_in_their_unit(tmp_path: Path) -> None:
    fold = study_in(tmp_path).do(Cell("vtamiq", "pmax", RECIPES["scratch"], 0))
    assert abs(fold.predicted.mean() - fold.scores.mean()) < 2.5


def test_the_page_holds_what_is_done(tmp_path: Path) -> None:
    study = study_in(tmp_path / "study")
    for fold in range(TINY.folds):
        for name in ("scratch", "finetuned"):
            study.do(Cell("vtamiq", "pmax", RECIPES[name], fold))
    asked: list[Pair] = []

    def measure(pair: Pair) -> dict[str, float]:
        asked.append(pair)
        return {"PSNR": 40.0 - len(asked) % 7}

    plain = classical(study, measure)
    count = len(asked)
    assert classical(study, measure).keys() == plain.keys()
    assert len(asked) == count  # values are kept
    learnt = results(study)
    assert list(learnt) == ["vtamiq-pmax-scratch", "vtamiq-pmax-finetuned"]
    path = tmp_path / "page.md"
    path.write_text("# Title\n<!-- figures -->\nold\n<!-- /figures -->\nprose\n")
    page.write(path, page.tables(learnt, plain))
    text = path.read_text()
    assert text.startswith("# Title\n<!-- figures -->\n\n| measure |")
    assert text.endswith("<!-- /figures -->\nprose\n")
    assert "| PSNR | " in text
    assert "| VTAMIQ, Pmax: SDR first, then labelled HDR alone | " in text
    (claim,) = [line for line in text.splitlines() if line.startswith("| fine-tuned is better than from scratch")]
    assert claim.endswith("| not run |")
    path.write_text("# Title\n")
    with pytest.raises(FileError, match="figures"):
        page.write(path, "")


def test_a_verdict_says_what_its_interval_holds() -> None:
    scores = np.arange(40.0)
    contents = [str(n // 5) for n in range(40)]
    right, wrong = Fold(scores, scores, contents), Fold(scores[::-1].copy(), scores, contents)
    rows = {"vtamiq-pmax-finetuned": [right] * 2, "vtamiq-pmax-scratch": [wrong] * 2}
    assert "| fine-tuned is better than from scratch on HDR | holds: +2.000" in page.tables(rows, {})


def test_a_final_model_is_of_all_contents_and_can_be_loaded(tmp_path: Path) -> None:
    out = tmp_path / "model.safetensors"
    saved = learn(pairs(3), light, out, "labelled-none", "tiny", "vtamiq", steps=3)
    assert list(tmp_path.iterdir()) == [out]
    found = load(out)
    assert found.describe() == saved.describe()
    assert found.trained_on["contents"] == 6
