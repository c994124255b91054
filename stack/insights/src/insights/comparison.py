"""Whether one model's errors are really smaller than another's, or only by chance."""

from typing import Final

import numpy as np

from insights.database import Floats

_RESAMPLES: Final = 2_000
_CERTAINTY: Final = 0.95


def is_surely_smaller(errors: Floats, rival: Floats, seed: int) -> bool:
    """Whether the mean error is smaller than the rival's in 95 % of bootstrap samples.

    Args:
        errors: one error for each independent case: a user, or the first day of a forecast.
        rival: the naive model's error in the same cases.
        seed: of the resampling; the same seed gives the same answer.
    """
    gain = rival - errors
    rng = np.random.default_rng(seed)
    drawn = rng.integers(0, len(gain), size=(_RESAMPLES, len(gain)))
    share = float(np.mean(gain[drawn].mean(axis=1) > 0))
    return share >= _CERTAINTY


def calibration_error(probabilities: Floats, labels: Floats, bins: int = 5) -> float:
    """How far predicted probabilities are from what happened, on average over equally large groups of users."""
    groups = np.array_split(np.argsort(probabilities, kind="stable"), bins)
    gaps = [
        abs(float(probabilities[group].mean() - labels[group].mean())) * len(group)
        for group in groups
        if len(group)
    ]
    return sum(gaps) / len(probabilities)
