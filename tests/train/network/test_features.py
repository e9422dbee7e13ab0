"""Features: what the head sees, with a learnt map and without."""

import torch

from autohdr_train.network.features import FEATURES, LIMIT, Features

WIDTH, TONES = 6, 5


def test_without_a_map_they_are_the_tones_and_the_standardised_token() -> None:
    features = Features(WIDTH, TONES, learnt=False)
    tokens, tones = 3.0 + 2.0 * torch.randn(50, WIDTH), torch.randn(50, TONES).clamp(-3, 3)
    features.standardise(tokens)
    found = features(tokens, tones)
    assert (features.learnt, features.plain, features.size) == (0, TONES + WIDTH, found.shape[1])
    torch.testing.assert_close(found[:, :TONES], tones)
    torch.testing.assert_close(found[:, TONES:].mean(dim=0), torch.zeros(WIDTH), atol=1e-5, rtol=0.0)
    torch.testing.assert_close(found[:, TONES:].std(dim=0), torch.ones(WIDTH))


def test_with_a_map_the_learnt_ones_come_first_and_the_tones_follow() -> None:
    torch.manual_seed(0)
    features = Features(WIDTH, TONES, learnt=True)
    tokens, tones = torch.randn(3, WIDTH), torch.randn(3, TONES)
    found = features(tokens, tones)
    assert (features.learnt, features.plain, features.size) == (FEATURES, TONES, found.shape[1])
    seen = torch.cat([tones, tokens], dim=1)
    torch.testing.assert_close(found[:, :FEATURES], features.linear(seen) + features.curved(seen))
    torch.testing.assert_close(found[:, FEATURES:], tones)


def test_an_odd_photo_is_not_thrown_far_out() -> None:
    for learnt in (False, True):
        features = Features(WIDTH, TONES, learnt)
        far, end = torch.full((1, TONES), 1e6), torch.full((1, TONES), LIMIT)
        torch.testing.assert_close(features(torch.zeros(1, WIDTH), far), features(torch.zeros(1, WIDTH), end))


def test_a_token_that_never_differs_stays_finite() -> None:
    features = Features(WIDTH, TONES, learnt=False)
    features.standardise(torch.ones(4, WIDTH))
    assert features(torch.ones(2, WIDTH), torch.zeros(2, TONES)).abs().max() == 0.0
