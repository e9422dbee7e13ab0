"""The report: what the export measured, as JSON and as a page that stands alone."""

import copy
import json
import xml.etree.ElementTree as ET
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from autohdr.engines.prove.difference import TOLERANCES
from autohdr.errors import SettingsError
from autohdr.sliders import SLIDERS
from autohdr_export.exporting import Exported
from autohdr_export.page import render
from autohdr_export.report import check_report, facts, text, write_report


class Page(HTMLParser):
    """Checks that what is opened is closed, and gathers what would be fetched."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.fetched: list[str] = []
        self.tags: list[str] = []
        self.feed(page)
        assert self.open == []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.fetched += [str(value) for name, value in attributes if name in ("src", "href")]
        if tag != "meta":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_startendtag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)


@pytest.fixture(scope="module")
def measured(half: Exported) -> dict[str, Any]:
    """What the report of `half` tells, measured once."""
    return facts(half)


def test_the_json_tells_parity_size_and_speed_on_each_engine_that_runs(half: Exported, tmp_path: Path) -> None:
    write_report(tmp_path / "r.json", half)
    found = json.loads((tmp_path / "r.json").read_text(encoding="utf-8"))
    assert found["model"]["precision"] == "float16"
    assert found["float32"]["size"] > found["model"]["size"]
    rows = {(row["engine"], row["model"]): row for row in found["engines"]}
    assert {("cpu", "float32"), ("cpu", "float16")} <= set(rows)
    assert all(row["photos_per_second"] > 0 and row["processor_ms"] > 0 for row in found["engines"])
    assert set(rows["cpu", "float32"]["worst"].values()) == {0}
    for slider in SLIDERS:
        limit = TOLERANCES["float16"].ev if slider.unit == "EV" else TOLERANCES["float16"].other
        assert 0 < rows["cpu", "float16"]["worst"][slider.key] <= limit
    assert any(line.startswith("cuda, float32 and float16: ") for line in found["left_out"]) or "cuda" in str(rows)
    assert found["machine"]["cores"] >= 1
    assert [part["with"] for part in found["parity"]] == [
        "float32, over 64 simulated photos",
        "float32, over 40 extreme inputs",
    ]


def test_float32_is_compared_with_torch(exported: Exported) -> None:
    (part,) = facts(exported)["parity"]
    assert part["with"].startswith("torch, over 42 extreme inputs")
    assert sum(part["sliders"]["Exposure2012"]["histogram"]) == 42


def test_the_page_stands_alone_and_is_well_formed(measured: dict[str, Any]) -> None:
    text = render(measured)
    page = Page(text)
    assert page.fetched == []
    assert "script" not in page.tags
    assert "$" not in text
    assert page.tags.count("svg") == 16
    assert all(f"<figcaption>{slider.name} " in text for slider in SLIDERS)
    assert "last LayerNorm and all that follows" in text


def test_a_histograms_bars_add_up(measured: dict[str, Any]) -> None:
    page = render(measured)
    start = page.index("<svg")
    picture = ET.fromstring(page[start : page.index("</svg>", start) + 6])
    bars = [rect for rect in picture if rect.tag == "rect"]
    assert len(bars) == 9
    assert sum(float(rect.attrib["height"]) for rect in bars) == pytest.approx(72, abs=0.5)


def test_names_cannot_break_the_page(measured: dict[str, Any]) -> None:
    found = copy.deepcopy(measured)
    found["model"]["name"] = "<script>alert('x')</script>"
    found["tried"] = [{"method": "<b>$x", "of float32's time": None, "worst": np.pi}]
    page = Page(render(found))
    assert "script" not in page.tags
    assert "b" not in page.tags


def test_the_terminal_is_told_each_slider_and_what_was_left_wide(half: Exported, exported: Exported) -> None:
    told = text(half)
    assert "Difference from float32 over 64 simulated photos:" in told
    assert "Difference from float32 over 40 extreme inputs:" in told
    assert all(told.count(f"  {slider.name} ") == 2 for slider in SLIDERS)
    assert "Left in float32: last LayerNorm and all that follows (never in half precision)" in told
    assert "on a CPU it is not faster" in told
    assert f"Wrote {half.path} (" in told
    assert "Largest difference from torch, over 42 extreme inputs in batches of 1, 2, 7, 32: Exposure " in text(
        exported
    )


@pytest.mark.parametrize(("name", "reason"), [("r.txt", "unknown ending"), ("gone/r.html", "cannot be written")])
def test_a_report_that_cannot_be_written_is_refused_before_the_work(tmp_path: Path, name: str, reason: str) -> None:
    with pytest.raises(SettingsError, match=reason):
        check_report(tmp_path / name)
