"""A parser of TraceQL with Grafana's variables, after expr.y and ast_validate.go of Tempo 3.0.3."""

from typing import Final, NoReturn

from dashgen.query.language import Fault
from dashgen.query.scanning import RefusalError, meant, refuse, shown
from dashgen.query.traceql.field_types import check_aggregated, first_token
from dashgen.query.traceql.metrics_stages import MetricsParser
from dashgen.query.traceql.span_sets import (
    COMPARING,
    RELATIONS,
    Joint,
    Part,
    QueryForm,
    combined,
    refuse_compare,
)
from dashgen.query.traceql.traceql_names import (
    AGGREGATES,
    CHOOSING,
    INTRINSICS,
    KEYWORDS,
    METRICS,
    PLAIN_METRICS,
    SCOPES,
    STAGES,
    STATICS,
    Type,
)
from dashgen.query.traceql.traceql_nodes import (
    CONSTANT,
    Aggregate,
    CoalesceStage,
    FieldNode,
    GroupStage,
    MetricsStage,
    Parenthesized,
    QueryHint,
    SelectStage,
    SeriesFilter,
    SignedField,
    TracePipeline,
    TraceQLNode,
    TraceQuery,
)

_SPANS_HINT: Final = 'start with a filter of spans, such as `{ resource.service.name = "name" }`'
_BINDING: Final = {"&&": 0, "||": 0, "+": 2, "-": 2, "*": 3, "/": 3, "%": 3, "^": 4} | dict.fromkeys(
    (RELATIONS | COMPARING) - {"&&", "||"}, 1
)
_COMPARABLE: Final = frozenset({QueryForm.SERIES, QueryForm.ANY})
_NUMBERS: Final = frozenset({"number", "duration", "variable", "-"})
_NAMED: Final = frozenset({"by", "select", "coalesce"})
_STARTING: Final = AGGREGATES | {"by", "select"}
_UNCOMPARED: Final = frozenset({QueryForm.AGGREGATE, QueryForm.AGGREGATE_PIPELINE})


def parse(text: str) -> tuple[TraceQuery, QueryForm]:
    """The tree of a query, and what it yields.

    Raises:
        RefusalError: Tempo would refuse the query.
    """
    parser = _QueryParser(text)
    if parser.kinds[0] == "end":
        raise RefusalError(Fault("the query is empty", "write a TraceQL query such as `{}`", -1))
    part = parser.chain()
    hints = parser.hints()
    if parser.kinds[parser.index] != "end":
        parser.refuse_rest(part)
    parser.check_result(part)
    return TraceQuery(part.node.start, parser.last_end, part.node, hints), part.form


