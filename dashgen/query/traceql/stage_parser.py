"""Parse aggregates, `by`, `select`, `coalesce` and `with`, and refuse what starts no query."""

from typing import Final, NoReturn

from dashgen.query.scanning import QueryToken, meant, refuse, shown
from dashgen.query.traceql.field_types import check_aggregated
from dashgen.query.traceql.metrics_stages import MetricsParser
from dashgen.query.traceql.traceql_names import (
    CHOOSING,
    INTRINSICS,
    KEYWORDS,
    METRICS,
    SCOPES,
    STAGES,
    STATICS,
)
from dashgen.query.traceql.traceql_nodes import (
    Aggregate,
    CoalesceStage,
    FieldNode,
    GroupStage,
    QueryHint,
    SelectStage,
    TraceQLNode,
)

SPANS_HINT: Final = 'start with a filter of spans, such as `{ resource.service.name = "name" }`'
_SELECTING: Final = frozenset({"by", "select", "coalesce"})
FIELD_NAMES: Final = STATICS.keys() | INTRINSICS.keys()
_VALUES: Final = frozenset({"string", "number", "duration", "variable"})


class StageParser(MetricsParser):
    """Reads stages. Every method raises `RefusalError` for what Tempo would refuse."""

    __slots__ = ()

    def selection(self) -> TraceQLNode:
        """Take `by`, `select` or `coalesce`."""
        name = self.index
        text = self.texts[name]
        if text not in _SELECTING:
            stages_hint = "use one of: `rate`, `count_over_time`, `by`, `select`, `count`"
            refuse(f"TraceQL has no stage `{text}`", meant(text, STAGES) or stages_hint, self.token(name))
        self.index = name + 1
        opened = self.open(name)
        start = self.starts[name]
        if text == "coalesce":
            self.close(opened)
            return CoalesceStage(start, self._last_end())
        if text == "by":
            expression = self._group(name)
            self.close(opened)
            return GroupStage(start, self._last_end(), expression)
        fields = self.attributes(name, in_metrics=False)
        self.close(opened)
        return SelectStage(start, self._last_end(), fields)

    def _group(self, name: int) -> FieldNode:
        self._check_argument(name)
        expression = self.expression()
        if not expression.reads_span:
            token = self.token(name + 2)
            refuse(f"`{self.texts[name]}` groups by a constant", "write an attribute", token)
        return expression

    def aggregate(self) -> Aggregate:
        """Take an aggregate."""
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
        field = self._hint_value()
        return QueryHint(token.start, field.end, token.text, field)

    def _hint_value(self) -> FieldNode:
        value = self.token()
        is_word = value.kind == "name" and value.text in STATICS
        if value.kind not in _VALUES and not is_word:
            hint = "write a number, a text, `true` or `false`"
            refuse(f"{shown(value)} is not a value of a hint", hint, value)
        return self._operand()

    def refuse_start(self) -> NoReturn:
        """Refuse a token that starts neither a query nor an operand of an operator between stages."""
        token = self.token()
        is_name = token.kind == "name"
        if token.kind in {"attribute", "intrinsic"} or (is_name and token.text in FIELD_NAMES):
            refuse(f"`{token.text}` has to be between braces", f"write `{{ {token.text} … }}`", token)
        if is_name and token.text in METRICS | CHOOSING | {"coalesce"}:
            refuse(f"`{token.text}` has nothing before it", f"write `{{}} | {token.text}(…)`", token)
        if is_name:
            _refuse_first_name(token, self.token(self.index + 1))
        self.refuse_operand(SPANS_HINT.removeprefix("start with "))


def _refuse_first_name(token: QueryToken, after: QueryToken) -> NoReturn:
    if after.kind == "(":
        hint = meant(token.text, STAGES) or SPANS_HINT
        refuse(f"TraceQL has no function `{token.text}`", hint, token)
    full = token.text + (after.text if after.kind == "attribute" and after.start == token.end else "")
    prefix = "" if token.text in SCOPES else "."
    hint = f'write it between braces, as in `{{ {prefix}{full} = "value" }}`'
    refuse(f"`{full}` cannot start a query", hint, token)
