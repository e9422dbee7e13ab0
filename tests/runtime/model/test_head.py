"""A network's own head: what it answers, and that it comes out of a model file as it went in."""

import numpy as np
import pytest
from numpy.typing import NDArray

from autohdr.errors import ModelError
from autohdr.model.head import Activation, Head, Learnt


def head(activation: Activation = "linear") -> Head:
    random = np.random.default_rng(0)
    weight, bias = random.normal(0, 0.1, (8, 300)), random.normal(0, 1, 8)
    return Head(weight.astype(np.float32), bias.astype(np.float32), activation)


def features(photos: int) -> NDArray[np.float32]:
    return np.random.default_rng(1).normal(0, 1, (photos, 300)).astype(np.float32)


def test_it_is_a_linear_layer_and_a_tanh_where_it_says_so() -> None:
    linear = features(5) @ head().weight.T + head().bias
    np.testing.assert_allclose(head().answer(features(5)), linear, atol=1e-5)
    np.testing.assert_allclose(head("tanh").answer(features(5)), np.tanh(linear), atol=1e-5)
    assert head().answer(features(5)).dtype == np.float32
    assert np.abs(linear).max() > 1


def test_a_photo_has_the_same_sliders_in_any_batch() -> None:
    together = head().answer(features(33))
    alone = np.concatenate([head().answer(features(33)[index : index + 1]) for index in range(33)])
    np.testing.assert_array_equal(together, alone)


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_features_that_are_not_finite_give_no_finite_sliders(value: float) -> None:
    seen = features(2)
    seen[1, 7] = value
    found = head().answer(seen)
    assert np.isfinite(found[0]).all()
    assert not np.isfinite(found[1]).any()


def test_what_travels_beside_a_graph_survives_as_text() -> None:
    prior = {"mean.weight": np.ones((8, 96), np.float32), "log_noise": np.zeros(8, np.float32)}
    text = Learnt(head("tanh"), prior).to_text()
    found = Learnt.from_text(text, 300, "tanh")
    np.testing.assert_array_equal(found.head.weight, head().weight)
    np.testing.assert_array_equal(found.head.bias, head().bias)
    assert found.head.activation == "tanh"
    assert sorted(found.prior) == sorted(prior)
    np.testing.assert_array_equal(found.prior["mean.weight"], prior["mean.weight"])
    assert found.to_text() == text


def test_a_head_for_other_features_is_refused() -> None:
    with pytest.raises(ModelError, match=r"has 299 features and a head of \(8, 300\)"):
        Learnt.from_text(Learnt(head()).to_text(), 299, "linear")


def held(most: float) -> Head:
    whole = head()
    return Head(whole.weight, whole.bias, most=np.full(8, most, np.float32), error=np.ones((2, 8), np.float32))


def test_an_answer_that_is_too_far_out_ends_at_the_most() -> None:
    free, found = head().answer(features(5)), held(0.4).answer(features(5))
    assert np.abs(free).max() > 1
    np.testing.assert_allclose(found, np.clip(free, -0.4, 0.4), atol=1e-7)


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_no_limit_hides_that_there_is_no_answer(value: float) -> None:
    seen = features(2)
    seen[1, 7] = value
    assert not np.isfinite(held(0.4).answer(seen)[1]).any()


def test_a_larger_answer_is_stated_with_a_larger_error() -> None:
    errors = held(0.4).errors(np.array([[0.0] * 8, [0.2] * 8]))
    assert errors is not None
    np.testing.assert_allclose(errors[0], 1.0)
    np.testing.assert_allclose(errors[1], [2.0, *[21.0] * 7])
    assert head().errors(np.zeros((1, 8))) is None


def test_limits_and_errors_survive_as_text() -> None:
    found = Learnt.from_text(Learnt(held(0.4)).to_text(), 300, "linear").head
    assert found.most is not None
    assert found.error is not None
    np.testing.assert_array_equal(found.most, held(0.4).most)
    np.testing.assert_array_equal(found.error, held(0.4).error)


def test_limits_of_another_shape_are_refused() -> None:
    bad = Head(head().weight, head().bias, most=np.ones(7, np.float32))
    with pytest.raises(ModelError, match="damaged head"):
        Learnt.from_text(Learnt(bad).to_text(), 300, "linear")
