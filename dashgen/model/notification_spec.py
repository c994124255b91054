"""Who is notified of what, and when not."""

from collections.abc import Iterable, Iterator
from typing import Annotated, NamedTuple, TypeAlias, TypeVar

import msgspec

from dashgen.core.diagnostics import Diagnostic
from dashgen.model.base import Duration, OneOrMore, Spec, as_list, doc, form
from dashgen.model.document import SpecDocument
from dashgen.model.mail_addresses import mail_addresses
from dashgen.model.receivers import ContactPoint, Email
from dashgen.source.provenance import Reporter
from dashgen.source.source import Path

Matches: TypeAlias = Annotated[
    dict[str, str | list[str]],
    doc(
        "Labels that an alert must have, all of them. A plain value has to be equal, a list names the "
        "values that do; `!x` is any other value than x, `~x` matches the regular expression x, `!~x` does "
        "not match it.",
        {"severity": "critical"},
        {"team": "~shop.*", "tier": ["basic", "pro"], "env": "!test"},
    ),
]


class Timing(Spec, kw_only=True):
    """How notifications are grouped and repeated; what is absent is as in the policy above."""

    group_by: Annotated[
        list[str] | None,
        doc(
            "One notification for alerts that share these labels; `...` is one for each alert.", ["alertname"]
        ),
    ] = None
    group_wait: Annotated[Duration | None, doc("Wait so long for more alerts of a group.", "30s")] = None
    group_interval: Annotated[
        Duration | None, doc("Then notify of new alerts of the group at most so often.", "5m")
    ] = None
    repeat_interval: Annotated[Duration | None, doc("Repeat so often while it fires.", "4h")] = None


class Route(Timing, kw_only=True):
    """A policy for some alerts."""

    match: Matches = {}
    contact_point: Annotated[
        str | None, doc("Who is notified; as in the policy above when absent.", "ops")
    ] = None
    mute: Annotated[OneOrMore, doc("Mute timings: no notifications then.", ["weekends"])] = []
    active: Annotated[OneOrMore, doc("Mute timings used the other way: notifications only then.")] = []
    continue_: Annotated[bool, doc("Look at the next policies too, although this one matches.")] = (
        msgspec.field(default=False, name="continue")
    )
    routes: Annotated[
        list["Route"], doc("Policies for some of these alerts; the first that matches is taken.")
    ] = []


class Policies(Timing, kw_only=True):
    """The policy tree. It replaces whatever tree Grafana has."""

    contact_point: Annotated[str, doc("Who is notified when no other policy matches.", "ops")]
    routes: Annotated[
        list[Route],
        doc(
            "Policies for some alerts; the first that matches is taken.",
            [{"match": {"severity": "critical"}, "contact_point": "on-call"}],
        ),
    ] = []


class Interval(Spec, kw_only=True):
    """A repeated stretch of time; what is absent is always."""

    weekdays: Annotated[
        OneOrMore,
        doc(
            "Days, or a range of them that may go over the weekend.",
            "saturday..sunday",
            ["friday", "saturday"],
        ),
    ] = []
    times: Annotated[
        OneOrMore,
        doc(
            "Hours of the day; `22:00-06:00` goes over midnight, into the morning of the same weekdays.",
            "22:00-06:00",
        ),
    ] = []
    days: Annotated[OneOrMore, doc("Days of the month; -1 is the last one.", "1..5", "-3..-1")] = []
    months: Annotated[OneOrMore, doc("Months, by name or number.", "december..january", "7")] = []
    years: Annotated[OneOrMore, doc("Years.", "2026..2027")] = []


class MuteTiming(Interval, kw_only=True):
    """Times without notifications. Alerts still fire and show."""

    name: Annotated[
        str | None, doc("The name that policies and rules use. The key in the map form.", "weekends")
    ] = None
    location: Annotated[str | None, doc("The time zone; UTC when absent.", "Europe/Berlin")] = None
    intervals: Annotated[list[Interval], doc("More stretches of time, in the same time zone.")] = []


class Template(Spec, kw_only=True):
    """A message template."""

    name: Annotated[str, doc("The template's name.", "alert-title")]
    text: Annotated[str, doc('Go templates, each in `{{ define "name" }}` … `{{ end }}`.')]


InhibitionName: TypeAlias = Annotated[
    str,
    form(
        "a name of at most 40 lower-case letters, digits, `-` and `.`",
        r"^(?=.{1,40}$)[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$",
        "database-down",
    ),
]
"""Grafana's name of an inhibition rule, which is also its uid.

`InhibitionRule.Validate` in pkg/services/ngalert/notifier/legacy_storage/v1/inhibition_rules.go of Grafana
13.3.
"""


class InhibitionRule(Spec, kw_only=True):
    """Alerts that silence others while they fire."""

    name: Annotated[InhibitionName | None, doc("Its name. The key in the map form.", "database-down")] = None
    source: Annotated[
        Matches, doc("The alerts that silence others, by their labels.", {"alertname": "DatabaseDown"})
    ]
    target: Annotated[
        Matches,
        doc(
            "The alerts that are silenced. One that is a source too is never silenced by such a one.",
            {"severity": ["warning", "info"]},
        ),
    ]
    equal: Annotated[
        OneOrMore,
        doc(
            "Labels that source and target must have with the same value; a label that both lack is the "
            "same.",
            ["cluster"],
        ),
    ] = []


