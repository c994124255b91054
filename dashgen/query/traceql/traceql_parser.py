"""A parser of TraceQL with Grafana's variables, after pkg/traceql/expr.y and ast_validate.go of Tempo 3.0.

The result of a part decides what may follow it: filters of spans, aggregates, or series. So no tree is built;
a part is its form and its first token.
"""

from typing import Final, NoReturn

from msgspec.structs import replace

from dashgen.query.scanning import QueryToken, meant, refuse, shown
from dashgen.query.traceql.attribute_fields import Field, attribute, field_expression
from dashgen.query.traceql.query_spans import (
    ARITHMETIC,
    COMPARING,
    RELATIONS,
    Part,
    QueryForm,
    combined,
    refuse_compare,
)
from dashgen.query.traceql.traceql import TraceQLReader
from dashgen.query.traceql.traceql_names import (
    AGGREGATES,
    CHOOSING,
    FIELD_METRICS,
    METRICS,
    PLAIN_METRICS,
    STAGES,
    STATICS,
    Type,
)

_MOST_OPERATIONS: Final = 200
_SPANS_HINT: Final = 'start with a filter of spans, such as `{ resource.service.name = "name" }`'


def parse(text: str) -> Part:
    """The form of a query's result.

    Raises:
        RefusalError: Tempo would refuse the query.
    """
    at = TraceQLReader(text)
    if at.here.kind == "end":
        refuse("the query is empty", "write a TraceQL query such as `{}`", QueryToken("end", "", -1))
    part = _TraceQLParser(at).chain()
    # Hints are at the end of a whole query only.
    while at.here.kind == "name" and at.here.text == "with":
        _hints(at)
    if at.here.kind != "end":
        at.refuse_unexpected(at.here)
    _check_root(part)
    return part


def _check_root(part: Part) -> None:
    if part.form is QueryForm.NUMBER:
        refuse("the query is only a number", _SPANS_HINT, part.token)
    if part.form in {QueryForm.AGGREGATE, QueryForm.AGGREGATE_PIPELINE}:
        refuse(
            "an aggregate is compared with nothing", "write a comparison, such as `count() > 2`", part.token
        )


