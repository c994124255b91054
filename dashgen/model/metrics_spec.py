"""The metric contract: what the application exports, so that queries can be checked against it."""

from typing import Annotated, Literal, TypeAlias

import msgspec

from dashgen.model.base import Count, Spec, doc

MetricType: TypeAlias = Literal["counter", "gauge", "histogram", "summary"]
Convention: TypeAlias = Literal["1.36", "1.37", "genai-0.1"]


class Bound(Spec, kw_only=True):
    """A label with values that are not listed."""

    max: Annotated[Count, doc("At most so many different values.", 50)]
    example: Annotated[str | None, doc("What a value looks like.", "calculate_roi")] = None


LabelValues: TypeAlias = Annotated[
    list[str] | Bound,
    doc("The values a label can have, or how many there are at most.", ["free", "basic", "pro"], {"max": 50}),
]


class Metric(Spec, kw_only=True):
    """A metric that the application exports."""

    type: Annotated[
        MetricType,
        doc("A counter only grows, a gauge goes up and down, histograms and summaries hold many values."),
    ]
    help: Annotated[
        str, doc("What it counts or measures; the description of panels that show it.", "Questions answered.")
    ]
    unit: Annotated[
        str | None,
        doc("Grafana's unit id for its values; derived from the name when absent.", "s", "currencyUSD"),
    ] = None
    labels: Annotated[
        dict[str, LabelValues],
        doc("Its labels and their values.", {"status": ["success", "error"], "tool_name": {"max": 50}}),
    ] = {}
    deprecated: Annotated[str | None, doc("It goes away; what to use instead.", "Use app_queries_total.")] = (
        None
    )


class LogField(Spec, kw_only=True):
    """A field of the structured log lines."""

    help: Annotated[str, doc("What it holds.", "Who asked.")]
    type: Annotated[Literal["string", "number", "boolean"], doc("What its values are.")] = "string"
    unit: Annotated[str | None, doc("Grafana's unit id for its values.", "currencyUSD")] = None


FieldText: TypeAlias = Annotated[str, msgspec.Meta(title="what the field holds", min_length=1)]


class Metrics(Spec, kw_only=True):
    """What the application exports: metrics, and the fields of its log lines."""

    metrics: Annotated[
        dict[str, Metric],
        doc(
            "Metrics by name, as in queries.",
            {"app_queries_total": {"type": "counter", "help": "Questions answered."}},
        ),
    ] = {}
    convention: Annotated[
        Convention | None,
        doc(
            "The version of OpenTelemetry's conventions for language models that the application follows: "
            "1.36 (and before), 1.37 (to 1.41) or genai-0.1. Its metrics `gen_ai_…` belong to the contract.",
            "1.37",
        ),
    ] = None
    job: Annotated[
        str | None,
        doc(
            "The scrape job that exports these, where that is not the application: `dashgen metrics check` and "
            "`dashgen doctor` do not expect them of the application then.",
            "nightly-report",
        ),
    ] = None
    log_labels: Annotated[
        dict[str, LabelValues], doc("The labels of log streams and their values.", {"app": ["shop"]})
    ] = {}
    log_fields: Annotated[
        dict[str, FieldText | LogField],
        doc(
            "Fields of the log lines: what each holds.",
            {"user_id": "Who asked.", "cost": {"help": "US dollars.", "type": "number"}},
        ),
    ] = {}
    target_labels: Annotated[
        list[str],
        doc(
            "Labels that the scrape adds to every metric beside `job`, `instance` and the usual ones of "
            "Kubernetes and of places; queries may use them.",
            ["team"],
        ),
    ] = []
    ignore: Annotated[
        list[str],
        doc(
            "Metrics that there are beside these, with `*`: queries may read them, and `dashgen metrics "
            "check` passes them over. Those of Python, Go, the process and the scrape itself are known.",
            ["http_request_*"],
        ),
    ] = []


def series_names(name: str, metric: Metric) -> tuple[str, ...]:
    """The names under which a metric's series are stored: a histogram has three."""
    if metric.type == "histogram":
        return (f"{name}_bucket", f"{name}_sum", f"{name}_count")
    if metric.type == "summary":
        return (name, f"{name}_sum", f"{name}_count")
    return (name,)


def labels_of(name: str, metric: Metric) -> frozenset[str]:
    """The labels of the series of one of a metric's names; a bucket has ``le``, a quantile ``quantile``."""
    extra = {"le"} if metric.type == "histogram" and name.endswith("_bucket") else set()
    if metric.type == "summary" and not name.endswith(("_sum", "_count")):
        extra = {"quantile"}
    return frozenset(metric.labels) | extra


def log_field(field: str | LogField) -> LogField:
    """A log field in its long form."""
    return LogField(help=field) if isinstance(field, str) else field
