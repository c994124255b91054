"""Reports of a day or a week that are sent by mail, as they are written in a spec."""

from collections.abc import Mapping
from typing import Annotated, Final, Literal, TypeAlias

import msgspec

from dashgen.model.alert_rules import PanelPath
from dashgen.model.base import OneOrMore, Spec, Title, Uid, doc, form

PeriodWord: TypeAlias = Literal["day", "week"]
ComparisonWord: TypeAlias = Literal[
    "day before", "same weekday last week", "week before", "four weeks before"
]
Better: TypeAlias = Literal["higher", "lower"]
Weekday: TypeAlias = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
ScheduleText: TypeAlias = Annotated[
    str,
    form(
        "a schedule (`daily at 07:00`, or `weekly on monday at 07:30`)",
        r"^(?:daily|weekly(?: on)? (?:monday|tuesday|wednesday|thursday|friday|saturday|sunday))(?: at)? "
        r"(?:[01][0-9]|2[0-3]):[0-5][0-9]$",
        "daily at 07:00",
        "weekly on monday at 07:30",
    ),
]
Decimals: TypeAlias = Annotated[int, msgspec.Meta(title="a number from 0 to 10", ge=0, le=10)]
Texts: TypeAlias = Annotated[
    dict[str, str],
    doc("Texts that stand for numbers.", {"1": "better", "0": "no difference shown", "-1": "worse"}),
]
FigureName: TypeAlias = Annotated[
    str,
    form("a name (small letters, digits and `_`)", r"^[a-z][a-z0-9_]*$", "signups"),
]
COMPARISONS: Final[Mapping[str, tuple[ComparisonWord, ...]]] = {
    "day": ("day before", "same weekday last week"),
    "week": ("week before",),
}
"""The comparisons of a report that names none, by its period."""
_VALUES = (
    "`{{ NAME }}` is the value of a figure of this report, `{{ NAME.change }}` how it differs from the first "
    "period of `compare`, `{{ NAME.before }}` its value there, `{{ NAME.target }}` its target."
)


class ReportFigure(Spec, kw_only=True):
    """A number of the period, with what it is compared to."""

    title: Annotated[Title, doc("What the number is.", "Signups")]
    name: Annotated[
        FigureName | None, doc("The name by which texts use its value; made from the title when absent.")
    ] = None
    query: Annotated[
        str,
        doc(
            "A query with one number as its result, evaluated at the end of the period. `$__range` is the "
            "length of the period.",
            "sum(increase(app_signups_total[$__range]))",
        ),
    ]
    datasource: Annotated[
        str | None, doc("A data source alias, uid or `type/uid`; the report's when absent.", "loki")
    ] = None
    unit: Annotated[str | None, doc("Grafana's unit; derived from the query when absent.", "currencyUSD")] = (
        None
    )
    decimals: Annotated[
        Decimals | None, doc("Digits after the point; as Grafana chooses them when absent.")
    ] = None
    texts: Texts = {}
    target: Annotated[
        str | None,
        doc(
            "What the value should be: at least, at most, above, below, between.", "at least 95%", "below 8s"
        ),
    ] = None
    better: Annotated[
        Better | None,
        doc("Which way is good news; as `target` has it when absent, and neither without one.", "higher"),
    ] = None
    sentence: Annotated[
        str | None,
        doc(
            "A sentence about the number: `{{ value }}`, `{{ change }}`, `{{ before }}`, `{{ target }}`, and "
            "`{{ label.NAME }}` for a label of the result. Left out when there is no data.",
            "{{ value }} people signed up, {{ change }}.",
        ),
    ] = None