class _TraceQLParser:
    def __init__(self, at: TraceQLReader) -> None:
        self._at = at
        self._operations = 0

    def chain(self) -> Part:
        """Take a pipeline: its first part, and its stages."""
        at = self._at
        part = self._joined(0)
        if at.is_sign("|") and part.form in {QueryForm.AGGREGATE, QueryForm.NUMBER}:
            _check_root(part)
        while True:
            if at.is_sign("|"):
                part = self._stage(part)
            elif part.form is QueryForm.SERIES and at.here.kind == "sign" and at.here.text in COMPARING:
                part = self._compared_series(part)
            # A variable at the end may be more stages, or a comparison.
            elif at.here.kind == "variable" and part.form not in {QueryForm.NUMBER, QueryForm.AGGREGATE}:
                at.next()
                part = replace(part, form=QueryForm.ANY)
            else:
                return part

    def _compared_series(self, part: Part) -> Part:
        operator = self._at.next()
        if part.is_compare:
            refuse_compare(operator)
        self._number(operator)
        return part

    def _number(self, operator: QueryToken) -> None:
        at = self._at
        part = self._joined(2)
        if part.form not in {QueryForm.NUMBER, QueryForm.ANY}:
            refuse(f"`{operator.text}` compares series with a number", "write a number after it", part.token)
        if (
            at.here.kind == "sign"
            and at.here.text in RELATIONS | ARITHMETIC
            and at.here.text not in COMPARING
        ):
            at.refuse_unexpected(at.here)

    def _stage(self, before: Part) -> Part:
        at = self._at
        pipe = at.next()
        if (
            before.is_wrapped
            and before.form is not QueryForm.SPANS
            and before.form not in {QueryForm.SERIES, QueryForm.ANY}
        ):
            refuse("`|` cannot follow a pipeline in parentheses", "write the stage inside of them", pipe)
        token = at.here
        if token.kind == "variable":
            at.next()
            return replace(before, form=QueryForm.ANY)
        if token.kind == "end":
            refuse("`|` has no stage after it", "write one, such as `| rate()`, or remove it", pipe)
        if before.form is QueryForm.SERIES and not (token.kind == "name" and token.text in CHOOSING):
            hint = "write `topk(5)`, `bottomk(5)` or a comparison, or remove it"
            refuse(f"{shown(token)} cannot follow a metrics function", hint, token)
        if before.form is QueryForm.AGGREGATE_PIPELINE:
            refuse("an aggregate is compared with nothing", "write a comparison before the next stage", pipe)
        return self._named_stage(before, token) or self._plain_stage(before)

    def _named_stage(self, before: Part, token: QueryToken) -> Part | None:
        at = self._at
        if token.kind == "name" and token.text in STAGES and at.ahead().text != "(":
            argument = "" if token.text in PLAIN_METRICS | {"count", "coalesce"} else "duration"
            hint = f"write `{token.text}({argument})`"
            refuse(f"`{token.text}` needs its arguments in parentheses", hint, token)
        if token.kind != "name" or at.ahead().text != "(" or token.text in AGGREGATES:
            return None
        at.next()
        if token.text in METRICS:
            return self._metrics(before, token)
        if token.text in CHOOSING:
            return self._choice(before, token)
        opened = at.open(token)
        if token.text == "by":
            self._group(token)
        elif token.text == "select":
            _attributes(at, token)
        elif token.text != "coalesce":
            hint = (
                meant(token.text, STAGES) or "use one of: `rate`, `count_over_time`, `by`, `select`, `count`"
            )
            refuse(f"TraceQL has no stage `{token.text}`", hint, token)
        at.close(opened)
        return Part(QueryForm.PIPELINE, before.token)

    def _plain_stage(self, before: Part) -> Part:
        """Take a stage that is a filter of spans or a comparison of aggregates."""
        part = self._joined(0)
        if part.form is QueryForm.AGGREGATE:
            return Part(QueryForm.AGGREGATE_PIPELINE, part.token)
        if part.form is QueryForm.NUMBER:
            refuse(
                "a number cannot be a stage", "compare an aggregate with it, as in `count() > 2`", part.token
            )
        if part.form is QueryForm.SERIES or (part.is_wrapped and part.form is QueryForm.PIPELINE):
            refuse("a pipeline in parentheses cannot be a stage", "remove the parentheses", part.token)
        return Part(QueryForm.PIPELINE if part.form is not QueryForm.ANY else QueryForm.ANY, before.token)

    def _metrics(self, before: Part, name: QueryToken) -> Part:
        at = self._at
        opened = at.open(name)
        if name.text in FIELD_METRICS:
            attribute(at)
            self._quantiles(name)
        elif name.text == "compare":
            self._compare(name)
        elif not at.is_sign(")"):
            refuse(f"`{name.text}` takes no argument", f"write `{name.text}()`", at.here)
        at.close(opened)
        if at.here.kind == "name" and at.here.text == "by":
            by = at.next()
            if name.text == "compare":
                refuse("`compare` cannot be grouped", "remove the grouping", by)
            opened = at.open(by)
            _attributes(at, by)
            at.close(opened)
        return Part(QueryForm.SERIES, before.token, is_compare=name.text == "compare")

    def _quantiles(self, name: QueryToken) -> None:
        at = self._at
        if name.text != "quantile_over_time":
            return
        if not at.is_sign(","):
            refuse("`quantile_over_time` needs a quantile", "write one, such as `, 0.95`", at.here)
        while at.take(","):
            number = at.next()
            if number.kind not in {"number", "variable"}:
                refuse(f"{shown(number)} is not a quantile", "write a number between 0 and 1", number)
            if number.kind == "number" and not 0 <= _number_value(number.text) <= 1:
                refuse(f"`{number.text}` is not a quantile", "write a number between 0 and 1", number)

    def _compare(self, name: QueryToken) -> None:
        at = self._at
        if not at.is_sign("{") and at.here.kind != "variable":
            refuse("`compare` needs a filter of spans", "write `compare({ status = error })`", name)
        self._term()
        count = 0
        while at.take(","):
            number = at.next()
            count += 1
            if number.kind not in {"number", "variable"}:
                refuse(f"{shown(number)} is not a whole number", "write one", number)
        # `compare({…}, topN, start, end)`: the times go together.
        if count not in {0, 1, 3}:
            hint = "write the number of values, and then start and end in nanoseconds, or neither"
            refuse("`compare` takes a filter and 0, 1 or 3 numbers", hint, name)

    def _choice(self, before: Part, name: QueryToken) -> Part:
        at = self._at
        if before.form not in {QueryForm.SERIES, QueryForm.ANY}:
            hint = f"write one before it, as in `rate() | {name.text}(5)`"
            refuse(f"`{name.text}` has to follow a metrics function", hint, name)
        if before.is_compare:
            refuse_compare(name)
        opened = at.open(name)
        number = at.next()
        if number.kind != "variable" and (number.kind != "number" or not number.text.strip("0").isdigit()):
            refuse(f"`{name.text}` needs a whole number from 1 on", f"write `{name.text}(5)`", number)
        at.close(opened)
        return replace(before, is_wrapped=False)

    def _group(self, name: QueryToken) -> None:
        expression = field_expression(self._at)
        if not expression.reads_span:
            refuse(f"`{name.text}` groups by a constant", "write an attribute", expression.token)

    def _joined(self, least: int) -> Part:
        """Take terms joined by operators that bind at least as tightly as ``least``."""
        at = self._at
        at.deeper()
        left = self._term()
        while True:
            operator = at.here
            binding = self._binding(operator, left)
            if binding is None or binding < least:
                break
            # Precedence climbing: operators of the same strength associate to the left, except `^`.
            at.next()
            self._operations += 1
            if self._operations > _MOST_OPERATIONS:
                refuse("the query chains too many operations", "split it into several queries", operator)
            right = self._joined(binding if operator.text == "^" else binding + 1)
            left = combined(operator, left, right)
        at.levels -= 1
        return left

    def _binding(self, token: QueryToken, left: Part) -> int | None:
        if token.kind != "sign" or (left.form is QueryForm.SERIES and not left.is_wrapped):
            return None
        if token.text in {"&&", "||"}:
            return 0
        if token.text in RELATIONS | COMPARING:
            return 1
        if token.text in {"==", "=~"}:
            hint = "write `=`" if token.text == "==" else "compare attributes between the braces"
            refuse(f"`{token.text}` cannot compare these", hint, token)
        return {"+": 2, "-": 2, "*": 3, "/": 3, "%": 3, "^": 4}.get(token.text)

    def _term(self) -> Part:
        at = self._at
        token = at.next()
        if token.kind == "sign" and token.text == "{":
            return self._filter(token)
        if token.kind == "sign" and token.text == "(":
            inner = self.chain()
            at.close(token)
            return replace(inner, is_wrapped=True)
        if token.kind == "sign" and token.text == "-":
            at.deeper()
            inner = self._term()
            at.levels -= 1
            if inner.form not in {QueryForm.NUMBER, QueryForm.ANY}:
                refuse("`-` is only allowed before a number", "write `0 -` before it", token)
            return inner
        if token.kind in {"number", "duration"}:
            return Part(QueryForm.NUMBER, token, is_duration=token.kind == "duration")
        if token.kind == "variable":
            return Part(QueryForm.ANY, token)
        if token.kind == "name" and at.here.text == "(" and token.text in AGGREGATES:
            return self._aggregate(token)
        # A pipeline may start with these two stages; Tempo then takes all spans.
        if token.kind == "name" and token.text in {"by", "select"} and at.here.text == "(":
            at.index -= 1
            return self._named_stage(Part(QueryForm.SPANS, token), token) or Part(QueryForm.PIPELINE, token)
        at.index -= token.kind != "end"
        return self._refuse_start(token)

    def _filter(self, opened: QueryToken) -> Part:
        at = self._at
        if at.is_sign("}"):
            at.next()
            return Part(QueryForm.SPANS, opened)
        condition = field_expression(at)
        at.close(opened)
        if condition.type not in {Type.ANY, Type.BOOLEAN}:
            refuse(f"a filter of spans has to be a condition, and this is {condition.type.value}",
                   f"compare it, as in `{condition.token.text} = …`", condition.token)  # fmt: skip
        return Part(QueryForm.SPANS, opened)

    def _aggregate(self, name: QueryToken) -> Part:
        at = self._at
        opened = at.open(name)
        if name.text == "count":
            if not at.is_sign(")"):
                refuse("`count` takes no argument", "write `count()`", at.here)
        else:
            if at.is_sign(")"):
                refuse(f"`{name.text}` needs an attribute", f"write `{name.text}(duration)`", name)
            _check_aggregated(name, field_expression(at))
        at.close(opened)
        return Part(QueryForm.AGGREGATE, name)

    def _refuse_start(self, token: QueryToken) -> NoReturn:
        at = self._at
        if token.kind in {"attribute", "intrinsic"} or (token.kind == "name" and token.text in STATICS):
            refuse(f"`{token.text}` has to be between braces", f"write `{{ {token.text} … }}`", token)
        if token.kind == "name" and token.text in METRICS | CHOOSING | {"coalesce"}:
            refuse(f"`{token.text}` has nothing before it", f"write `{{}} | {token.text}(…)`", token)
        if token.kind == "name" and at.ahead().text == "(":
            hint = meant(token.text, STAGES) or _SPANS_HINT
            refuse(f"TraceQL has no function `{token.text}`", hint, token)
        if token.kind == "name":
            after = at.ahead()
            full = token.text + (after.text if after.kind == "attribute" and after.start == token.end else "")
            refuse(
                f"`{full}` cannot start a query",
                f'write it between braces, as in `{{ .{full} = "value" }}`',
                token,
            )
        at.refuse_operand(token, _SPANS_HINT.removeprefix("start with "))


