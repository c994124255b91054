"""Why a query of logs or traces yields nothing."""

from typing import Final

from dashgen.core.diagnostics import nearest
from dashgen.core.sentence_parts import first_names
from dashgen.doctor.live.live_finding import LiveFinding
from dashgen.doctor.live.time_window import Window
from dashgen.query.logql.stages import log_stages, stream_matchers
from dashgen.servers.telemetry import Loki, ServiceError, Tempo

_MOST_VALUES: Final = 6


def why_no_logs(expr: str, what: str, window: Window, loki: Loki) -> LiveFinding:
    """The likeliest reason for an empty result of LogQL: a label, or the first filter that no line passes.

    Args:
        expr: the query, without variables.
        what: the panel of the query, for the finding.
        window: the time of the query.
        loki: the server.
    """
    stages = log_stages(expr)
    if not stages:
        return _unclear(what)
    if _lines(loki, stages[0], window) == 0:
        return _streams(expr, stages[0], what, window, loki)
    before = stages[0]
    # Each stage is the query up to there, so the first without lines has the filter that loses them.
    for stage in stages[1:]:
        if _lines(loki, stage, window) == 0:
            added = stage[len(before) :].strip()
            evidence = f"`{before}` has lines and `{stage}` has none"
            cause = f"no line passes `{added}`"
            return LiveFinding(what, evidence, cause, "look at the fields that the lines have", certain=False)
        before = stage
    return _unclear(what)


def why_no_traces(expr: str, what: str, window: Window, tempo: Tempo) -> LiveFinding:
    """The likeliest reason for an empty result of TraceQL."""
    try:
        everything = tempo.search("{}", start=window.start, end=window.end, limit=1).rows
    except ServiceError:
        return _unclear(what)
    if everything == 0:
        return LiveFinding(
            what,
            "`{}` finds no trace in the time range",
            "Tempo has no traces at all",
            "check whether the application exports them, and where to",
        )
    return LiveFinding(what, "there are other traces", f"no trace matches `{expr}`", certain=False)


def _streams(expr: str, selector: str, what: str, window: Window, loki: Loki) -> LiveFinding:
    """The reason why no stream matches: a label, a value, or that Loki has no logs."""
    try:
        labels = loki.labels(start=window.start, end=window.end)
    except ServiceError:
        return _unclear(what)
    if not labels:
        return LiveFinding(
            what,
            "Loki has no labels in the time range",
            "Loki has no logs at all",
            "look at the collector that ships them",
        )
    for label, operator, value in stream_matchers(expr):
        if label not in labels:
            shown = first_names(labels, _MOST_VALUES)
            return LiveFinding(
                what,
                f"the labels of streams are {shown}",
                f"no stream has the label `{label}`",
                nearest(label, labels),
            )
        if operator == "=" and (values := _values(loki, label, window)) and value not in values:
            return LiveFinding(
                what,
                f"`{label}` has the values {first_names(values, _MOST_VALUES)}",
                f"the label `{label}` is never `{value}`",
                nearest(value, values),
            )
    return LiveFinding(
        what,
        f"`{selector}` has no line in the time range",
        "no stream matches all conditions together, or none had a line",
        certain=False,
    )


def _values(loki: Loki, label: str, window: Window) -> tuple[str, ...]:
    try:
        return loki.label_values(label, start=window.start, end=window.end)
    except ServiceError:
        return ()


def _lines(loki: Loki, query: str, window: Window) -> int:
    """1 when there is any line, and also when Loki does not answer: a stage is only blamed on evidence."""
    try:
        return loki.query_range(query, start=window.start, end=window.end, limit=1).rows
    except ServiceError:
        return 1


def _unclear(what: str) -> LiveFinding:
    return LiveFinding(
        what, "the answer is empty", "nothing in the time range matches the query", certain=False
    )
