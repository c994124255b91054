"""Better than naive means better beyond chance."""

import numpy as np
import pytest

from insights.comparison import calibration_error, is_surely_smaller

RNG = np.random.default_rng(5)


def test_errors_that_are_smaller_in_almost_every_case_are_surely_smaller():
    rival = RNG.uniform(0.5, 1, 200)
    assert is_surely_smaller(rival * 0.8, rival, 1)
    assert not is_surely_smaller(rival, rival * 0.8, 1)


def test_the_same_errors_are_not_smaller():
    errors = RNG.uniform(0, 1, 50)
    assert not is_surely_smaller(errors, errors.copy(), 1)


def test_chance_is_rarely_taken_for_skill():
    better = [is_surely_smaller(RNG.normal(1, 1, 100), RNG.normal(1, 1, 100), seed) for seed in range(200)]
    assert 0.01 <= np.mean(better) <= 0.11  # 5 % by construction


def test_probabilities_that_come_true_are_calibrated():
    probabilities = RNG.uniform(0, 1, 50_000)
    labels = (RNG.uniform(0, 1, 50_000) < probabilities).astype(float)
    assert calibration_error(probabilities, labels) < 0.01


@pytest.mark.parametrize(
    ("probability", "share", "error"), [(0.9, 0.5, 0.4), (0.1, 0.5, 0.4), (0.5, 0.5, 0.0)]
)
def test_probabilities_that_are_off_are_off_by_that_much(probability, share, error):
    labels = np.tile([1.0, 0.0], 500)
    assert labels.mean() == share
    assert calibration_error(np.full(1_000, probability), labels) == pytest.approx(error)