class Notifications(Spec, kw_only=True):
    """Contact points, the policy tree, mute timings, inhibition rules and message templates."""

    contact_points: Annotated[
        list[ContactPoint] | dict[str, ContactPoint],
        doc(
            "Who can be notified: a list, or a map by name.",
            {"ops": {"email": "ops@example.com", "slack": {"url": "$SLACK_WEBHOOK_URL"}}},
        ),
    ] = {}
    policies: Annotated[
        Policies | None, doc("Which alert goes to whom.", {"contact_point": "ops", "group_by": ["alertname"]})
    ] = None
    mute_timings: Annotated[
        list[MuteTiming] | dict[str, MuteTiming],
        doc(
            "Times without notifications: a list, or a map by name.",
            {"weekends": {"weekdays": "saturday..sunday"}},
        ),
    ] = {}
    inhibition_rules: Annotated[
        list[InhibitionRule] | dict[InhibitionName, InhibitionRule],
        doc(
            "Alerts that silence others while they fire: a list, or a map by name. Grafana 13 and newer has "
            "them, over its API.",
            {
                "database-down": {
                    "source": {"alertname": "DatabaseDown"},
                    "target": {"severity": ["warning", "info"]},
                    "equal": ["cluster"],
                }
            },
        ),
    ] = {}
    templates: Annotated[
        list[Template] | dict[str, str], doc("Message templates: a list, or a map from name to text.")
    ] = {}
    external_contact_points: Annotated[
        list[str], doc("Contact points that Grafana has from elsewhere, so that they may be named.")
    ] = []
    external_mute_timings: Annotated[list[str], doc("Mute timings that Grafana has from elsewhere.")] = []


N = TypeVar("N", ContactPoint, MuteTiming, InhibitionRule)
DEFAULT_CONTACT_POINT = "grafana-default-email"
"""The contact point of every new Grafana (conf/defaults.ini of 12.4.3, `default_configuration`)."""
OUTSIDE_NOTE = "Grafana has from elsewhere: "
"""The start of the comment that names what Grafana has from elsewhere in provisioning files; JSON follows."""


class External(NamedTuple):
    """The names of contact points and mute timings that Grafana has from elsewhere."""

    contact_points: frozenset[str] = frozenset()
    mute_timings: frozenset[str] = frozenset()


class Named(msgspec.Struct, frozen=True):
    """A named part of a `Notifications` document and where it stands."""

    document: SpecDocument[Notifications]
    path: Path
    name: str

    def reporter(self, diagnostics: list[Diagnostic]) -> Reporter:
        """A reporter whose paths start at the part."""
        return Reporter(self.document.resolved, self.path, diagnostics)


def contact_points(documents: Iterable[SpecDocument[Notifications]]) -> Iterator[tuple[Named, ContactPoint]]:
    """Every contact point with its name."""
    for document in documents:
        yield from _items(document, "contact_points", document.model.contact_points)


def mute_timings(documents: Iterable[SpecDocument[Notifications]]) -> Iterator[tuple[Named, MuteTiming]]:
    """Every mute timing with its name."""
    for document in documents:
        yield from _items(document, "mute_timings", document.model.mute_timings)


def inhibition_rules(
    documents: Iterable[SpecDocument[Notifications]],
) -> Iterator[tuple[Named, InhibitionRule]]:
    """Every inhibition rule with its name."""
    for document in documents:
        yield from _items(document, "inhibition_rules", document.model.inhibition_rules)


def templates(documents: Iterable[SpecDocument[Notifications]]) -> Iterator[tuple[Named, str]]:
    """Every template's text with its name."""
    for document in documents:
        items = document.model.templates
        pairs = items.items() if isinstance(items, dict) else [(t.name, t.text) for t in items]
        for i, (name, text) in enumerate(pairs):
            yield Named(document, ("templates", name if isinstance(items, dict) else i), name), text


def _items(
    document: SpecDocument[Notifications], key: str, items: list[N] | dict[str, N]
) -> Iterator[tuple[Named, N]]:
    pairs: Iterable[tuple[str | int, N]] = items.items() if isinstance(items, dict) else enumerate(items)
    for step, item in pairs:
        name = item.name or (step if isinstance(step, str) else "")
        yield Named(document, (key, step), name), item


def external(documents: Iterable[SpecDocument[Notifications]]) -> External:
    """What the documents say that Grafana has from elsewhere."""
    models = [document.model for document in documents]
    return External(
        frozenset(name for model in models for name in model.external_contact_points),
        frozenset(name for model in models for name in model.external_mute_timings),
    )


def contact_point_names(documents: Iterable[SpecDocument[Notifications]]) -> set[str]:
    """The names of contact points that rules and policies may use."""
    documents = list(documents)
    own = {named.name for named, _ in contact_points(documents)}
    return {DEFAULT_CONTACT_POINT, *external(documents).contact_points, *own}


def contact_emails(documents: Iterable[SpecDocument[Notifications]]) -> dict[str, list[str]]:
    """The e-mail addresses, and variables that hold some, of each contact point of the specs."""
    emails: dict[str, list[str]] = {}
    for named, point in contact_points(documents):
        written = point.email.to if isinstance(point.email, Email) else point.email
        addresses = emails.setdefault(named.name, [])
        addresses += [one for text in as_list(written) for one in mail_addresses(text)]
    return emails


def mute_timing_names(documents: Iterable[SpecDocument[Notifications]]) -> set[str]:
    """The names of mute timings that rules and policies may use."""
    documents = list(documents)
    return {*external(documents).mute_timings, *(named.name for named, _ in mute_timings(documents))}
