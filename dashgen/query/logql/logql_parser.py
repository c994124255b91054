"""A parser of LogQL with Grafana's variables, after loki/pkg/logql/syntax/syntax.y and ast.go of Loki 3.7.

A variable may take the place of anything that is allowed at its position: a label, a value, a stage, a
selector, an operator. Recursive descent with one method for each rule of the grammar, and precedence climbing
for operators.
"""

import re
from typing import Final

from dashgen.query.logql.log_pipeline import pipeline, refuse_late_selector
from dashgen.query.logql.logql import LogQLReader
from dashgen.query.logql.logql_names import (
    COUNTED,
    FUNCTIONS,
    GROUPING,
    MANY_TO_ONE,
    MATCHING,
    RANGE_FUNCTIONS,
    SET_OPERATORS,
    VECTOR_FUNCTIONS,
)
from dashgen.query.logql.matchers import log_selector
from dashgen.query.logql.nodes import (
    Aggregation,
    Expression,
    Grouping,
    LabelReplace,
    LogQuery,
    LogRange,
    Number,
    Operation,
    RangeFunction,
    Unknown,
)
from dashgen.query.logql.ranges import check_range, log_range
from dashgen.query.query_texts import regex_problem, unquoted
from dashgen.query.scanning import HAS_VARIABLE, QueryToken, RefusalError, meant, refuse

# Precedence as in syntax.y; `^` alone associates to the right.
_BINDING: Final = {
    "or": 1, "and": 2, "unless": 2, "==": 3, "!=": 3, "<": 3, "<=": 3, ">": 3, ">=": 3,
    "+": 4, "-": 4, "*": 5, "/": 5, "%": 5, "^": 6,
}  # fmt: skip
_COMPARING: Final = frozenset({"==", "!=", "<", "<=", ">", ">="})
# A chain of operators is a tree as deep as it is long, which others walk recursively.
_MOST_OPERATIONS: Final = 200
_LOG_OPERAND_HINT: Final = "count its lines first, as in `sum(count_over_time({…} [$__auto]))`"


def parse(text: str) -> Expression:
    """The syntax tree of a query.

    Args:
        text: the query with its variables.

    Raises:
        RefusalError: Loki would refuse the query.
    """
    reader = LogQLReader(text)
    if reader.here.kind == "end":
        refuse("the query is empty", 'write a LogQL query such as `{app="name"}`', QueryToken("end", "", -1))
    tree = _LogQLParser(reader).expression(0)
    reader.end()
    return tree


