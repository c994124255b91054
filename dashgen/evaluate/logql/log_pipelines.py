"""The stages of log queries on made-up lines. Source: pkg/logql/log of Loki 3.7."""

import math
from collections.abc import Callable
from typing import Final

from dashgen.core.lazy_pattern import lazy_pattern
from dashgen.evaluate.gotemplate.go_values import TemplateRunError
from dashgen.evaluate.gotemplate.render_template import render_template
from dashgen.evaluate.logql.line_parsers import (
    parse_json,
    parse_json_paths,
    parse_logfmt,
    parse_pattern,
    parse_regexp,
    unpack,
)
from dashgen.evaluate.logql.log_lines import LogStore, PipedEntry
from dashgen.evaluate.promql.arithmetic_operators import COMPARING
from dashgen.evaluate.samples import Labels, UnsupportedError, passes
from dashgen.evaluate.server_patterns import server_pattern
from dashgen.query.logql import nodes

_BYTES: Final = lazy_pattern(r"\s*([0-9.]+)\s*([kKMGTP]?i?[bB]?)\s*")
_DURATION: Final = lazy_pattern(r"(-?\d+(?:\.\d+)?)(ns|us|µs|ms|[smhdwy])")
_SECONDS: Final = {
    "ns": 1e-9, "us": 1e-6, "µs": 1e-6, "ms": 1e-3, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86_400.0,
    "w": 604_800.0, "y": 31_536_000.0,
}  # fmt: skip
_ANSI: Final = lazy_pattern(r"\x1b\[[0-9;]*[A-Za-z]")


def piped_entries(expression: str, query: nodes.LogQuery, store: LogStore) -> list[PipedEntry]:
    """The entries of a query's streams after all of its stages.

    Args:
        expression: the text that the query is a part of.
        query: the query.
        store: the lines.

    Raises:
        UnsupportedError: a stage is not known here.
    """
    key = expression, query.start
    if key not in store.piped:
        tests = tuple((one.label, one.operator, one.value) for one in query.selector.matchers)
        entries = (
            PipedEntry(one.at, one.stream, dict(one.stream), one.line)
            for one in store.entries
            if passes(one.stream, tests)
        )
        store.piped[key] = [one for one in entries if _passes_all(one, query.stages)]
    return store.piped[key]


def _passes_all(entry: PipedEntry, stages: tuple[nodes.Stage, ...]) -> bool:
    return all(_STAGES.get(type(stage), _unknown)(entry, stage) for stage in stages)


def _unknown(_: PipedEntry, stage: nodes.Stage) -> bool:
    raise UnsupportedError(f"the stage `{type(stage).__name__}` of a log query")


def _line_filter(entry: PipedEntry, stage: nodes.LineFilter) -> bool:
    if any(text.is_ip for text in stage.texts) or stage.operator in {"|>", "!>"}:
        raise UnsupportedError(f"the line filter `{stage.operator}` of addresses and patterns")
    if stage.operator in {"|=", "!="}:
        is_found = any(text.value in entry.line for text in stage.texts)
    else:
        is_found = any(server_pattern(text.value).search(entry.line) for text in stage.texts)
    return is_found is stage.operator.startswith("|")


def _json(entry: PipedEntry, stage: nodes.JsonParser) -> bool:
    if stage.extractions:
        parse_json_paths(entry, _paths(stage.extractions))
    else:
        parse_json(entry)
    return True


def _paths(extractions: tuple[nodes.Extraction, ...]) -> list[tuple[str, str]]:
    return [(one.label, one.expression.value if one.expression else one.label) for one in extractions]


def _logfmt(entry: PipedEntry, stage: nodes.LogfmtParser) -> bool:
    if "--strict" in stage.flags:
        raise UnsupportedError("`logfmt --strict`")
    parse_logfmt(entry, _paths(stage.extractions), keeps_empty="--keep-empty" in stage.flags)
    return True


def _regexp(entry: PipedEntry, stage: nodes.RegexpParser) -> bool:
    parse_regexp(entry, server_pattern(stage.text.value))
    return True


def _pattern(entry: PipedEntry, stage: nodes.PatternParser) -> bool:
    parse_pattern(entry, stage.text.value)
    return True


def _unpack(entry: PipedEntry, _: nodes.Unpack) -> bool:
    unpack(entry)
    return True


def _decolorize(entry: PipedEntry, _: nodes.Decolorize) -> bool:
    entry.line = _ANSI.sub("", entry.line)
    return True


