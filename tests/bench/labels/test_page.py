"""The page stands alone, holds the numbers of the study, and its script runs."""

import base64
import json
import re
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest

from autohdr.sliders import LIMITS
from autohdr_bench.labels.measure import PAGE, TABLE, measure
from autohdr_bench.labels.page import RESOLUTION, TEMPLATES, _packed, render
from autohdr_bench.labels.study import Study, crossed

from .test_run import PEOPLE


@pytest.fixture
def page(radiance: Path, cache: Path, foreign_vit: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The page of a study of algebra and one network."""
    from autohdr_bench.labels import surroundings

    monkeypatch.setattr(surroundings, "DEFAULT", str(foreign_vit))
    variants = crossed(("mean", "gp"), (), draws=2) + crossed(("autohdr2024",), (str(foreign_vit),), draws=1)
    told = measure(Study(variants, PEOPLE, (5, 10), 3, 24, 12), radiance, tmp_path, cache)
    assert str(tmp_path / PAGE) in told
    assert (tmp_path / TABLE).is_file()
    return (tmp_path / PAGE).read_text(encoding="utf-8")


def test_nothing_is_fetched_from_elsewhere(page: str) -> None:
    outside = page.replace(embedded(page), "")
    assert not re.findall(r"https?://|@import|<link|src=\"(?!data:|\$)", outside)
    assert "/*DATA*/" not in page
    assert page.count("</script>") == 2


def embedded(page: str) -> str:
    found = re.search(r'<script id="data" type="application/json">(.*?)</script>', page, re.DOTALL)
    assert found is not None
    return found[1]


def test_it_holds_records_predictions_photos_and_a_look_inside(page: str) -> None:
    data = json.loads(embedded(page))
    assert {record["photographer"] for record in data["records"]} == {"all", *PEOPLE}
    assert len(data["predictions"]) == 3 * 2 * 2
    assert len(data["photos"]) == 12
    assert [len(one["veils"][0]) for one in data["inside"]] == [2]  # layers
    assert {point["step"] for curve in data["curves"] for point in curve["curve"]} == {0, 1, 2, 3}


def test_what_a_name_holds_cannot_end_the_element_of_the_numbers() -> None:
    page = render({"summary": "</script><b>", "gone": float("nan")})
    assert json.loads(embedded(page)) == {"summary": "</script><b>", "gone": None}


def test_sliders_are_packed_to_a_twentieth_of_a_percent_of_their_range() -> None:
    values = np.random.default_rng(0).uniform(-1, 1, (5, 8)) * LIMITS
    values[2, 3] = np.nan
    steps = np.frombuffer(base64.b64decode(_packed(values)), dtype="<i2").reshape(5, 8)
    assert steps[2, 3] == -32768
    known = np.isfinite(values)
    np.testing.assert_allclose((steps / (RESOLUTION / 2) * LIMITS)[known], values[known], atol=100 / RESOLUTION)


def test_the_script_draws_everything_it_is_asked_for(page: str, tmp_path: Path) -> None:
    if shutil.which("node") is None:
        pytest.skip("needs node, to run the page's script")
    (tmp_path / "data.json").write_text(embedded(page), encoding="utf-8")
    driver = DRIVER.replace("SCRIPT", (TEMPLATES / "page.js").read_text(encoding="utf-8"))
    (tmp_path / "driver.js").write_text(driver, encoding="utf-8")
    done = subprocess.run(["node", "driver.js"], cwd=tmp_path, check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    drawn = json.loads(done.stdout)
    assert drawn["learning"].count("<path") >= 5  # a line each, a band, two limits
    assert "NaN" not in "".join(drawn.values())
    assert "undefined" not in "".join(drawn.values())
    assert drawn["table"].count("<tr>") == 1 + 3 * 2
    assert drawn["worst"].count("<figure>") == 6
    assert drawn["attention"].count("<img") == 2 * 2
    assert "circle" in drawn["scatter"]
    assert "circle" in drawn["sliders"]
    assert "<path" in drawn["loss"]


DRIVER = """
const fs = require("fs"), nodes = {};
const make = (id) => nodes[id] ??= { id, innerHTML: "", textContent: "", style: {}, children: [], listeners: {},
  addEventListener(kind, heard) { this.listeners[kind] = heard; } };
globalThis.document = { getElementById: make, addEventListener() {} };
make("data").textContent = fs.readFileSync("data.json", "utf-8");
SCRIPT
const person = Object.keys(data.photographers)[0];
const choose = (id, value) => nodes[id].listeners.change({ target: { value } });
const both = ["all", person], two = ["0", String(USED)];
for (const measure of Object.keys(MEASURES)) for (const slider of two) for (const who of both) {
  choose("measure", measure); choose("slider", slider); choose("photographer", who);
}
choose("measure", "r2"); choose("photographer", "all");
delete nodes.data;
console.log(JSON.stringify(Object.fromEntries(Object.values(nodes).map((node) => [node.id, node.innerHTML]))));
"""