class ReportTable(Spec, kw_only=True):
    """A table of the period: one row for each series of a query, the largest first."""

    title: Annotated[Title, doc("What the table shows.", "Most frequent errors")]
    query: Annotated[
        str,
        doc(
            "A query with one number a series, evaluated at the end of the period.",
            "topk(10, sum by (error_type) (increase(app_errors_total[$__range])))",
        ),
    ]
    datasource: Annotated[
        str | None, doc("A data source alias, uid or `type/uid`; the report's when absent.", "loki")
    ] = None
    columns: Annotated[
        dict[str, str],
        doc(
            "The labels to show, and the headings of their columns; all labels when absent.", {"tool": "Tool"}
        ),
    ] = {}
    value: Annotated[str, doc("The heading of the number's column.", "Errors")] = "Value"
    compare: Annotated[bool, doc("A column with the change since the first period of `compare`.")] = False
    unit: Annotated[str | None, doc("Grafana's unit; derived from the query when absent.")] = None
    decimals: Annotated[
        Decimals | None, doc("Digits after the point; as Grafana chooses them when absent.")
    ] = None
    texts: Texts = {}
    rows: Annotated[
        int, msgspec.Meta(title="a number from 1 to 100", ge=1, le=100), doc("At most so many rows.", 5)
    ] = 10
    empty: Annotated[str | None, doc("What to write when the query gives nothing.", "No errors.")] = None


class ReportChart(Spec, kw_only=True):
    """A panel of a dashboard, drawn with the data of the period."""

    panel: Annotated[PanelPath, doc("The panel, by its dashboard's uid and its key.")]
    title: Annotated[str | None, doc("The heading; the panel's title when absent.")] = None
    variables: Annotated[
        dict[str, str], doc("The values of the dashboard's variables.", {"tier": "free"})
    ] = {}
    height: Annotated[
        int, msgspec.Meta(title="a number from 80 to 1000", ge=80, le=1000), doc("Pixels.", 240)
    ] = 240


class ReportSection(Spec, kw_only=True):
    """A part of a report: a text, then figures, tables and charts."""

    title: Annotated[Title, doc("The heading.", "Growth")]
    text: Annotated[
        str | None, doc(f"A text in Markdown. {_VALUES}", "**{{ signups }}** signups, {{ signups.change }}.")
    ] = None
    figures: Annotated[list[ReportFigure], doc("Numbers.", [{"title": "Signups", "query": "…"}])] = []
    tables: Annotated[list[ReportTable], doc("Tables.", [{"title": "Errors", "query": "…"}])] = []
    charts: Annotated[list[ReportChart], doc("Panels.", [{"panel": "mission-control/query-rate"}])] = []


class ReportSpec(Spec, kw_only=True):
    """A report of a day or a week, which `dashgen report` prints, or sends by mail on schedule."""

    uid: Annotated[Uid, doc("The report's name on the command line; unique in the project.", "daily")]
    title: Annotated[Title, doc("The title, and the mail's subject with the period after it.", "Yesterday")]
    text: Annotated[str | None, doc(f"A text in Markdown above all sections. {_VALUES}")] = None
    period: Annotated[
        PeriodWord, doc("What it is about: the last full calendar day, or the last full week.", "week")
    ] = "day"
    week_starts: Annotated[Weekday, doc("The first day of a week.", "sunday")] = "monday"
    timezone: Annotated[
        str, doc("The time zone of days and of the schedule.", "Asia/Dubai", "Europe/Berlin")
    ] = "UTC"
    schedule: Annotated[
        ScheduleText | None,
        doc("When `dashgen report --due` and `--serve` send it; only by hand when absent."),
    ] = None
    compare: Annotated[
        list[ComparisonWord] | None,
        doc(
            "The periods that figures are compared to. `day before` and `same weekday last week` for a day, "
            "`week before` for a week when absent.",
            ["week before", "four weeks before"],
        ),
    ] = None
    recipients: Annotated[
        OneOrMore,
        doc(
            "Who gets it: e-mail addresses, and contact points with an e-mail in `Notifications`.",
            ["team", "ceo@example.com"],
        ),
    ] = []
    datasource: Annotated[
        str, doc("The data source of queries that name none, by alias, uid or `type/uid`.")
    ] = "prometheus"
    sections: Annotated[
        list[ReportSection],
        msgspec.Meta(title="sections", min_length=1),
        doc("The parts of the report.", [{"title": "Growth", "text": "…"}]),
    ]