def _check_aggregated(name: QueryToken, field: Field) -> None:
    if field.type not in {Type.ANY, Type.NUMBER, Type.DURATION}:
        refuse(f"`{name.text}` takes numbers, and this is {field.type.value}", "write `duration` or an attribute",
               field.token)  # fmt: skip
    if not field.reads_span:
        refuse(f"`{name.text}` takes an attribute, and this is a constant", "write `duration`", field.token)


def _attributes(at: TraceQLReader, name: QueryToken) -> None:
    """Take attributes separated by commas, the arguments of the function ``name``."""
    if at.is_sign(")"):
        refuse(f"`{name.text}` names no attribute", f"write `{name.text}(resource.service.name)`", name)
    while True:
        attribute(at)
        if not at.take(","):
            return


def _hints(at: TraceQLReader) -> None:
    """Take `with (…)`."""
    name = at.next()
    opened = at.open(name)
    while True:
        if at.here.kind not in {"name", "variable"}:
            refuse(f"{shown(at.here)} is not a hint", "write `with (most_recent=true)`", at.here)
        hint = at.next()
        if not at.take("="):
            refuse(f"the hint `{hint.text}` has no value", f"write `{hint.text}=true`", hint)
        value = at.next()
        is_word = value.kind == "name" and value.text in STATICS
        if value.kind not in {"string", "number", "duration", "variable"} and not is_word:
            refuse(
                f"{shown(value)} is not a value of a hint", "write a number, a text, `true` or `false`", value
            )
        if not at.take(","):
            break
    at.close(opened)


def _number_value(text: str) -> float:
    """The value of a number; 0 when it cannot be converted."""
    try:
        return float(text.replace("_", ""))
    except ValueError:
        return 0.0