class _QueryParser(MetricsParser):
    __slots__ = ()

    @property
    def last_end(self) -> int:
        """The offset after the last token that was taken."""
        return self._last_end()

    def chain(self, *, is_inside: bool = False) -> Part:
        """Take a pipeline: its first part, and its stages."""
        part = self._joined_parts(0)
        if self.kinds[self.index] == "|":
            self.check_result(part)
        stages: list[TraceQLNode] = []
        while True:
            kind = self.kinds[self.index]
            is_filter = part.form in _COMPARABLE and kind in COMPARING
            if kind != "|" and not is_filter and not self._is_more(part, kind):
                break
            if not stages:
                stages = [part.node]
            if is_inside and part.form is QueryForm.SERIES and part.is_wrapped:
                hint = "write it after the last parenthesis"
                refuse(
                    "what follows metrics queries in parentheses is at the end of a query", hint, self.token()
                )
            if kind == "|":
                part = self._stage(part)
            elif is_filter:
                part = self._series_filter(part)
            else:
                part = self._variable_rest(part)
            stages.append(part.node)
        if not stages:
            return part
        return part._replace(node=TracePipeline(stages[0].start, self._last_end(), tuple(stages)))

    def check_result(self, part: Part) -> None:
        """Refuse a number or an aggregate that is compared with nothing."""
        if part.form is not QueryForm.NUMBER and part.form not in _UNCOMPARED:
            return
        token = first_token(part.node.stages[-1] if isinstance(part.node, TracePipeline) else part.node, self)
        if part.form is QueryForm.NUMBER:
            refuse("the query is only a number", _SPANS_HINT, token)
        hint = "write a comparison, such as `count() > 2`"
        if (series := f"{token.text}_over_time") in METRICS:
            hint += f", or `{series}` for series"
        refuse("an aggregate is compared with nothing", hint, token)

    def refuse_rest(self, part: Part) -> NoReturn:
        """Refuse what follows a whole query."""
        kind = self.kinds[self.index]
        if part.form is QueryForm.SERIES and not part.is_wrapped and kind in _BINDING:
            hint = "put the whole metrics query in parentheses, as in `({} | rate()) * 100`"
            refuse(f"`{kind}` joins metrics queries in parentheses", hint, self.token())
        self.refuse_unexpected()

    def hints(self) -> tuple[QueryHint, ...]:
        """Take what follows `with` at the end of a query."""
        hints: list[QueryHint] = []
        while self.is_word("with"):
            name = self.index
            self.index += 1
            opened = self.open(name)
            hints.append(self._hint())
            while self.take(","):
                hints.append(self._hint())
            self.close(opened)
        return tuple(hints)

    def _hint(self) -> QueryHint:
        token = self.token()
        if token.kind not in {"name", "variable"} or token.text in KEYWORDS:
            refuse(f"{shown(token)} is not a hint", "write `with (most_recent=true)`", token)
        self.index += 1
        if token.kind == "variable" and self.kinds[self.index] != "=":
            return QueryHint(token.start, token.end, token.text, self._leaf_at(self.index - 1))
        if not self.take("="):
            refuse(f"the hint `{token.text}` has no value", f"write `{token.text}=true`", token)
        value = self.token()
        is_word = value.kind == "name" and value.text in STATICS
        if value.kind not in {"string", "number", "duration", "variable"} and not is_word:
            hint = "write a number, a text, `true` or `false`"
            refuse(f"{shown(value)} is not a value of a hint", hint, value)
        field = self._operand()
        return QueryHint(token.start, field.end, token.text, field)

    def _is_more(self, part: Part, kind: str) -> bool:
        """Whether a variable follows, which may be more stages or a comparison."""
        return kind == "variable" and part.form not in {QueryForm.NUMBER, QueryForm.AGGREGATE}

    def _series_filter(self, before: Part) -> Part:
        operator = self.index
        text = self.kinds[operator]
        if before.is_compare:
            refuse_compare(self.token(operator))
        self.index = operator + 1
        part = self._joined_parts(2)
        if part.form not in {QueryForm.NUMBER, QueryForm.ANY}:
            token = first_token(part.node, self)
            refuse(f"`{text}` compares series with a number", "write a number after it", token)
        start = self.starts[operator]
        node = SeriesFilter(start, part.node.end, text, start, part.node)
        return Part(before.form, node, is_wrapped=before.is_wrapped)

    def _variable_rest(self, before: Part) -> Part:
        """Take a variable behind a pipeline: more stages, or the operator of a comparison with a number."""
        name = self.index
        variable = self.attribute()
        if self.kinds[self.index] not in _NUMBERS:
            return Part(QueryForm.ANY, variable)
        number = self._joined_parts(2).node
        text = self.texts[name]
        node = SeriesFilter(variable.start, number.end, text, variable.start, number)
        return Part(before.form, node)

    def _variable_stage(self) -> Part:
        """Take a variable as a stage, or as the name of a function."""
        name = self.index
        variable = self.attribute()
        if self.kinds[self.index] != "(":
            return Part(QueryForm.ANY, variable)
        opened = self.open(name)
        arguments: list[FieldNode] = []
        while self.kinds[self.index] not in {")", "end"} and (not arguments or self.take(",")):
            arguments.append(self.expression())
        self.close(opened)
        by = self._grouping("") if self.is_word("by") else ()
        text, end = self.texts[name], self._last_end()
        return Part(QueryForm.ANY, MetricsStage(variable.start, end, text, None, tuple(arguments), None, by))

    def _stage(self, before: Part) -> Part:
        pipe = self.index
        if before.is_wrapped and before.form is QueryForm.PIPELINE:
            hint = "write the stage inside of them"
            refuse("`|` cannot follow a pipeline in parentheses", hint, self.token(pipe))
        self.index = pipe + 1
        token = self.token()
        if token.kind == "variable":
            return self._variable_stage()
        if token.kind == "end":
            refuse(
                "`|` has no stage after it", "write one, such as `| rate()`, or remove it", self.token(pipe)
            )
        if before.form is QueryForm.SERIES and not (token.kind == "name" and token.text in CHOOSING):
            hint = "write `topk(5)`, `bottomk(5)` or a comparison, or remove it"
            refuse(f"{shown(token)} cannot follow a metrics function", hint, token)
        if before.form is QueryForm.AGGREGATE_PIPELINE:
            hint = "write a comparison before the next stage"
            refuse("an aggregate is compared with nothing", hint, self.token(pipe))
        if token.kind == "name" and token.text in STAGES and self.kinds[self.index + 1] != "(":
            argument = "" if token.text in PLAIN_METRICS | {"count", "coalesce"} else "duration"
            hint = f"write `{token.text}({argument})`"
            refuse(f"`{token.text}` needs its arguments in parentheses", hint, token)
        if token.kind == "name" and token.text not in AGGREGATES:
            return self._named_stage(before)
        return self._plain_stage()

    def _named_stage(self, before: Part | None) -> Part:
        text = self.texts[self.index]
        if text in METRICS:
            return Part(QueryForm.SERIES, self.metrics(), is_compare=text == "compare")
        if text in CHOOSING and before is not None:
            return self._choice(before)
        name = self.index
        if text not in _NAMED:
            known = "use one of: `rate`, `count_over_time`, `by`, `select`, `count`"
            refuse(f"TraceQL has no stage `{text}`", meant(text, STAGES) or known, self.token(name))
        self.index = name + 1
        opened = self.open(name)
        start = self.starts[name]
        node: TraceQLNode
        if text == "by":
            expression = self._group(name)
            self.close(opened)
            node = GroupStage(start, self._last_end(), expression)
        elif text == "select":
            fields = self.attributes(name, in_metrics=False)
            self.close(opened)
            node = SelectStage(start, self._last_end(), fields)
        else:
            self.close(opened)
            node = CoalesceStage(start, self._last_end())
        return Part(QueryForm.PIPELINE, node)

    def _group(self, name: int) -> FieldNode:
        self._check_argument(name)
        expression = self.expression()
        if not expression.reads_span:
            token = self.token(name + 2)
            refuse(f"`{self.texts[name]}` groups by a constant", "write an attribute", token)
        return expression

    def _choice(self, before: Part) -> Part:
        token = self.token()
        if before.form not in {QueryForm.SERIES, QueryForm.ANY}:
            hint = f"write one before it, as in `rate() | {token.text}(5)`"
            refuse(f"`{token.text}` has to follow a metrics function", hint, token)
        if before.is_compare:
            refuse_compare(token)
        return Part(before.form, self.choice(), is_wrapped=before.is_wrapped)

    def _plain_stage(self) -> Part:
        """Take a stage that is a filter of spans or a comparison of an aggregate."""
        start = self.index
        part = self._joined_parts(0)
        token = self.token(start)
        if part.form is QueryForm.AGGREGATE and not part.is_wrapped:
            return Part(QueryForm.AGGREGATE_PIPELINE, part.node)
        if part.form is QueryForm.NUMBER:
            hint = "compare an aggregate with it, as in `count() > 2`"
            refuse("a number cannot be a stage", hint, token)
        if part.form not in {QueryForm.SPANS, QueryForm.CONDITION, QueryForm.ANY}:
            refuse("a pipeline in parentheses cannot be a stage", "remove the parentheses", token)
        return Part(QueryForm.ANY if part.form is QueryForm.ANY else QueryForm.PIPELINE, part.node)

    def _joined_parts(self, least: int, *, behind_pipeline: bool = False) -> Part:
        """Take terms joined by operators that bind at least as tightly as ``least``.

        Filters of spans in parentheses are read as a pipeline behind another pipeline, and only there.
        """
        self.deeper()
        left = self._term(behind_pipeline=behind_pipeline)
        while True:
            operator = self.index
            binding = self._binding(left)
            if binding is None or binding < least:
                break
            # Precedence climbing: operators of the same strength associate to the left, except `^`.
            self.index = operator + 1
            is_behind = left.form is QueryForm.PIPELINE and left.is_wrapped
            next_least = binding if self.kinds[operator] == "^" else binding + 1
            right = self._joined_parts(next_least, behind_pipeline=is_behind)
            left = combined(Joint(self, operator, left, right))
        self.levels -= 1
        return left

    def _binding(self, left: Part) -> int | None:
        kind = self.kinds[self.index]
        if left.form is QueryForm.SERIES and (kind in COMPARING or not left.is_wrapped):
            return None
        if kind in {"==", "=~"}:
            hint = "write `=`" if kind == "==" else "compare attributes between the braces"
            refuse(f"`{kind}` cannot compare these", hint, self.token())
        if kind == "variable" and self._starts_term(self.index + 1):
            return 1
        return _BINDING.get(kind)

    def _starts_term(self, index: int) -> bool:
        """Whether a term starts with the token at an index, so that a variable before it is an operator."""
        kind = self.kinds[index]
        if kind == "name":
            return self.texts[index] in _STARTING and self.kinds[index + 1] == "("
        return kind in _NUMBERS or kind in {"{", "("}

    def _term(self, *, behind_pipeline: bool = False) -> Part:
        index = self.index
        kind = self.kinds[index]
        if kind == "{" and behind_pipeline:
            hint = "put the filter in parentheses as well"
            refuse("a pipeline is joined with a filter of spans", hint, self.token())
        if kind == "{":
            return Part(QueryForm.SPANS, self.filter())
        if kind == "(":
            return self._parentheses(behind_pipeline=behind_pipeline)
        if kind == "-":
            return self._negative()
        if kind in {"number", "duration"}:
            return Part(QueryForm.NUMBER, self.literal())
        if kind == "variable":
            return Part(QueryForm.ANY, self.attribute())
        if kind == "name" and self.kinds[index + 1] == "(":
            text = self.texts[index]
            if text in AGGREGATES:
                return Part(QueryForm.AGGREGATE, self._aggregate())
            # A pipeline may start with these two stages; Tempo then takes all spans.
            if text in _STARTING:
                return self._named_stage(None)
        return self._refuse_start()

    def _parentheses(self, *, behind_pipeline: bool) -> Part:
        opened = self.index
        self.index = opened + 1
        inner = self.chain(is_inside=True)
        self.close(opened)
        form = inner.form
        if form is QueryForm.CONDITION or (form is QueryForm.SPANS and behind_pipeline):
            form = QueryForm.PIPELINE
        field = inner.node.type if isinstance(inner.node, FieldNode) else Type.ANY
        node = Parenthesized(self.starts[opened], self._last_end(), field, CONSTANT, inner.node)
        return Part(form, node, is_wrapped=True, is_compare=inner.is_compare)

    def _negative(self) -> Part:
        sign = self.index
        self.index = sign + 1
        self.deeper()
        inner = self._term()
        self.levels -= 1
        if inner.form is QueryForm.ANY:
            return inner
        if inner.form is not QueryForm.NUMBER or not isinstance(inner.node, FieldNode):
            refuse("`-` is only allowed before a number", "write `0 -` before it", self.token(sign))
        node = SignedField(self.starts[sign], inner.node.end, inner.node.type, CONSTANT, "-", inner.node)
        return Part(QueryForm.NUMBER, node)

    def _aggregate(self) -> Aggregate:
        name = self.index
        self.index = name + 1
        opened = self.open(name)
        text = self.texts[name]
        argument = None
        if text == "count":
            if self.kinds[self.index] not in {")", "end"}:
                refuse("`count` takes no argument", "write `count()`", self.token())
        else:
            if self.kinds[self.index] == ")":
                refuse(f"`{text}` needs an attribute", f"write `{text}(duration)`", self.token(name))
            argument = self.expression()
            check_aggregated(name, argument, self)
        self.close(opened)
        return Aggregate(self.starts[name], self._last_end(), text, argument)

    def _refuse_start(self) -> NoReturn:
        token = self.token()
        names = STATICS.keys() | INTRINSICS.keys()
        if token.kind in {"attribute", "intrinsic"} or (token.kind == "name" and token.text in names):
            refuse(f"`{token.text}` has to be between braces", f"write `{{ {token.text} … }}`", token)
        if token.kind == "name" and token.text in METRICS | CHOOSING | {"coalesce"}:
            refuse(f"`{token.text}` has nothing before it", f"write `{{}} | {token.text}(…)`", token)
        after = self.token(self.index + 1) if token.kind == "name" else token
        if token.kind == "name" and after.kind == "(":
            hint = meant(token.text, STAGES) or _SPANS_HINT
            refuse(f"TraceQL has no function `{token.text}`", hint, token)
        if token.kind == "name":
            full = token.text + (after.text if after.kind == "attribute" and after.start == token.end else "")
            prefix = "" if token.text in SCOPES else "."
            hint = f'write it between braces, as in `{{ {prefix}{full} = "value" }}`'
            refuse(f"`{full}` cannot start a query", hint, token)
        self.refuse_operand(_SPANS_HINT.removeprefix("start with "))
