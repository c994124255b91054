"""References to the environment of the person who pushes."""

import pytest

from dashgen.compare.change_values import REDACTED
from dashgen.sync.push.secret_references import comparable, missing, resolved, secrets

ENVIRONMENT = {"TOKEN": "t0k3n", "HOST": "loki"}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("$TOKEN", "t0k3n"), ("${TOKEN}", "t0k3n"), ("http://$HOST:3100", "http://loki:3100"),
        ("$$TOKEN", "$TOKEN"), ("$$$$", "$$"), ("a$$b$TOKEN", "a$bt0k3n"), ("$__env{HOST}", "loki"), ("plain", "plain"),
    ],
)  # fmt: skip
def test_a_reference_is_replaced_and_a_doubled_dollar_is_one(text, value):
    assert resolved({"a": [text]}, ENVIRONMENT) == {"a": [value]}
    assert missing({"a": [text]}, ENVIRONMENT) == set()


def test_what_cannot_be_resolved_is_named_as_it_is_written():
    value = {"a": "$GONE and ${LOST}", "b": ["$__file{/run/secret}", "$$NOT", "$TOKEN"]}
    assert missing(value, ENVIRONMENT) == {"$GONE", "${LOST}", "$__file{/run/secret}"}


def test_the_values_that_no_message_may_show():
    assert secrets({"a": "$TOKEN", "b": ["$$HOST", 3]}, ENVIRONMENT) == {"t0k3n"}


def test_secrets_and_unknown_values_equal_whatever_is_there():
    value = {"password": "$TOKEN", "title": "on $HOST", "text": "$GONE", "cost": "5 $$"}
    assert comparable(value, ENVIRONMENT) == {
        "password": REDACTED, "title": "on loki", "text": REDACTED, "cost": "5 $",
    }  # fmt: skip
