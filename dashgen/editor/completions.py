"""Completion inside of queries (metrics, labels and values of the contract, functions), and of components."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from msgspec import Struct

from dashgen.core.lazy_pattern import lazy_pattern
from dashgen.editor.open_project import MetricHelp, OpenProject
from dashgen.editor.query_cursor import QueryCursor
from dashgen.query.promql.promql_names import AGGREGATIONS, FUNCTIONS

_VALUE: Final = lazy_pattern(
    r"(?P<metric>[A-Za-z_:][\w:]*)?\{(?:[^{}\"]|\"[^\"]*\")*?(?P<label>\w+)\s*(?:=~|!~|!=|=)\s*\"(?P<part>[^\"]*)\Z"
)
_LABEL: Final = lazy_pattern(r"(?P<metric>[A-Za-z_:][\w:]*)?\{(?:[^{}\"]|\"[^\"]*\")*?(?P<part>\w*)\Z")
_GROUPING: Final = lazy_pattern(
    r"\b(?:by|without|on|ignoring|group_left|group_right)\s*\((?:\s*\w+\s*,)*\s*(?P<part>\w*)\Z"
)
_NAME: Final = lazy_pattern(r"(?<![\w:\"$\[])(?P<part>[A-Za-z_:][\w:]*)?\Z")
_ALTERNATIVE: Final = "|"
_USE: Final = lazy_pattern(r"\buse\s*:\s*[\"']?(?P<part>[\w./-]*)\Z")


class Suggestion(Struct, frozen=True):
    """A word that may be meant: what kind it is, a line about it, and how many characters it replaces."""

    label: str
    kind: str
    detail: str = ""
    documentation: str = ""
    replaced: int = 0


def component_suggestions(
    project: OpenProject, lines: Sequence[str], line: int, column: int
) -> list[Suggestion]:
    """The components that may be meant after `use:`; none when the cursor is elsewhere.

    Args:
        project: the project.
        lines: the lines of the spec.
        line: the cursor's line, from 0.
        column: the number of characters before the cursor.
    """
    match = _USE.search(lines[line][:column]) if line < len(lines) else None
    if match is None:
        return []
    return [
        Suggestion(name, "component", component.summary, replaced=len(match["part"]))
        for name, component in sorted(project.components().items())
        if name.startswith(match["part"])
    ]


def suggestions(project: OpenProject, cursor: QueryCursor) -> list[Suggestion]:
    """The words that may come at a cursor in a query."""
    metrics = project.metrics()
    before = cursor.before
    if (match := _VALUE.search(before)) is not None:
        part = match["part"].rpartition(_ALTERNATIVE)[2]
        return [
            Suggestion(value, "value", replaced=len(part))
            for value in _values(metrics, match["metric"] or "", match["label"])
            if value.startswith(part)
        ]
    if (match := _LABEL.search(before)) is not None and before.count("{") > before.count("}"):
        return list(_labels(metrics, match["metric"] or "", match["part"]))
    if (match := _GROUPING.search(before)) is not None:
        # The metrics of a query are often written after its grouping.
        return list(_labels(metrics, "", match["part"]))
    match = _NAME.search(before)
    return [] if match is None else list(_names(metrics, match["part"] or ""))


def _values(metrics: Mapping[str, MetricHelp], metric: str, label: str) -> list[str]:
    chosen = [metrics[metric]] if metric in metrics else list(metrics.values())
    listed = [one.metric.labels.get(label) for one in chosen]
    return sorted({value for values in listed if isinstance(values, list) for value in values})


def _labels(metrics: Mapping[str, MetricHelp], metric: str, part: str) -> Iterator[Suggestion]:
    chosen = [metrics[metric]] if metric in metrics else list(metrics.values())
    for label in sorted({label for one in chosen for label in one.labels}):
        if label.startswith(part):
            yield Suggestion(label, "label", replaced=len(part))


def _names(metrics: Mapping[str, MetricHelp], part: str) -> Iterator[Suggestion]:
    for name, one in sorted(metrics.items()):
        if name.startswith(part) or (len(part) > 2 and part in name):
            yield Suggestion(name, "metric", one.metric.type, one.metric.help, len(part))
    for name in sorted({*FUNCTIONS, *AGGREGATIONS}):
        if part and name.startswith(part):
            yield Suggestion(name, "function", replaced=len(part))
