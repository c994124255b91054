"""Parse metrics functions, and what chooses from series (tempo/pkg/traceql/expr.y, ast_metrics.go, 3.0.3)."""

from typing import Final

from dashgen.query.scanning import refuse, shown
from dashgen.query.traceql.field_expressions import FieldParser
from dashgen.query.traceql.traceql_names import FIELD_METRICS, Type
from dashgen.query.traceql.traceql_nodes import (
    ChoiceStage,
    FieldNode,
    FieldVariable,
    Literal,
    MetricsStage,
    SpanFilter,
    TraceQLNode,
)

# `maxGroupBys` of engine_metrics.go; a histogram and an average need one of them for themselves.
_MOST_GROUPS: Final = 5
_ONE_GROUP_LESS: Final = frozenset({"histogram_over_time", "quantile_over_time", "avg_over_time"})
_ENDS: Final = frozenset({")", "end"})
_TIMES_HINT: Final = "write the number of values, and then start and end in nanoseconds, or neither"


class MetricsParser(FieldParser):
    """Reads metrics functions. Every method raises `RefusalError` for what Tempo would refuse."""

    __slots__ = ()

    def filter(self) -> SpanFilter:
        """Take a filter of spans."""
        opened = self.index
        self.index = opened + 1
        condition = None if self.kinds[self.index] == "}" else self.expression()
        self.close(opened)
        if condition is not None and condition.type not in {Type.ANY, Type.BOOLEAN}:
            token = self.token(opened + 1)
            message = f"a filter of spans has to be a condition, and this is {condition.type.value}"
            refuse(message, f"compare it, as in `{token.text} = …`", token)
        return SpanFilter(self.starts[opened], self._last_end(), condition)

    def metrics(self) -> MetricsStage:
        """Take a metrics function and its grouping."""
        name = self.index
        self.index = name + 1
        opened = self.open(name)
        text = self.texts[name]
        field, selection = None, None
        numbers: tuple[FieldNode, ...] = ()
        if text in FIELD_METRICS:
            self._check_argument(name)
            field = self.metrics_attribute()
            numbers = self._quantiles(name)
        elif text == "compare":
            selection, numbers = self._compared(name)
        elif self.kinds[self.index] not in _ENDS:
            refuse(f"`{text}` takes no argument", f"write `{text}()`", self.token())
        self.close(opened)
        by = self._grouping(text) if self.is_word("by") else ()
        return MetricsStage(self.starts[name], self._last_end(), text, field, numbers, selection, by)

    def choice(self) -> ChoiceStage:
        """Take `topk` or `bottomk`."""
        name = self.index
        self.index = name + 1
        opened = self.open(name)
        token = self.token()
        text = self.texts[name]
        if token.kind != "variable" and (token.kind != "number" or not token.text.strip("0").isdigit()):
            refuse(f"`{text}` needs a whole number from 1 on", f"write `{text}(5)`", token)
        limit = self._number()
        self.close(opened)
        return ChoiceStage(self.starts[name], self._last_end(), text, limit)

    def attributes(self, name: int, *, in_metrics: bool) -> tuple[FieldNode, ...]:
        """Take attributes separated by commas, the arguments of the function at an index."""
        self._check_argument(name)
        take = self.metrics_attribute if in_metrics else self.attribute
        fields = [take()]
        while self.take(","):
            fields.append(take())
        return tuple(fields)

    def _check_argument(self, name: int) -> None:
        if self.kinds[self.index] == ")":
            text = self.texts[name]
            hint = "resource.service.name" if text in {"by", "select"} else "duration"
            refuse(f"`{text}` names no attribute", f"write `{text}({hint})`", self.token(name))

    def _grouping(self, function: str) -> tuple[FieldNode, ...]:
        by = self.index
        if function == "compare":
            refuse("`compare` cannot be grouped", "remove the grouping", self.token(by))
        self.index = by + 1
        opened = self.open(by)
        fields = self.attributes(by, in_metrics=True)
        self.close(opened)
        most = _MOST_GROUPS - (function in _ONE_GROUP_LESS)
        if len(fields) > most:
            message = f"`{function}` can be grouped by {most} attributes at most, and these are {len(fields)}"
            refuse(message, "remove some", self.token(by))
        return fields

    def _quantiles(self, name: int) -> tuple[FieldNode, ...]:
        if self.texts[name] != "quantile_over_time":
            return ()
        if self.kinds[self.index] != ",":
            refuse("`quantile_over_time` needs a quantile", "write one, such as `, 0.95`", self.token())
        numbers = []
        while self.take(","):
            token = self.token()
            is_number = token.kind == "number"
            if token.kind != "variable" and not (is_number and 0 <= _value(token.text) <= 1):
                refuse(f"{shown(token)} is not a quantile", "write a number between 0 and 1", token)
            numbers.append(self._number())
        return tuple(numbers)

    def _compared(self, name: int) -> tuple[TraceQLNode, tuple[FieldNode, ...]]:
        if self.kinds[self.index] == "variable":
            selection: TraceQLNode = self.attribute()
        elif self.kinds[self.index] == "{":
            selection = self.filter()
        else:
            refuse(
                "`compare` needs a filter of spans", "write `compare({ status = error })`", self.token(name)
            )
        numbers = []
        while self.take(","):
            token = self.token()
            if token.kind != "variable" and not token.text.isdigit():
                refuse(f"{shown(token)} is not a whole number", "write one", token)
            numbers.append(self._number())
        self._check_times(name, numbers)
        return selection, tuple(numbers)

    def _check_times(self, name: int, numbers: list[FieldNode]) -> None:
        """`compare({…}, topN, start, end)`: both times or none, and both 0 or one after the other."""
        if len(numbers) not in {0, 1, 3}:
            refuse("`compare` takes a filter and 0, 1 or 3 numbers", _TIMES_HINT, self.token(name))
        values = [int(number.text[:30]) for number in numbers if isinstance(number, Literal)]
        if len(values) < len(numbers) or not values:
            return
        if values[0] == 0:
            hint = "write a whole number from 1 on"
            refuse("`compare` needs a number of values above 0", hint, self.token(name))
        if values[1:] not in ([], [0, 0]) and not 0 < values[1] < values[2]:
            hint = "write the start before the end, in nanoseconds"
            refuse("the times of `compare` are not one after the other", hint, self.token(name))

    def _number(self) -> FieldNode:
        """Take a number or a variable, known to be one."""
        if self.kinds[self.index] == "number":
            return self.literal()
        field = self.attribute()
        return field if isinstance(field, FieldVariable) else self.refuse_unexpected()


def _value(text: str) -> float:
    return float.fromhex(text) if text[1:2] in {"x", "X"} else float(text)
