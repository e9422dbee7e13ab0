"""Ways to learn, one by one."""

from dataclasses import replace
from pathlib import Path

import numpy as np

from autohdr.model.onnx_file import read_model
from autohdr.shot.shot import Shot
from autohdr_bench.labels.people.methods import methods, triangle
from autohdr_bench.labels.people.photos import Answer, Problem
from autohdr_bench.labels.people.study import Tables


def answer(tables: Tables, model: Path, name: str) -> tuple[Problem, Answer]:
    photos = tables.people("all")["gambler"]
    problem = Problem(photos.of(np.arange(10)), photos.of(np.arange(10, 18)).unlabelled(), 0)
    return problem, methods(read_model(model))[name]([])(problem)


def test_constants(tables: Tables, small_model: Path) -> None:
    problem, median = answer(tables, small_model, "median")
    assert np.allclose(median.values, np.nanmedian(problem.edits.labels, axis=0))
    _, mean = answer(tables, small_model, "mean")
    assert np.allclose(mean.values, np.nanmean(problem.edits.labels, axis=0))
    _, nothing = answer(tables, small_model, "nothing")
    assert not nothing.values.any()


def test_auto_with_an_offset_keeps_the_person_s_level(tables: Tables, small_model: Path) -> None:
    problem, shifted = answer(tables, small_model, "auto+offset")
    _, auto = answer(tables, small_model, "auto")
    assert np.allclose(auto.values, problem.others.features["auto"])
    offset = np.nanmedian(problem.edits.labels - problem.edits.features["auto"], axis=0)
    assert np.allclose(shifted.values - auto.values, offset)


def test_the_triangle_is_the_luminance_that_it_is_right_for(tables: Tables) -> None:
    photos = tables.people("all")["habit"].of(np.arange(2))
    shots = (Shot(iso=200.0, aperture=4.0, exposure_time=1 / 64, compensation=-1.0), Shot())
    known, unknown = triangle(replace(photos, shots=shots))
    assert np.allclose(known, [4 + 6 - 1, np.log2(200), -6, 2, -1])
    assert np.isnan(unknown).all()


def test_every_method_answers_photos_of_which_nothing_is_known(tables: Tables, small_model: Path) -> None:
    photos = tables.people("all")["gambler"].without_shots()
    problem = Problem(photos.of(np.arange(6)), photos.of(np.arange(10, 18)).unlabelled(), 0)
    for name, method in methods(read_model(small_model)).items():
        found = method([photos])(problem)
        assert found.values.shape == (8, 8), name
        assert np.isfinite(found.values).all(), name
