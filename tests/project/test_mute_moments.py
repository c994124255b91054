"""A mute timing holds at the moments at which Alertmanager's does."""

from datetime import datetime
from typing import Any

import msgspec
import pytest

from dashgen.core.errors import DashgenError
from dashgen.model.notification_spec import MuteTiming
from dashgen.project.mute_moments import holds_at, timing_text


def timing(**keys: Any) -> MuteTiming:
    return msgspec.convert(keys, MuteTiming)


@pytest.mark.parametrize(
    ("keys", "moment", "holds"),
    [
        ({"times": "22:00-06:00"}, "2026-11-28T22:00+00:00", True),
        ({"times": "22:00-06:00"}, "2026-11-28T05:59+00:00", True),
        ({"times": "22:00-06:00"}, "2026-11-28T06:00+00:00", False),
        ({"times": "22:00-06:00", "location": "Europe/Berlin"}, "2026-11-28T21:30+00:00", True),
        ({"times": "22:00-06:00", "location": "Europe/Berlin"}, "2026-07-28T20:30+00:00", True),
        ({"times": "22:00-06:00", "location": "Europe/Berlin"}, "2026-11-28T20:30+00:00", False),
        ({"times": "00:00-24:00"}, "2026-11-28T23:59+00:00", True),
        ({"weekdays": "saturday..sunday"}, "2026-11-28T12:00+00:00", True),
        ({"weekdays": "saturday..sunday"}, "2026-11-29T12:00+00:00", True),
        ({"weekdays": "saturday..sunday"}, "2026-11-30T12:00+00:00", False),
        ({"weekdays": "saturday", "times": "09:00-17:00"}, "2026-11-28T18:00+00:00", False),
        ({"days": "1..5"}, "2026-11-05T00:00+00:00", True),
        ({"days": "1..5"}, "2026-11-06T00:00+00:00", False),
        ({"days": "-3..-1"}, "2026-02-26T00:00+00:00", True),
        ({"days": "-3..-1"}, "2026-02-25T00:00+00:00", False),
        ({"days": "-1"}, "2028-02-29T00:00+00:00", True),
        ({"days": "30..31"}, "2026-02-28T00:00+00:00", False),
        ({"days": "28..31"}, "2026-02-28T00:00+00:00", True),
        ({"months": "november..january"}, "2026-01-01T00:00+00:00", True),
        ({"months": "november..january"}, "2026-02-01T00:00+00:00", False),
        ({"years": "2026..2027"}, "2027-06-01T00:00+00:00", True),
        ({"years": "2026..2027"}, "2028-06-01T00:00+00:00", False),
        ({"days": "1", "intervals": [{"weekdays": "monday"}]}, "2026-11-30T00:00+00:00", True),
        ({"intervals": [{"weekdays": "monday"}]}, "2026-12-01T00:00+00:00", False),
    ],
)  # fmt: skip
def test_a_moment_is_in_the_times_or_not(keys: dict[str, Any], moment: str, holds: bool) -> None:
    assert holds_at(timing(**keys), datetime.fromisoformat(moment)) is holds


def test_a_zone_that_the_machine_lacks_is_an_error() -> None:
    with pytest.raises(DashgenError, match="`Mars/Base` is not in this machine's database"):
        holds_at(
            timing(times="00:00-24:00", location="Mars/Base"),
            datetime.fromisoformat("2026-01-01T00:00+00:00"),
        )


@pytest.mark.parametrize(
    ("keys", "text"),
    [
        ({"times": "22:00-06:00", "location": "Asia/Dubai"}, "22:00-06:00, Asia/Dubai"),
        ({"weekdays": ["friday", "saturday"], "days": "1..5"}, "friday/saturday days 1..5, UTC"),
        ({"months": "7", "intervals": [{"weekdays": "monday"}]}, "7 or monday, UTC"),
    ],
)  # fmt: skip
def test_times_are_shown_as_they_are_written(keys: dict[str, Any], text: str) -> None:
    assert timing_text(timing(**keys)) == text