def _line_format(entry: PipedEntry, stage: nodes.LineFormat) -> bool:
    try:
        entry.line = _rendered(stage.text.value, entry.labels)
    except TemplateRunError:
        entry.fail("TemplateFormatErr")
    return True


def _rendered(template: str, labels: Labels) -> str:
    return render_template(template, dict(labels), {}, "")


def _label_format(entry: PipedEntry, stage: nodes.LabelFormat) -> bool:
    for one in stage.formats:
        if one.template is None:
            entry.labels[one.label] = entry.labels.pop(one.source, "")
            continue
        try:
            entry.labels[one.label] = _rendered(one.template.value, entry.labels)
        except TemplateRunError:
            entry.fail("TemplateFormatErr")
    return True


def _is_chosen(entry: PipedEntry, choice: nodes.LabelChoice) -> bool:
    one = choice.matcher
    return one is None or passes(entry.labels, ((one.label, one.operator, one.value),))


def _drop(entry: PipedEntry, stage: nodes.DropLabels) -> bool:
    for choice in stage.choices:
        if _is_chosen(entry, choice):
            entry.labels.pop(choice.label, None)
    return True


def _keep(entry: PipedEntry, stage: nodes.KeepLabels) -> bool:
    chosen_labels = {choice.label for choice in stage.choices if _is_chosen(entry, choice)}
    entry.labels = {
        name: value for name, value in entry.labels.items() if name in chosen_labels or name.startswith("__")
    }
    return True


def _label_filter(entry: PipedEntry, stage: nodes.LabelFilter) -> bool:
    return _holds(entry, stage.condition)


def _holds(entry: PipedEntry, condition: nodes.Condition) -> bool:
    if isinstance(condition, nodes.Conditions):
        decide = any if condition.word == "or" else all
        return decide(_holds(entry, part) for part in condition.parts)
    if condition.kind == "string":
        operator = condition.operator.replace("==", "=")
        return passes(entry.labels, ((condition.label, operator, condition.value),))
    read = _READERS.get(condition.kind)
    if read is None:
        raise UnsupportedError(f"a filter of labels by `{condition.kind}`")
    if condition.label not in entry.labels:
        return False
    actual, limit = read(entry.labels[condition.label]), read(condition.value)
    if actual is None or limit is None:
        # The line stays with an error, which the query has to deal with.
        entry.fail("LabelFilterErr")
        return True
    return COMPARING["==" if condition.operator == "=" else condition.operator](actual, limit)


def number_text(text: str) -> float | None:
    """A number; None for other texts."""
    try:
        return float(text.replace("Inf", "inf"))
    except ValueError:
        return None


def duration_seconds(text: str) -> float | None:
    """A duration such as `1m30s` in seconds; None for other texts."""
    parts = list(_DURATION.finditer(text))
    if not parts or "".join(part[0] for part in parts) != text:
        return None
    return math.fsum(float(part[1]) * _SECONDS[part[2]] for part in parts)


def byte_count(text: str) -> float | None:
    """A size such as `5KB` or `1.5MiB` in bytes; None for other texts."""
    match = _BYTES.fullmatch(text)
    number = number_text(match[1]) if match else None
    if match is None or number is None:
        return None
    unit = match[2].upper().rstrip("B")
    power = " KMGTP".find(unit[:1]) if unit else 0
    return number * math.pow(1024 if unit.endswith("I") else 1000, power)


_READERS: Final = {"number": number_text, "duration": duration_seconds, "bytes": byte_count}


def _unwrap(entry: PipedEntry, stage: nodes.Unwrap) -> bool:
    text = entry.labels.pop(stage.label, None)
    if text is None:
        return False
    read = {"bytes": byte_count, "duration": duration_seconds, "duration_seconds": duration_seconds}.get(
        stage.conversion, number_text
    )
    value = read(text)
    if value is None:
        entry.fail("SampleExtractionErr")
    else:
        entry.value = value
    return True


_STAGES: Final[dict[type, Callable[..., bool]]] = {
    nodes.LineFilter: _line_filter,
    nodes.JsonParser: _json,
    nodes.LogfmtParser: _logfmt,
    nodes.RegexpParser: _regexp,
    nodes.PatternParser: _pattern,
    nodes.Unpack: _unpack,
    nodes.Decolorize: _decolorize,
    nodes.LineFormat: _line_format,
    nodes.LabelFormat: _label_format,
    nodes.DropLabels: _drop,
    nodes.KeepLabels: _keep,
    nodes.LabelFilter: _label_filter,
    nodes.Unwrap: _unwrap,
}
