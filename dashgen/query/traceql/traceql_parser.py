"""A parser of TraceQL with Grafana's variables, after expr.y and ast_validate.go of Tempo 3.0.3."""

from collections.abc import Callable
from typing import Final, NoReturn

from dashgen.query.language import Fault
from dashgen.query.scanning import QueryToken, RefusalError, refuse, shown
from dashgen.query.traceql.field_types import first_token
from dashgen.query.traceql.span_sets import (
    COMPARING,
    RELATIONS,
    Joint,
    Part,
    QueryForm,
    combined,
    refuse_compare,
)
from dashgen.query.traceql.stage_parser import FIELD_NAMES, SPANS_HINT, StageParser
from dashgen.query.traceql.traceql_names import (
    AGGREGATES,
    CHOOSING,
    METRICS,
    PLAIN_METRICS,
    STAGES,
    Type,
)
from dashgen.query.traceql.traceql_nodes import (
    CONSTANT,
    FieldNode,
    MetricsStage,
    Parenthesized,
    SeriesFilter,
    SignedField,
    TracePipeline,
    TraceQuery,
)

_BINDING: Final = {"&&": 0, "||": 0, "+": 2, "-": 2, "*": 3, "/": 3, "%": 3, "^": 4} | dict.fromkeys(
    (RELATIONS | COMPARING) - {"&&", "||"}, 1
)
_COMPARABLE: Final = frozenset({QueryForm.SERIES, QueryForm.ANY})
_NUMBERS: Final = frozenset({"number", "duration", "variable", "-"})
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


class _QueryParser(StageParser):
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
        stages = [part.node]
        while take := self._next_stage(part):
            if is_inside and part.form is QueryForm.SERIES and part.is_wrapped:
                message = "what follows metrics queries in parentheses is at the end of a query"
                refuse(message, "write it after the last parenthesis", self.token())
            part = take(part)
            stages.append(part.node)
        if len(stages) == 1:
            return part
        return part._replace(node=TracePipeline(stages[0].start, self._last_end(), tuple(stages)))

    def _next_stage(self, part: Part) -> Callable[[Part], Part] | None:
        """What takes the next stage after a part; None at the end of a pipeline."""
        kind = self.kinds[self.index]
        if kind == "|":
            return self._stage
        if part.form in _COMPARABLE and kind in COMPARING:
            return self._series_filter
        # A variable may be more stages or a comparison.
        if kind == "variable" and part.form not in {QueryForm.NUMBER, QueryForm.AGGREGATE}:
            return self._variable_rest
        return None

    def check_result(self, part: Part) -> None:
        """Refuse a number or an aggregate that is compared with nothing."""
        if part.form is not QueryForm.NUMBER and part.form not in _UNCOMPARED:
            return
        token = first_token(part.node.stages[-1] if isinstance(part.node, TracePipeline) else part.node, self)
        if part.form is QueryForm.NUMBER:
            refuse("the query is only a number", SPANS_HINT, token)
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
        selection = self.filter() if self.kinds[self.index] == "{" else None
        arguments: list[FieldNode] = []
        is_first = selection is None
        while self.kinds[self.index] not in {")", "end"} and (is_first or self.take(",")):
            arguments.append(self.expression())
            is_first = False
        self.close(opened)
        by = self._grouping("") if self.is_word("by") else ()
        text, end = self.texts[name], self._last_end()
        node = MetricsStage(variable.start, end, text, None, tuple(arguments), selection, by)
        return Part(QueryForm.ANY, node)

    def _stage(self, before: Part) -> Part:
        pipe = self.index
        self.index = pipe + 1
        self._check_stage(before, self.token(pipe))
        kind, text = self.kinds[self.index], self.texts[self.index]
        if kind == "variable":
            return self._variable_stage()
        if text in STAGES and self.kinds[self.index + 1] != "(":
            argument = "" if text in PLAIN_METRICS | {"count", "coalesce"} else "duration"
            hint = f"write `{text}({argument})`"
            refuse(f"`{text}` needs its arguments in parentheses", hint, self.token())
        if kind == "name" and text not in AGGREGATES and text not in FIELD_NAMES:
            return self._named_stage(before)
        return self._plain_stage()

    def _check_stage(self, before: Part, pipe: QueryToken) -> None:
        """Refuse a stage behind what nothing can follow."""
        token = self.token()
        if before.is_wrapped and before.form is QueryForm.PIPELINE:
            refuse("`|` cannot follow a pipeline in parentheses", "write the stage inside of them", pipe)
        if token.kind == "end":
            refuse("`|` has no stage after it", "write one, such as `| rate()`, or remove it", pipe)
        if before.form is QueryForm.SERIES and token.text not in CHOOSING and token.kind != "variable":
            hint = "write `topk(5)`, `bottomk(5)` or a comparison, or remove it"
            refuse(f"{shown(token)} cannot follow a metrics function", hint, token)
        if before.form is QueryForm.AGGREGATE_PIPELINE:
            hint = "write a comparison before the next stage"
            refuse("an aggregate is compared with nothing", hint, pipe)

    def _named_stage(self, before: Part) -> Part:
        text = self.texts[self.index]
        if text in METRICS:
            return Part(QueryForm.SERIES, self.metrics(), is_compare=text == "compare")
        if text in CHOOSING:
            return self._choice(before)
        return Part(QueryForm.PIPELINE, self.selection())

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
        kind = self.kinds[self.index]
        if kind == "{":
            if behind_pipeline:
                hint = "put the filter in parentheses as well"
                refuse("a pipeline is joined with a filter of spans", hint, self.token())
            return Part(QueryForm.SPANS, self.filter())
        if kind == "(":
            return self._parentheses(behind_pipeline=behind_pipeline)
        if kind == "-":
            return self._negative()
        if kind in {"number", "duration"}:
            return Part(QueryForm.NUMBER, self.literal())
        if kind == "variable":
            return Part(QueryForm.ANY, self.attribute())
        return self._first_stage() if self._starts_term(self.index) else self.refuse_start()

    def _first_stage(self) -> Part:
        """Take an aggregate, or one of the stages that a pipeline may start with: it then takes all spans."""
        if self.texts[self.index] in AGGREGATES:
            return Part(QueryForm.AGGREGATE, self.aggregate())
        return Part(QueryForm.PIPELINE, self.selection())

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
