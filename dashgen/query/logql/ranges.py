"""Parse log queries with a range, the arguments of functions such as ``rate``."""

import re
from typing import Final

from dashgen.core.lazy_pattern import lazy_pattern
from dashgen.query.logql.log_pipeline import pipeline
from dashgen.query.logql.logql import LogQLReader
from dashgen.query.logql.logql_names import FUNCTIONS, GROUPED_RANGES, WITH_UNWRAP, WITHOUT_UNWRAP
from dashgen.query.logql.matchers import log_selector
from dashgen.query.logql.nodes import Grouping, LogQuery, LogRange, Stage
from dashgen.query.scanning import HAS_VARIABLE, QueryToken, refuse, shown

_RANGE: Final = lazy_pattern(
    r"\[(?:0|(?:\d+y)?(?:\d+w)?(?:\d+d)?(?:\d+h)?(?:\d+m)?(?:\d+s)?(?:\d+ms)?)\]", re.ASCII
)


def check_range(name: QueryToken, inner: LogRange, grouping: Grouping | None) -> None:
    """Refuse a wrong range or grouping of a function (`validate` in pkg/logql/syntax/ast.go, Loki 3.7)."""
    if grouping and name.word not in GROUPED_RANGES:
        token = QueryToken("", "", grouping.start)
        refuse(f"`{name.text}` cannot be grouped", f"write `sum by (label) ({name.word}(…))`", token)
    # `unwrap` turns lines into numbers: some functions need them, some count lines, `rate` and a few take
    # both.
    unwrap = next((stage for stage in inner.query.stages if stage.is_unwrap), None)
    is_open = any(stage.kind == "variable" for stage in inner.query.stages) or inner.query.selector.is_open
    if unwrap and name.word not in WITH_UNWRAP:
        hint = "remove the `unwrap`, or use `sum_over_time`"
        refuse(f"`{name.text}` counts lines and takes no `unwrap`", hint, QueryToken("", "", unwrap.start))
    if unwrap is None and name.word not in WITHOUT_UNWRAP and not is_open:
        hint = "write `| unwrap label` before the range, or use `count_over_time`"
        refuse(f"`{name.text}` needs numbers, and log lines have none", hint, name)


def log_range(at: LogQLReader, name: QueryToken) -> LogRange:
    """Take a log query and its range; ``name`` is the function that they are the argument of."""
    if opened := at.take("("):
        at.deeper()
        inner = _log_range_parts(at, name, needs_range=False)
        at.close(opened)
        at.levels -= 1
        return inner if inner.range else _behind(at, name, inner)
    return _log_range_parts(at, name, needs_range=True)


def _log_range_parts(at: LogQLReader, name: QueryToken, *, needs_range: bool) -> LogRange:
    start = at.here
    if start.text == "(" and start.kind == "sign":
        return log_range(at, name)
    if start.kind == "variable" and at.ahead().text != "{":
        at.next()
        query = LogQuery(start.start, log_selector(at, absent=start), pipeline(at, None))
    else:
        if start.kind == "variable":
            at.next()
        if at.here.text != "{":
            _refuse_range(name, at.here)
        selector = log_selector(at)
        query = LogQuery(selector.start, selector, pipeline(at, selector))
    base_range = LogRange(query.start, query, "")
    return _behind(at, name, base_range) if needs_range or at.here.kind == "range" else base_range


def _refuse_range(name: QueryToken, here: QueryToken) -> None:
    if here.kind == "name" and here.word in FUNCTIONS:
        message = f"`{name.text}` takes log lines, and `{here.text}` gives numbers"
        refuse(message, f"remove `{name.text}`, or use an aggregation such as `sum`", here)
    message = f"`{name.text}` needs a log query, and {shown(here)} is none"
    hint = f'write one, as in `{name.word}({{app="name"}} [$__auto])`'
    refuse(
        message,
        f"{hint}; a query of metrics needs another data source" if here.kind == "name" else hint,
        here,
    )


def _behind(at: LogQLReader, name: QueryToken, log_range: LogRange) -> LogRange:
    """Take the range after a log query, an offset, and stages that are written after the range."""
    if at.here.kind != "range":
        open_ended = at.here.kind == "variable"
        if open_ended:
            at.next()
            return LogRange(log_range.start, log_range.query, "variable")
        if at.here.text in {")", ",", ""}:
            hint = "write one before its closing parenthesis, such as `[5m]` or `[$__auto]`"
            refuse(f"`{name.text}` needs a range", hint, name)
        at.refuse_unexpected(at.here)
    token = at.next()
    _check_duration(token)
    offset = ""
    if word := at.take_word("offset"):
        sign = at.take("-")
        if at.here.kind not in {"duration", "variable"}:
            refuse("`offset` needs a duration after it", "write one, such as `1h`", word)
        offset = (sign.text if sign else "") + at.next().text
    # Loki also accepts stages after the range, but not before and after it.
    late: tuple[Stage, ...] = ()
    if at.here.kind == "sign" and at.here.text not in {")", ","}:
        late = pipeline(at, log_range.query.selector)
        if late and any(not stage.is_unwrap for stage in log_range.query.stages):
            message = "stages are before the range and after it"
            refuse(message, "write all of them before the range", QueryToken("", "", late[0].start))
    query = LogQuery(log_range.query.start, log_range.query.selector, (*log_range.query.stages, *late))
    return LogRange(log_range.start, query, token.text, offset, late[0] if late else None)


def _check_duration(token: QueryToken) -> None:
    if HAS_VARIABLE.search(token.text):
        return
    if ":" in token.text:
        hint = "write one duration, such as `[5m]`, and query over time in a recording rule"
        refuse("LogQL has no subqueries", hint, token)
    if token.text == "[]" or not _RANGE.fullmatch(token.text):
        refuse(f"`{token.text}` is not a duration", "write a duration such as `5m`, or `$__auto`", token)
