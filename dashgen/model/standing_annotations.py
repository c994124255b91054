"""Events that happened, kept as code: launches, campaigns, changes, outages."""

from datetime import UTC, datetime
from typing import Annotated, TypeAlias

import msgspec

from dashgen.model.alert_rules import slug
from dashgen.model.base import Spec, doc, form

Moment: TypeAlias = Annotated[
    str,
    form(
        "a date or a time (ISO 8601)",
        r"^[0-9]{4}-[0-9]{2}-[0-9]{2}(?:[T ][0-9]{2}:[0-9]{2}(?::[0-9]{2})?(?:Z|[+-][0-9]{2}:[0-9]{2})?)?$",
        "2026-03-01",
        "2026-03-01T09:30+04:00",
    ),
]


class Event(Spec, kw_only=True):
    """One event, at a moment or over a stretch of time."""

    title: Annotated[
        str,
        msgspec.Meta(
            title="a title", description="What happened.", min_length=1, examples=["Pro tier launched"]
        ),
    ]
    text: Annotated[str, doc("More about it; links work.", "https://example.com/blog/pro")] = ""
    key: Annotated[
        str | None, doc("A stable name, when the title may change; made from title and time when absent.")
    ] = None
    at: Annotated[Moment, doc("When it happened or began; UTC unless it names another offset.")]
    until: Annotated[Moment | None, doc("When it ended.")] = None
    tags: Annotated[list[str], doc("Tags: dashboards show events by these.", ["launch"])] = []
    dashboard: Annotated[str | None, doc("Only on the dashboard with this uid.", "mission-control")] = None
    panel: Annotated[str | None, doc("Only on this panel of `dashboard`, by its key.", "query-rate")] = None


class Annotations(Spec, kw_only=True):
    """Events that dashboards can show over their graphs."""

    tags: Annotated[list[str], doc("Tags of every event.", ["shop"])] = []
    events: Annotated[
        list[Event],
        doc(
            "Events, in any order.", [{"title": "Pro tier launched", "at": "2026-03-01", "tags": ["launch"]}]
        ),
    ]


def epoch_milliseconds(moment: str) -> int | None:
    """A moment as Grafana stores it; None for a date that no calendar has."""
    try:
        time = datetime.fromisoformat(moment)
    except ValueError:
        return None
    return int((time if time.tzinfo else time.replace(tzinfo=UTC)).timestamp() * 1000)


def event_key(event: Event) -> str:
    """The name by which an event is known from one push to the next."""
    return event.key or slug(f"{event.title} {event.at}", "event")