class _LogQLParser:
    """One method for each rule of the grammar."""

    def __init__(self, reader: LogQLReader) -> None:
        self._at = reader
        self._operations = 0

    def expression(self, least: int) -> Expression:
        """Take operands joined by operators that bind at least as tightly as ``least``."""
        at = self._at
        at.deeper()
        left = self._operand()
        while True:
            operator = at.here
            binding = self._binding(operator)
            if binding is None or binding < least:
                break
            at.next()
            self._operations += 1
            if self._operations > _MOST_OPERATIONS:
                message = f"the query chains more than {_MOST_OPERATIONS} operations"
                refuse(message, "split it into several queries", operator)
            self._modifiers(operator)
            right = self.expression(binding if operator.text == "^" else binding + 1)
            self._check_operands(operator, left, right)
            left = Operation(left.start, operator.word, left, right)
        at.levels -= 1
        return left

    def _binding(self, token: QueryToken) -> int | None:
        if token.kind == "variable":
            # Between two operands a variable can only be an operator.
            return (
                3
                if self._at.ahead().kind not in {"end", "range"} and self._at.ahead().text not in "),"
                else None
            )
        return _BINDING.get(token.word) if token.kind in {"sign", "name"} else None

    def _modifiers(self, operator: QueryToken) -> None:
        # Loki reads them in this order only: `bool`, then `on` or `ignoring`, then `group_left` or
        # `group_right`.
        at = self._at
        if (word := at.take_word("bool")) and operator.kind == "sign" and operator.text not in _COMPARING:
            refuse("`bool` has to follow a comparison", "remove it", word)
        if matching := at.take_word(*MATCHING):
            _clause_labels(at, matching)
            if (side := at.take_word(*MANY_TO_ONE)) and at.here.text == "(":
                _clause_labels(at, side)
        elif at.here.kind == "name" and at.here.word in MANY_TO_ONE:
            hint = f"write `on (label) {at.here.word}`"
            refuse(f"`{at.here.text}` needs the labels to match on before it", hint, at.here)

    def _check_operands(self, operator: QueryToken, left: Expression, right: Expression) -> None:
        for operand in (left, right):
            if isinstance(operand, LogQuery):
                message = f"`{operator.text}` joins metric queries, and this is a log query"
                refuse(message, _LOG_OPERAND_HINT, QueryToken("", "", operand.start))
            if operator.word in SET_OPERATORS and isinstance(operand, Number) and not operand.is_vector:
                message = f"`{operator.word}` joins series, and this is a number"
                refuse(message, "write `vector(…)` around it", QueryToken("", "", operand.start))

    def _operand(self) -> Expression:
        at = self._at
        token = at.here
        if token.text == "{" and token.kind == "sign":
            return self._log_query()
        if opened := at.take("("):
            inner = self.expression(0)
            at.close(opened)
            refuse_late_selector(at, inner)
            return inner
        if token.kind == "number" or (token.text in {"-", "+"} and token.kind == "sign"):
            return self._number()
        if token.kind == "name":
            return self._call()
        if token.kind == "variable":
            return self._variable()
        return at.refuse_operand(token)

    def _number(self) -> Number:
        at = self._at
        start = at.here
        sign = at.take("-", "+")
        # Loki's grammar has signs of literals, and no unary operators.
        if at.here.kind not in {"number", "variable"}:
            hint = "write `0 -` before it" if start.text == "-" else "remove the sign"
            refuse(f"`{start.text}` is only allowed before a number", hint, sign or start)
        at.next()
        return Number(start.start)

    def _log_query(self) -> LogQuery:
        selector = log_selector(self._at)
        stages = pipeline(self._at, selector)
        for stage in stages:
            if stage.is_unwrap:
                message = "`unwrap` makes numbers of lines, which only a function of a range can take"
                hint = "write it in one, such as `sum_over_time({…} | unwrap label [$__auto])`"
                refuse(message, hint, QueryToken("", "", stage.start))
        if self._at.here.kind == "range":
            message = "a range is outside of a function that takes it"
            refuse(message, "write a function around it, such as `count_over_time(…)`", self._at.here)
        return LogQuery(selector.start, selector, stages)

    def _call(self) -> Expression:
        at = self._at
        name = at.next()
        word = name.word
        if not at.is_called():
            at.refuse_name(name)
        if word in RANGE_FUNCTIONS:
            return self._range_function(name)
        if word in VECTOR_FUNCTIONS:
            return self._aggregation(name)
        opened = at.open(name)
        if word == "vector":
            self._parameter(name)
            at.close(opened)
            return Number(name.start, is_vector=True)
        if word == "label_replace":
            return self._label_replace(name, opened)
        hint = meant(word, FUNCTIONS) or "use one such as `rate`, `count_over_time` or `sum`"
        return refuse(f"LogQL has no function `{name.text}`", hint, name)

    def _variable(self) -> Expression:
        """Take a variable in the place of a query, a number, a selector or the name of a function."""
        at = self._at
        name = at.next()
        if at.here.word in GROUPING and at.here.kind == "name" and at.ahead().text == "(":
            _grouping(at)
        if at.here.text == "(" and at.here.kind == "sign":
            opened = at.next()
            # The function may be one such as `topk`, which takes a number first.
            if at.here.kind in {"number", "variable"} and at.ahead().text == ",":
                at.next(), at.next()
            operand = self._any_argument()
            at.close(opened)
            if at.here.word in GROUPING and at.here.kind == "name":
                _grouping(at)
            return Unknown(name.start, operand)
        if at.here.text == "{":
            selector = log_selector(at)
            return LogQuery(name.start, selector, pipeline(at, selector))
        pipeline(at, None)
        return Unknown(name.start)

    def _any_argument(self) -> Expression | LogRange:
        """Take the argument of a function that is a variable: a range, or else an expression."""
        at = self._at
        index, levels = at.index, at.levels
        try:
            return log_range(at, QueryToken("", "function", at.here.start))
        except RefusalError:
            at.index, at.levels = index, levels
            return self.expression(0)

    def _range_function(self, name: QueryToken) -> RangeFunction:
        at = self._at
        if at.here.kind == "name":
            hint = f"write it after the range, as in `{name.word}(…) {at.here.word} (label)`"
            refuse(f"`{at.here.text}` is not allowed before the range of `{name.text}`", hint, at.here)
        opened = at.open(name)
        if at.here.kind in {"number", "variable"} and at.ahead().text == ",":
            parameter = at.next()
            at.next()
            if name.word != "quantile_over_time":
                refuse(f"`{name.text}` takes no number", "remove it", parameter)
        elif name.word == "quantile_over_time":
            refuse("`quantile_over_time` needs a quantile first", "write one, such as `0.95, `", at.here)
        inner = log_range(at, name)
        if at.here.text == ",":
            refuse(f"`{name.text}` takes one range", "remove what follows it", at.here)
        at.close(opened)
        by = _grouping(at) if at.here.word in GROUPING and at.here.kind == "name" else None
        check_range(name, inner, by)
        return RangeFunction(name.start, name.word, inner, by)

    def _aggregation(self, name: QueryToken) -> Aggregation:
        at = self._at
        # The grouping may be before or after the arguments, as in PromQL.
        by = _grouping(at) if at.here.kind == "name" else None
        opened = at.open(name)
        has_number = at.here.kind in {"number", "variable"} and at.ahead().text == ","
        number = at.here
        if has_number:
            at.next(), at.next()
        self._check_number(name, number, has_number=has_number)
        operand = self.expression(0)
        if isinstance(operand, LogQuery):
            message = f"`{name.text}` takes series, and this is a log query"
            refuse(message, _LOG_OPERAND_HINT, QueryToken("", "", operand.start))
        if at.here.text == ",":
            number_of = "a number and a query" if name.word in COUNTED else "one query"
            refuse(f"`{name.text}` takes {number_of}", "remove what follows it", at.here)
        at.close(opened)
        if at.here.kind == "name" and at.here.word in GROUPING:
            if by:
                refuse(f"`{name.text}` is grouped twice", "remove one of them", at.here)
            by = _grouping(at)
        if by and name.word in {"sort", "sort_desc", "approx_topk"} and by.labels:
            refuse(f"`{name.text}` cannot be grouped", "remove the grouping", QueryToken("", "", by.start))
        return Aggregation(name.start, name.word, operand, by)

    def _check_number(self, name: QueryToken, number: QueryToken, *, has_number: bool) -> None:
        if has_number and name.word not in COUNTED:
            refuse(f"`{name.text}` takes no number", "remove it", number)
        if not has_number and name.word in COUNTED:
            refuse(f"`{name.text}` needs a number first", f"write one, as in `{name.word}(5, …)`", number)
        if has_number and number.kind == "number" and not re.fullmatch(r"0*[1-9]\d*", number.text):
            hint = "write a whole number from 1 on"
            refuse(f"`{name.text}` cannot choose {number.text} series", hint, number)

    def _label_replace(self, name: QueryToken, opened: QueryToken) -> LabelReplace:
        at = self._at
        operand = self.expression(0)
        texts = []
        for part in ("the label to write", "the replacement", "the label to read", "the regular expression"):
            at.comma(name, part)
            texts.append(at.text(f"`{name.text}` needs {part} here"))
        at.close(opened)
        if not HAS_VARIABLE.search(texts[3].text) and (problem := regex_problem(unquoted(texts[3].text))):
            refuse(f"`{unquoted(texts[3].text)}` is not a regular expression: {problem}",
                   "check its brackets and escapes", texts[3])  # fmt: skip
        return LabelReplace(name.start, operand, unquoted(texts[0].text) if texts[0].kind == "string" else "")

    def _parameter(self, name: QueryToken) -> None:
        if self._at.next().kind not in {"number", "variable"}:
            self._at.index -= 1
            refuse(f"`{name.text}` needs a number", f"write one, as in `{name.word}(1)`", self._at.here)


