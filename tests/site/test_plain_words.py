"""Numbers and times in words."""

import pytest

from dashgen.model.settled_dashboard import Step, Thresholds
from dashgen.site.plain_words import duration_words, every, threshold_words


@pytest.mark.parametrize(
    ("text", "words"),
    [("5m", "5 minutes"), ("1h30m", "1 hour 30 minutes"), ("90s", "1 minute 30 seconds"), ("0s", "0 seconds"),
     ("1d", "1 day"), ("1w", "7 days"), ("500ms", "500 milliseconds"), ("server", "server"), ("", "")],
)  # fmt: skip
def test_a_duration_in_words(text, words):
    assert duration_words(text) == words


@pytest.mark.parametrize(
    ("text", "words"),
    [("1m", "every minute"), ("30s", "every 30 seconds"), ("1h30m", "every 1 hour 30 minutes")],
)
def test_an_interval_in_words(text, words):
    assert every(text) == words


@pytest.mark.parametrize(
    ("steps", "unit", "percentage", "words"),
    [
        ((Step("green", None), Step("red", 10)), "s", False, "green below 10 s, red from 10 s"),
        ((Step("red", None), Step("yellow", 0.9), Step("green", 0.95)), "percentunit", False, "red below 90%, yellow from 90%, green from 95%"),
        ((Step("green", None), Step("red", 80)), None, True, "green below 80 % of the range, red from 80 % of the range"),
        ((Step("green", None), Step("red", 5, "$limit")), "s", False, "green below $limit, red from $limit"),
        ((Step("blue", None),), "s", False, "always blue"),
    ],
)  # fmt: skip
def test_thresholds_in_words(steps, unit, percentage, words):
    assert threshold_words(Thresholds(steps, percentage), unit) == words
