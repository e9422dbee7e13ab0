"""A photo's details: a larger scene, made when somebody looks closely."""

from pathlib import Path

import numpy as np

from autohdr.raw.scene import read_scene
from autohdr.review.half import pack
from tests.studio.opened import running


def test_details_are_made_when_they_are_asked_for_and_few_are_kept(
    unedited: Path, small_model: Path, tmp_path: Path
) -> None:
    cache = tmp_path / "cache"
    with running(unedited, small_model, cache) as open_:
        photos = open_.page.ready()
        assert list(cache.rglob("*-4096.scene")) == []
        answers = [open_.page.get(f"/api/photos/{photo['id']}/scene?size=4096") for photo in photos[:6]]
        assert {answer.status for answer in answers} == {200}
        expected = read_scene(unedited / photos[0]["name"], 4096).light
        assert (photos[0]["height"], photos[0]["width"]) == expected.shape[:2]
        light = np.frombuffer(answers[0].data[-2 * expected.size :], "<f2").reshape(expected.shape)
        assert (light == pack(expected)).all()
        assert len(list(cache.rglob("*-4096.scene"))) == 4