def _grouping(at: LogQLReader) -> Grouping:
    """Take `by (…)` or `without (…)`."""
    word = at.next()
    if word.word not in GROUPING:
        hint = "write `by (label)` or `without (label)`, or remove it"
        refuse(f"`{word.text}` is not allowed here", hint, word)
    named, is_open = _clause_labels(at, word)
    return Grouping(word.word == "by", named, word.start, is_open)


def _clause_labels(at: LogQLReader, word: QueryToken) -> tuple[tuple[str, ...], bool]:
    """Take the labels in parentheses after a word; also returns whether a variable is among them."""
    if at.here.text != "(":
        first = at.here.text if at.here.kind == "name" else "label"
        refuse(f"`{word.text}` needs its labels in parentheses", f"write `{word.word} ({first})`", word)
    opened = at.next()
    named: list[str] = []
    is_open = False
    while at.here.text != ")":
        token = at.label("a label")
        is_open = is_open or token.kind == "variable"
        named.append(token.text)
        if not at.take(","):
            if at.here.kind in {"name", "variable"}:
                refuse(f"a comma is missing before `{at.here.text}`", "write one between two labels", at.here)
            break
        if at.here.text == ")":
            refuse("a comma has nothing after it", "remove it", at.tokens[at.index - 1])
    at.close(opened)
    return tuple(named), is_open
