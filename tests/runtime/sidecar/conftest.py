"""The real documents, and one edit to write into them."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

SHARED = Path(os.environ.get("AUTOHDR_SHARED", Path(__file__).resolve().parents[3].parent / "shared"))
SETTINGS = {
    "Exposure2012": 0.5,
    "Contrast2012": -7.0,
    "Highlights2012": -30.0,
    "Shadows2012": 20.0,
    "Whites2012": 0.0,
    "Blacks2012": -3.0,
    "Vibrance": 4.0,
    "Saturation": 100.0,
}
# One has something behind its end, the other is a whole picture.
BROKEN = {"side_v9.10_edit-learn_DSC_0005", "odd_vnov_exiv2_exiv2-bug1108"}


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """A test that asks for `real` runs once on each real document, one that asks for `broken` on each broken one."""
    missing = pytest.mark.skip(reason=f"no real documents in {SHARED / 'xmp'}; set AUTOHDR_SHARED")
    for name in {"real", "broken"} & set(metafunc.fixturenames):
        found = sorted(path for path in (SHARED / "xmp").glob("*.xmp") if (path.stem in BROKEN) == (name == "broken"))
        params = [pytest.param(path, id=path.stem) for path in found] or [pytest.param(None, marks=missing, id="none")]
        metafunc.parametrize(name, params)


@pytest.fixture
def settings() -> dict[str, float]:
    """One value for each of the eight sliders."""
    return dict(SETTINGS)


@pytest.fixture
def sidecar(tmp_path: Path) -> Callable[[bytes | str], Path]:
    """Puts a sidecar beside `IMG_1.CR2`, whose path it returns."""

    def put(data: bytes | str) -> Path:
        (tmp_path / "IMG_1.xmp").write_bytes(data.encode() if isinstance(data, str) else data)
        return tmp_path / "IMG_1.CR2"

    return put


@pytest.fixture
def xmp() -> Callable[..., str]:
    """Makes a document whose one rdf:Description has these attributes and content."""

    def make(attributes: str = "", content: str = "") -> str:
        return (
            '<x:xmpmeta xmlns:x="adobe:ns:meta/">\n'
            ' <rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">\n'
            '  <rdf:Description rdf:about=""\n'
            '    xmlns:crs="http://ns.adobe.com/camera-raw-settings/1.0/"\n'
            '    xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/"\n'
            '    xmlns:xmp="http://ns.adobe.com/xap/1.0/"\n'
            f"   {attributes}>{content}\n"
            "  </rdf:Description>\n </rdf:RDF>\n</x:xmpmeta>\n"
        )

    return make
