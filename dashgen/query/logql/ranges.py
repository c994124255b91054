"""Parse log queries with a range, the arguments of functions such as ``rate``.

The combinations of parentheses, range, offset, stages and `unwrap` are those of logRangeExpr in
loki/pkg/logql/syntax/syntax.y, 3.7.
"""

from typing import Final, NoReturn

from dashgen.query.logql.log_pipeline import pipeline
from dashgen.query.logql.logql_names import FUNCTIONS, GROUPED_RANGES, STAGES, WITH_UNWRAP, WITHOUT_UNWRAP
from dashgen.query.logql.logql_tokens import LogQLReader, duration_fault
from dashgen.query.logql.logql_wording import close, is_word, refuse_metric, refuse_unexpected
from dashgen.query.logql.matchers import log_selector
from dashgen.query.logql.nodes import (
    LogQuery,
    LogRange,
    RangeFunction,
    Selector,
    Stage,
    Unwrap,
    VariableStage,
)
from dashgen.query.scanning import HAS_VARIABLE, QueryToken, refuse, shown

_MISSING_HINT: Final = "write one before its closing parenthesis, such as `[5m]` or `[$__auto]`"


def check_range(name: QueryToken, function: RangeFunction) -> None:
    """Refuse a wrong range or grouping of a function (`validate` in pkg/logql/syntax/ast.go, Loki 3.7)."""
    word, inner = function.name, function.range
    if function.grouping and word not in GROUPED_RANGES:
        token = QueryToken("", "", function.grouping.start)
        refuse(f"`{name.text}` cannot be grouped", f"write `sum by (label) ({word}(…))`", token)
    # `unwrap` turns lines into numbers: some functions need them, some count lines, `rate` and a few take
    # both.
    if inner.unwrap is not None:
        if word not in WITH_UNWRAP:
            hint = "remove the `unwrap`, or use `sum_over_time`"
            token = QueryToken("", "", inner.unwrap.word_start)
            refuse(f"`{name.text}` counts lines and takes no `unwrap`", hint, token)
    elif word not in WITHOUT_UNWRAP and not _is_open(inner):
        hint = "write `| unwrap label` before the range, or use `count_over_time`"
        refuse(f"`{name.text}` needs numbers, and log lines have none", hint, name)


def _is_open(inner: LogRange) -> bool:
    """Whether an `unwrap` may be in a variable."""
    query = inner.query
    return query.selector.is_open or any(type(stage) is VariableStage for stage in query.stages)


def log_range(at: LogQLReader, name: QueryToken) -> LogRange:
    """Take a log query and its range; ``name`` is the function that they are the argument of."""
    start = at.starts[at.index]
    if at.kinds[at.index] != "(":
        query = _query(at, name)
        return _with_range(at, name, query, start)
    opened = at.skip()
    at.deeper()
    if at.kinds[at.index] == "(":
        inner = log_range(at, name)
        close(at, opened)
    else:
        query = _query(at, name)
        if at.kinds[at.index] in {"range", "variable"}:
            inner = _with_range(at, name, query, start)
            close(at, opened)
        else:
            close(at, opened)
            inner = _with_range(at, name, query, start, in_parentheses=True)
    at.levels -= 1
    return inner


def _query(at: LogQLReader, name: QueryToken) -> LogQuery:
    """Take the streams and the stages before the range."""
    kind, start = at.kinds[at.index], at.starts[at.index]
    if kind == "variable" and at.kinds[at.index + 1] != "{":
        at.index += 1
        selector = Selector(start, at.last_end(), is_open=True)
        stages = pipeline(at, is_open=True)
        return LogQuery(start, at.last_end(), selector, tuple(stages))
    if kind == "variable":
        refuse_metric(at.token())
        at.index += 1
    if at.kinds[at.index] != "{":
        _refuse_range(name, at.token())
    selector = log_selector(at)
    stages = pipeline(at)
    return LogQuery(selector.start, at.last_end(), selector, tuple(stages))


