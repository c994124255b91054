"""Log lines that no contract has, made so that the queries which read them find some.

The labels of a stream are those of a query's selector; the form of a line (JSON, logfmt, a pattern, a
text) and its fields are what the stages of the pipeline look for.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Final

from msgspec import Struct, field

from dashgen.core.lazy_pattern import lazy_pattern
from dashgen.evaluate.logql.log_lines import LogEntry
from dashgen.evaluate.samples import passes
from dashgen.evaluate.server_patterns import ForeignPatternError
from dashgen.preview.sample.guessed_metrics import LabelPools
from dashgen.preview.sample.label_pools import example_text, is_excluded, usual_values
from dashgen.preview.sample.made_up_curves import chance
from dashgen.query.logql import nodes, parse_logql

_LINES: Final = 60
_MOST_PIPELINES: Final = 40
_CAPTURE: Final = lazy_pattern(r"<([a-zA-Z_]\w*|_)>")
_NUMBER: Final = lazy_pattern(r"-?(?:0|[1-9]\d*)(?:\.\d+)?")
_MESSAGES: Final = (
    "request handled",
    "cache refreshed",
    "connection closed",
    "job finished",
    "retrying the request",
)


class LinePlan(Struct):
    """The lines of a pipeline: labels of streams, the form, fields with their conditions, and texts.

    Conditions are an operator and a value each; ``numbers`` are the fields that are numbers, with their unit.
    """

    labels: dict[str, list[tuple[str, str]]]
    form: str = "text"
    pattern: str = ""
    fields: dict[str, list[tuple[str, str]]] = field(default_factory=dict)
    numbers: dict[str, str] = field(default_factory=dict)
    texts: list[str] = field(default_factory=list)


def guessed_lines(
    queries: Iterable[str], existing: Sequence[LogEntry], now: int, span: int
) -> list[LogEntry]:
    """Lines for queries whose selectors find none.

    Args:
        queries: LogQL with variables filled in.
        existing: the lines that there are already.
        now: the milliseconds of the newest line.
        span: how far back the oldest is, in milliseconds.
    """
    streams = {tuple(entry.stream.items()): entry.stream for entry in existing}
    plans: dict[tuple[object, ...], LinePlan] = {}
    for query in dict.fromkeys(queries):
        for part, grouped in _log_queries(parse_logql(query).tree, ()):
            if not _finds_any(part, streams.values()):
                plan = _plan(part, grouped)
                plans.setdefault((repr(plan.labels), plan.form, repr(plan.fields), repr(plan.texts)), plan)
    entries: list[LogEntry] = []
    for index, plan in enumerate([*plans.values()][:_MOST_PIPELINES]):
        entries += _lines(plan, f"plan {index}", now, span)
    return entries


def _finds_any(query: nodes.LogQuery, streams: Iterable[Mapping[str, str]]) -> bool:
    tests = tuple((one.label, one.operator, one.value) for one in query.selector.matchers)
    try:
        return any(passes(stream, tests) for stream in streams)
    except ForeignPatternError:
        return True


def _log_queries(
    node: object, labels: Sequence[str]
) -> Iterator[tuple[nodes.LogQuery, Sequence[str]]]:  # fmt: skip
    """The queries of lines in an expression, each with the labels that are grouped by around it."""
    if isinstance(node, nodes.LogQuery):
        yield node, labels
    elif isinstance(node, nodes.RangeFunction):
        grouped = node.grouping.labels if node.grouping and node.grouping.keeps else ()
        yield node.range.query, [*labels, *grouped]
    elif isinstance(node, nodes.Aggregation):
        grouped = node.grouping.labels if node.grouping and node.grouping.keeps else ()
        yield from _log_queries(node.operand, [*labels, *grouped])
    elif isinstance(node, nodes.Operation):
        for side in (node.left, node.right):
            yield from _log_queries(side, labels)
    elif isinstance(node, nodes.LabelReplace):
        yield from _log_queries(node.operand, labels)


def _plan(query: nodes.LogQuery, grouped: Sequence[str]) -> LinePlan:
    plan = LinePlan({})
    for one in query.selector.matchers:
        plan.labels.setdefault(one.label, []).append((one.operator, one.value))
    for stage in query.stages:
        _read_stage(stage, plan)
    for label in grouped:
        # Without a parser, what is grouped by can only be a label of the stream.
        (plan.labels if plan.form == "text" else plan.fields).setdefault(label, [])
    for name in set(plan.labels) & set(plan.fields):
        plan.labels[name] += plan.fields.pop(name)
    return plan


def _read_stage(stage: nodes.Stage, plan: LinePlan) -> None:
    match stage:
        case nodes.LineFilter():
            _read_filter(stage, plan)
        case nodes.JsonParser() | nodes.LogfmtParser():
            plan.form = "json" if isinstance(stage, nodes.JsonParser) else "logfmt"
            for one in stage.extractions:
                plan.fields.setdefault(one.expression.value if one.expression else one.label, [])
        case nodes.PatternParser() | nodes.RegexpParser():
            plan.form = "pattern" if isinstance(stage, nodes.PatternParser) else "regexp"
            plan.pattern = stage.text.value
        case nodes.LabelFilter():
            _read_condition(stage.condition, plan)
        case nodes.Unwrap():
            plan.numbers[stage.label] = stage.conversion
            plan.fields.setdefault(stage.label, [])


def _read_filter(stage: nodes.LineFilter, plan: LinePlan) -> None:
    if stage.operator not in {"|=", "|~"} or not stage.texts:
        return
    value = stage.texts[0].value
    text = value if stage.operator == "|=" else example_text(value.replace("(?i)", ""))
    if text.strip() and text not in plan.texts:
        plan.texts.append(text)


def _read_condition(condition: nodes.Condition, plan: LinePlan) -> None:
    if isinstance(condition, nodes.Conditions):
        for part in condition.parts[: 1 if condition.word == "or" else None]:
            _read_condition(part, plan)
        return
    if condition.label.startswith("__"):
        return
    if condition.kind != "string":
        plan.numbers.setdefault(condition.label, condition.kind)
    plan.fields.setdefault(condition.label, []).append(
        (condition.operator.replace("==", "="), condition.value)
    )


def _lines(plan: LinePlan, key: str, now: int, span: int) -> Iterator[LogEntry]:
    pools = LabelPools((), {})
    streams = {
        label: pools.allowed(label, conditions) for label, conditions in plan.labels.items()
    }  # fmt: skip
    for index in range(_LINES):
        share = index / _LINES
        at = now - round(span * share * share)
        name = f"{key} {index}"
        stream = {
            label: values[int(len(values) * chance(f"{name}{label}"))] for label, values in streams.items()
        }  # fmt: skip
        values = {
            field_name: _field_value(field_name, plan, name, pools) for field_name in plan.fields
        }  # fmt: skip
        yield LogEntry(at, stream, _line(plan, values, name, at))


def _field_value(name: str, plan: LinePlan, key: str, pools: LabelPools) -> str:
    conditions = plan.fields[name]
    if name in plan.numbers:
        return _number_text(conditions, plan.numbers[name], chance(f"{key}{name}"))
    if name in {"level", "lvl"} and not conditions:
        return "error" if chance(f"{key}{name}") < 0.06 else "info"
    values = pools.allowed(name, conditions)
    return values[int(len(values) * chance(f"{key}{name}"))]


def _number_text(conditions: Sequence[tuple[str, str]], kind: str, share: float) -> str:
    """A number that passes the comparisons, with the unit of their values."""
    level, unit = 120.0, ""
    for sign, value in conditions:
        match = _NUMBER.search(value)
        if match is None:
            continue
        limit, unit = float(match[0]), value[match.end() :]
        level = limit * (0.5 if sign in {"<", "<="} else 1.0 if sign in {"=", ">="} else 1.5)
        share = 0.5 if sign == "=" else share * 0.4 + 0.5
    number = level * (0.5 + share)
    if "duration" in kind:
        return f"{round(number, 2)}{unit or 'ms'}"
    if "bytes" in kind:
        return f"{round(number)}{unit or 'kB'}"
    return str(round(number, 3) if number < 10 else round(number))


def _line(plan: LinePlan, values: Mapping[str, str], key: str, at: int) -> str:
    text = " ".join(plan.texts)
    moment = datetime.fromtimestamp(at / 1000, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    message = text or _MESSAGES[int(len(_MESSAGES) * chance(key))]
    level = values.get("level") or ("error" if chance(f"{key}l") < 0.06 else "info")
    # Texts that are filtered for are in the line as they are, also when they are a part of its form.
    is_form = any(mark in text for mark in ('":', "=", "{"))
    match plan.form:
        case "json":
            line = json.dumps(
                {"time": moment, "level": level, "message": "" if is_form else message, **_nested(values)}
            )
        case "logfmt":
            pairs = {"time": moment, "level": level, "msg": "" if is_form else message, **values}
            line = " ".join(
                f"{name}={json.dumps(one) if ' ' in one else one}" for name, one in pairs.items() if one
            )
        case "pattern":
            return _filled_pattern(plan, values, key) + (f" {text}" if text else "")
        case "regexp":
            return f"{example_text(plan.pattern)} {text}".rstrip()
        case _:
            return f"{moment} {level} {message}"
    return f"{line} {text}" if is_form and plan.form == "logfmt" else line


def _nested(values: Mapping[str, str]) -> Mapping[str, object]:
    """Fields as values of JSON: what looks like a number is one."""
    return {name: json.loads(one) if _NUMBER.fullmatch(one) else one for name, one in values.items()}


def _filled_pattern(plan: LinePlan, values: Mapping[str, str], key: str) -> str:
    def part(name: str) -> str:
        if name == "_":
            return "-"
        if name in values:
            return values[name]
        usual = [one for one in usual_values(name) if not is_excluded(one, plan.fields.get(name, ()))]
        return usual[int(len(usual) * chance(f"{key}{name}"))] if usual else name

    return _CAPTURE.sub(lambda match: part(match[1]), plan.pattern)
