"""Sources of references: three photographs of two collections, and two radiance images."""

import numpy as np
import OpenEXR
import pytest
from PIL import Image

from autohdr_train.quality.made.make import Sources


@pytest.fixture(scope="session")
def sources(tmp_path_factory: pytest.TempPathFactory) -> Sources:
    folder = tmp_path_factory.mktemp("sources")
    photographs, radiance = folder / "photographs", folder / "radiance"
    photographs.mkdir()
    radiance.mkdir()
    rows = ["file,tier,licence,source,credit,caption"]
    for number, (size, source) in enumerate([(300, "one@1/a"), (270, "one@1/b"), (260, "two@1/c"), (120, "two@1/d")]):
        rng = np.random.default_rng(number)
        coarse = rng.integers(0, 256, (size // 10, size // 10, 3), dtype=np.uint8)
        Image.fromarray(coarse).resize((size, size)).save(photographs / f"p{number}.png")
        if number == 2:  # the same again, under another name
            Image.fromarray(coarse).resize((size, size)).save(photographs / "p2_again.png")
            rows.append("p2_again.png,A,A MIT,two_more@1/c,someone,")
        rows.append(f"p{number}.png,A,A MIT,{source},someone,")
    (photographs / "sources.csv").write_text("\n".join(rows) + "\n")
    for number in range(2):
        light = np.random.default_rng(number).lognormal(0, 1.5, (64, 128, 3)).repeat(4, 0).repeat(4, 1)
        header = {"compression": OpenEXR.ZIP_COMPRESSION, "type": OpenEXR.scanlineimage}
        with OpenEXR.File(header, {"RGB": light.astype(np.float32)}) as file:
            file.write(str(radiance / f"place{number}.exr"))
    return Sources(photographs, radiance)