def _refuse_range(name: QueryToken, here: QueryToken) -> NoReturn:
    if here.word in FUNCTIONS and here.kind != "string":
        message = f"`{name.text}` takes log lines, and `{here.text}` gives numbers"
        refuse(message, f"remove `{name.text}`, or use an aggregation such as `sum`", here)
    message = f"`{name.text}` needs a log query, and {shown(here)} is none"
    hint = f'write one, as in `{name.word}({{app="name"}} [$__auto])`'
    if is_word(here):
        hint += "; a query of metrics needs another data source"
    refuse(message, hint, here)


def _with_range(
    at: LogQLReader, name: QueryToken, query: LogQuery, start: int, *, in_parentheses: bool = False
) -> LogRange:
    """Take the range after a log query, an offset, and stages that are written after the range."""
    if at.kinds[at.index] == "variable":
        at.index += 1
        written = ""
    elif at.kinds[at.index] == "range":
        written = _range_text(at)
    else:
        _refuse_missing(at, name)
    offset = _offset(at) if at.kinds[at.index] == "offset" else ""
    late = _late_stages(at, query, in_parentheses=in_parentheses)
    end = at.last_end()
    if late:
        query = LogQuery(query.start, query.end, query.selector, (*query.stages, *late))
    return LogRange(start, end, query, written, offset, _unwrap_of(query.stages), late[0] if late else None)


def _unwrap_of(stages: tuple[Stage, ...]) -> Unwrap | None:
    for stage in stages:
        if type(stage) is Unwrap:
            return stage
    return None


def _refuse_missing(at: LogQLReader, name: QueryToken) -> NoReturn:
    here = at.token()
    if here.kind in {")", ",", "end"}:
        refuse(f"`{name.text}` needs a range", _MISSING_HINT, name)
    if here.kind == "offset":
        refuse("`offset` is before the range", "write it behind, as in `[5m] offset 1h`", here)
    refuse_unexpected(at)


def _range_text(at: LogQLReader) -> str:
    token = at.next()
    duration = token.text[1:-1]
    if ("$" in duration or "[[" in duration) and HAS_VARIABLE.search(duration):
        return duration
    if ":" in duration:
        hint = "write one duration, such as `[5m]`, and query over time in a recording rule"
        refuse("LogQL has no subqueries", hint, token)
    if fault := duration_fault(duration):
        refuse(f"`{token.text}` {fault}", "write a duration such as `5m`, or `$__auto`", token)
    return duration


def _offset(at: LogQLReader) -> str:
    word, value = at.next(), at.token()
    if value.kind == "-" and at.kinds[at.index + 1] == "variable":
        at.index += 2
        return "-" + at.texts[at.index - 1]
    if value.kind == "-" and at.kinds[at.index + 1] == "duration":
        hint = f"write `offset -{at.texts[at.index + 1]}`"
        refuse("a space is between the sign and the duration of `offset`", hint, value)
    if value.kind in {"odd", "number", "bytes"}:
        refuse(f"`{value.text}` is not a duration", "write one such as `1h` or `1h30m`", value)
    if value.kind not in {"duration", "variable"}:
        refuse("`offset` needs a duration after it", "write one, such as `1h`", word)
    at.index += 1
    return value.text


def _late_stages(at: LogQLReader, query: LogQuery, *, in_parentheses: bool) -> list[Stage]:
    """Take the stages after a range: Loki takes them only when there are none before it."""
    if at.kinds[at.index] in {")", ",", "end"}:
        return []
    first = at.token()
    late = pipeline(at)
    if not late:
        return late
    if query.stages and not _is_only_variables(query):
        message = "stages are before the range and after it"
        refuse(message, "write all of them before the range", first)
    if in_parentheses and type(late[0]) is not Unwrap:
        name = at.texts[at.index] if first.kind in STAGES else first.text
        message = f"`{name}` cannot follow the parentheses around a log query"
        refuse(message, "write the stages inside, or remove the parentheses", first)
    return late


def _is_only_variables(query: LogQuery) -> bool:
    return all(type(stage) is VariableStage for stage in query.stages)
