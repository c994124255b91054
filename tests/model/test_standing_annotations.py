import pytest

from dashgen.model.standing_annotations import Annotations, epoch_milliseconds, event_key
from tests.alert_support import documents


@pytest.mark.parametrize(
    ("moment", "milliseconds"),
    [
        ("2026-03-01", 1772323200000),
        ("2026-03-01T04:00+04:00", 1772323200000),
        ("2026-03-01 00:00:30Z", 1772323230000),
        ("2026-02-30", None),
    ],
)
def test_moments_are_utc_unless_they_say_otherwise(moment: str, milliseconds: int | None) -> None:
    assert epoch_milliseconds(moment) == milliseconds


def test_an_event_keeps_its_name_unless_title_or_time_change() -> None:
    text = "kind: Annotations\nevents:\n  - {title: Pro launched, at: 2026-03-01}\n  - {title: Other, key: other, at: 2026-03-02}\n"
    events = documents(Annotations, text)[0].model.events
    assert [event_key(event) for event in events] == ["pro-launched-2026-03-01", "other"]
