"""A parser of LogQL with Grafana's variables, after loki/pkg/logql/syntax/syntax.y and ast.go of Loki 3.7.

A variable may take the place of anything that is allowed at its position: a label, a value, a stage, a
selector, an operator. Recursive descent with one method for each rule of the grammar, and precedence climbing
for operators.
"""

from functools import lru_cache
from typing import Final, NamedTuple, NoReturn

from dashgen.core.lazy_pattern import lazy_pattern
from dashgen.query.language import Fault, Remark, Requirement
from dashgen.query.logql.log_pipeline import pipeline
from dashgen.query.logql.logql_features import requirement
from dashgen.query.logql.logql_names import (
    COUNTED,
    GROUPING,
    LINE_FILTERS,
    MANY_TO_ONE,
    MATCHING,
    SET_OPERATORS,
)
from dashgen.query.logql.logql_tokens import LogQLReader
from dashgen.query.logql.logql_wording import (
    close,
    is_word,
    refuse_filter,
    refuse_label,
    refuse_metric,
    refuse_name,
    refuse_operand,
    refuse_text,
    refuse_unexpected,
)
from dashgen.query.logql.matchers import log_selector, text_value
from dashgen.query.logql.nodes import (
    Aggregation,
    Expression,
    Grouping,
    LabelReplace,
    LogQuery,
    LogRange,
    Matching,
    MetricVariants,
    Number,
    Operation,
    QueryText,
    RangeFunction,
    Unknown,
    Unwrap,
)
from dashgen.query.logql.ranges import check_range, log_range
from dashgen.query.re2_syntax import regex_facts
from dashgen.query.scanning import QueryToken, RefusalError, refuse, shown

# Precedence as in syntax.y; `^` alone associates to the right.
_BINDING: Final = {
    "or": 1, "and": 2, "unless": 2, "==": 3, "!=": 3, "<": 3, "<=": 3, ">": 3, ">=": 3,
    "+": 4, "-": 4, "*": 5, "/": 5, "%": 5, "^": 6, "variable": 3,
}  # fmt: skip
_KEPT: Final = 1 << 12
# A chain of operators is a tree as deep as it is long.
_MOST_OPERATIONS: Final = 1000
_LOG_OPERAND_HINT: Final = "count its lines first, as in `sum(count_over_time({…} [$__auto]))`"
_COUNT: Final = lazy_pattern(r"0*[1-9][0-9]{0,17}")
_REPLACE_PARTS: Final = (
    "the label to write",
    "the replacement",
    "the label to read",
    "the regular expression",
)
_REPLACE_HINT: Final = 'write `label_replace(query, "to", "$1", "from", "(.*)")`'


class LogQLTree(NamedTuple):
    """A query as it was read.

    Attributes:
        tree: its syntax tree; None when Loki would refuse it.
        fault: why Loki would refuse it.
        requirements: what it needs that not every Loki has.
        remarks: what is valid in it and fails later.
    """

    tree: Expression | None
    fault: Fault | None
    requirements: tuple[Requirement, ...] = ()
    remarks: tuple[Remark, ...] = ()


@lru_cache(maxsize=_KEPT)
def parse_logql(text: str) -> LogQLTree:
    """Read a query; raises for no text, and is cached by it."""
    try:
        return parse(text)
    except RefusalError as refusal:
        return LogQLTree(None, refusal.fault)


def parse(text: str) -> LogQLTree:
    """The syntax tree of a query.

    Args:
        text: the query with its variables.

    Raises:
        RefusalError: Loki would refuse the query.
    """
    at = LogQLReader(text)
    if at.kinds[0] == "end":
        refuse("the query is empty", 'write a LogQL query such as `{app="name"}`', QueryToken("end", "", -1))
    tree = _expression(at, 0)
    if at.kinds[at.index] != "end":
        refuse_unexpected(at)
    return LogQLTree(tree, None, tuple(at.requirements), tuple(at.remarks))


def _expression(at: LogQLReader, least: int) -> Expression:
    """Take operands joined by operators that bind at least as tightly as ``least``."""
    at.deeper()
    left = _operand(at)
    while True:
        kind = at.kinds[at.index]
        binding = _BINDING.get(kind)
        if binding is None or binding < least or (kind == "variable" and not _is_operator(at)):
            at.levels -= 1
            return left
        operator = _operator(at, left)
        is_bool = at.take("bool")
        matching = _matching(at)
        right = _expression(at, binding if kind == "^" else binding + 1)
        _check_operands(operator, left, right)
        left = Operation(
            left.start, at.last_end(), operator.word, left, right, is_bool, matching,
            _is_number(left) and _is_number(right),
        )  # fmt: skip


def _operator(at: LogQLReader, left: Expression) -> QueryToken:
    operator = at.next()
    if type(left) is LogQuery and (at.kinds[at.index] == "string" or at.kinds[at.index] in LINE_FILTERS):
        refuse_filter(operator, at.token())
    at.operations += 1
    if at.operations > _MOST_OPERATIONS:
        message = f"the query chains more than {_MOST_OPERATIONS} operations"
        refuse(message, "split it into several queries", operator)
    return operator


def _is_operator(at: LogQLReader) -> bool:
    """Whether a variable between two operands, which can only be an operator, is there."""
    return at.kinds[at.index + 1] not in {"end", "range", ")", ","}


def _is_number(operand: Expression) -> bool:
    if isinstance(operand, Operation):
        return operand.is_number
    return isinstance(operand, Number) and not operand.is_vector


def _matching(at: LogQLReader) -> Matching | None:
    """Take `on` or `ignoring` with labels, and `group_left` or `group_right`, in this order."""
    kind, start = at.kinds[at.index], at.starts[at.index]
    if kind not in MATCHING:
        if kind in MANY_TO_ONE:
            token = at.token()
            message = f"`{token.text}` needs the labels to match on before it"
            refuse(message, f"write `on (label) {token.word}`", token)
        return None
    at.index += 1
    labels, is_open = _clause_labels(at)
    side = ""
    include: tuple[str, ...] = ()
    if at.kinds[at.index] in MANY_TO_ONE:
        side = at.next().word
        # An operand in parentheses cannot follow it: Loki takes them for those of labels.
        if at.kinds[at.index] == "(":
            include, open_too = _clause_labels(at)
            is_open = is_open or open_too
    return Matching(start, at.last_end(), kind == "on", labels, side, include, is_open)


def _check_operands(operator: QueryToken, left: Expression, right: Expression) -> None:
    for operand in (left, right):
        if type(operand) is LogQuery:
            message = f"`{operator.text}` joins metric queries, and this is a log query"
            refuse(message, _LOG_OPERAND_HINT, QueryToken("", "", operand.start))
        if operator.kind in SET_OPERATORS and _is_number(operand):
            message = f"`{operator.word}` joins series, and this is a number"
            refuse(message, "write `vector(…)` around it", QueryToken("", "", operand.start))


def _operand(at: LogQLReader) -> Expression:
    kind = at.kinds[at.index]
    if kind == "function":
        return _range_function(at)
    if kind == "aggregation":
        return _aggregation(at)
    if kind == "{":
        return _log_query(at)
    if kind == "(":
        return _in_parentheses(at)
    if kind in {"number", "-", "+"}:
        return _number(at)
    if kind == "variable":
        return _variable(at)
    if kind in {"call", "variants"}:
        return _call(at)
    return refuse_name(at) if is_word(at.token()) else refuse_operand(at)


def _in_parentheses(at: LogQLReader) -> Expression:
    opened = at.skip()
    inner = _expression(at, 0)
    close(at, opened)
    kind = at.kinds[at.index]
    if type(inner) is LogQuery:
        here = at.token()
        if kind == "|" or (kind in LINE_FILTERS and kind != "!="):
            hint = "write the stages inside, or remove the parentheses"
            refuse(f"`{here.text}` cannot follow the parentheses around a log query", hint, here)
        if kind == "range":
            hint = "write `count_over_time(…)` around it"
            refuse(f"{shown(here)} is outside of a function", hint, here)
    elif type(inner) is MetricVariants:
        refuse("`variants` cannot be in parentheses", "remove them", at.token(opened - at.index))
    return inner


def _number(at: LogQLReader) -> Number:
    start = at.token()
    # Loki's grammar has signs of literals, and no unary operators.
    if start.kind != "number":
        at.index += 1
    if at.kinds[at.index] not in {"number", "variable"}:
        hint = "write `0 -` before it" if start.text == "-" else "remove the sign"
        refuse(f"`{start.text}` is only allowed before a number", hint, start)
    at.index += 1
    sign = start.text if start.kind != "number" else ""
    return Number(start.start, at.last_end(), sign + at.texts[at.index - 1])


def _log_query(at: LogQLReader) -> LogQuery:
    start = at.starts[at.index]
    selector = log_selector(at)
    stages = pipeline(at)
    for stage in stages:
        if type(stage) is Unwrap:
            message = "`unwrap` makes numbers of lines, which only a function of a range can take"
            hint = "write it in one, such as `sum_over_time({…} | unwrap label [$__auto])`"
            refuse(message, hint, QueryToken("", "", stage.word_start))
    if at.kinds[at.index] == "range":
        message = "a range is outside of a function that takes it"
        refuse(message, "write a function around it, such as `count_over_time(…)`", at.token())
    return LogQuery(start, at.last_end(), selector, tuple(stages))


def _call(at: LogQLReader) -> Expression:
    """Take `vector`, `label_replace` or `variants`."""
    name = at.token()
    if name.kind == "variants" and at.kinds[at.index + 1] == "(":
        return _variants(at)
    if name.word not in {"vector", "label_replace"}:
        refuse_name(at)
    at.index += 1
    opened = _opened(at, name, name.word)
    if name.word == "label_replace":
        return _label_replace(at, name, opened)
    if at.kinds[at.index] not in {"number", "variable"}:
        refuse("`vector` needs a number", "write one, as in `vector(1)`", at.token())
    value = at.next().text
    close(at, opened)
    return Number(name.start, at.last_end(), value, is_vector=True)


def _opened(at: LogQLReader, blamed: QueryToken, word: str) -> int:
    """Take the parenthesis before the arguments of a function, and return its index."""
    if at.kinds[at.index] != "(":
        refuse(f"`{word}` needs its arguments in parentheses", f"write `{word} (…)`", blamed)
    return at.skip()


def _variable(at: LogQLReader) -> Expression:
    """Take a variable in the place of a query, a number, a selector or the name of a function."""
    name = at.next()
    grouping = _grouping(at) if at.kinds[at.index] in GROUPING and at.kinds[at.index + 1] == "(" else None
    if at.kinds[at.index] == "(":
        opened = at.skip()
        # The function may be one such as `topk`, which takes a number first.
        if at.kinds[at.index] in {"number", "variable"} and at.kinds[at.index + 1] == ",":
            at.index += 2
        operand = _any_argument(at)
        close(at, opened)
        if at.kinds[at.index] in GROUPING:
            grouping = _grouping(at)
        return Unknown(name.start, at.last_end(), operand, grouping)
    if at.kinds[at.index] == "{":
        refuse_metric(name)
        selector = log_selector(at)
        stages = pipeline(at)
        return LogQuery(name.start, at.last_end(), selector, tuple(stages))
    pipeline(at, is_open=True)
    return Unknown(name.start, at.last_end(), None, grouping)


def _any_argument(at: LogQLReader) -> Expression | LogRange:
    """Take the argument of a function that is a variable: a range, or else an expression."""
    state = at.index, at.levels, at.operations
    counts = len(at.requirements), len(at.remarks)
    try:
        return log_range(at, QueryToken("", "function", at.starts[at.index]))
    except RefusalError:
        at.index, at.levels, at.operations = state
        del at.requirements[counts[0] :], at.remarks[counts[1] :]
        return _expression(at, 0)


def _range_function(at: LogQLReader) -> RangeFunction:
    name = at.next()
    if at.kinds[at.index] != "(":
        token = at.token()
        hint = f"write it after the range, as in `{name.word}(…) {token.word} (label)`"
        refuse(f"`{token.text}` is not allowed before the range of `{name.text}`", hint, token)
    opened = at.skip()
    parameter = ""
    if at.kinds[at.index] in {"number", "variable"} and at.kinds[at.index + 1] == ",":
        number = at.next()
        if name.word != "quantile_over_time":
            refuse(f"`{name.text}` takes no number", "remove it", number)
        parameter = number.text
        at.index += 1
    elif name.word == "quantile_over_time":
        message = "`quantile_over_time` needs a quantile first"
        refuse(message, "write one, such as `0.95, `", at.token())
    inner = log_range(at, name)
    if at.kinds[at.index] == ",":
        refuse(f"`{name.text}` takes one range", "remove what follows it", at.token())
    close(at, opened)
    grouping = _grouping(at) if at.kinds[at.index] in GROUPING else None
    function = RangeFunction(name.start, at.last_end(), name.word, parameter, inner, grouping)
    check_range(name, function)
    return function


def _aggregation(at: LogQLReader) -> Aggregation:
    name = at.next()
    # The grouping may be before or after the arguments, as in PromQL.
    grouping = _grouping(at) if at.kinds[at.index] != "(" else None
    opened = _opened(at, at.token() if grouping else name, name.word)
    parameter = _counted(at, name)
    operand = _expression(at, 0)
    _check_series(name, operand)
    if at.kinds[at.index] == ",":
        _refuse_argument(at, name)
    close(at, opened)
    if at.kinds[at.index] in GROUPING:
        if grouping:
            refuse(f"`{name.text}` is grouped twice", "remove one of them", at.token())
        grouping = _grouping(at)
    word = name.word
    if grouping and (word == "approx_topk" or (word in {"sort", "sort_desc"} and grouping.labels)):
        token = QueryToken("", "", grouping.start)
        refuse(f"`{name.text}` cannot be grouped", "remove the grouping", token)
    if word in {"approx_topk", "sort", "sort_desc"}:
        at.requirements.append(requirement(word, name.start))
    return Aggregation(name.start, at.last_end(), word, parameter, operand, grouping)


def _check_series(name: QueryToken, operand: Expression) -> None:
    if type(operand) in {LogQuery, MetricVariants}:
        message = f"`{name.text}` takes series, and this is a log query"
        refuse(message, _LOG_OPERAND_HINT, QueryToken("", "", operand.start))


def _refuse_argument(at: LogQLReader, name: QueryToken) -> NoReturn:
    number_of = "a number and a query" if name.word in COUNTED else "one query"
    refuse(f"`{name.text}` takes {number_of}", "remove what follows it", at.token())


def _counted(at: LogQLReader, name: QueryToken) -> str:
    """Take the number of series that a function chooses."""
    if at.kinds[at.index] not in {"number", "variable"} or at.kinds[at.index + 1] != ",":
        if name.word in COUNTED:
            if at.kinds[at.index] == "number" and at.kinds[at.index + 1] == ")":
                message = f"`{name.text}` needs a query after its number"
                refuse(message, f"write one, as in `{name.word}(5, …)`", at.token(1))
            hint = f"write one, as in `{name.word}(5, …)`"
            refuse(f"`{name.text}` needs a number first", hint, at.token())
        return ""
    number = at.token()
    if name.word not in COUNTED:
        refuse(f"`{name.text}` takes no number", "remove it", number)
    if number.kind == "number" and not _COUNT.fullmatch(number.text):
        refuse(f"`{name.text}` cannot choose {number.text} series", "write a whole number from 1 on", number)
    at.index += 2
    return number.text


def _label_replace(at: LogQLReader, name: QueryToken, opened: int) -> LabelReplace:
    operand = _expression(at, 0)
    _check_series(name, operand)
    texts: list[QueryText] = []
    for part in _REPLACE_PARTS:
        if not at.take(","):
            refuse(f"`{name.text}` misses {part}", _REPLACE_HINT, at.token())
        if at.kinds[at.index] not in {"string", "variable"}:
            refuse_text(at, f"`{name.text}` needs {part} here")
        texts.append(text_value(at))
    close(at, opened)
    expression = texts[3]
    # Loki puts the expression into `^(?:…)$` before it is checked.
    if not expression.is_open and (problem := regex_facts(f"^(?:{expression.value})$").problem):
        message = f"`{expression.value}` is not a regular expression: {problem}"
        refuse(message, "check its brackets and escapes", QueryToken("", "", expression.start))
    return LabelReplace(name.start, at.last_end(), operand, tuple(texts))


def _variants(at: LogQLReader) -> MetricVariants:
    name, opened = at.next(), at.skip()
    at.requirements.append(requirement("variants", name.start))
    variants = [_expression(at, 0)]
    while at.take(","):
        variants.append(_expression(at, 0))
    for variant in variants:
        if type(variant) in {LogQuery, MetricVariants}:
            message = "a variant is a metric query, and this is a log query"
            refuse(message, _LOG_OPERAND_HINT, QueryToken("", "", variant.start))
    close(at, opened)
    word = at.next()
    if word.kind != "of" or at.kinds[at.index] != "(":
        refuse("`variants(…)` needs the lines of all variants", "write `of ({…} [5m])` after it", name)
    opened = at.skip()
    inner = log_range(at, name)
    close(at, opened)
    return MetricVariants(name.start, at.last_end(), tuple(variants), inner)


def _grouping(at: LogQLReader) -> Grouping:
    """Take `by (…)` or `without (…)`."""
    index = at.index
    if at.kinds[index] not in GROUPING:
        hint = "write `by (label)` or `without (label)`, or remove it"
        refuse(f"`{at.texts[index]}` is not allowed here", hint, at.token())
    at.index += 1
    labels, is_open = _clause_labels(at)
    return Grouping(at.starts[index], at.last_end(), at.kinds[index] == "by", labels, is_open)


def _clause_labels(at: LogQLReader) -> tuple[tuple[str, ...], bool]:
    """Take the labels in parentheses after a word; also returns whether a variable is among them."""
    kinds = at.kinds
    if kinds[at.index] != "(":
        word = at.token(-1)
        first = at.texts[at.index] if kinds[at.index] == "name" else "label"
        refuse(f"`{word.text}` needs its labels in parentheses", f"write `{word.word} ({first})`", word)
    opened = at.skip()
    labels: list[str] = []
    is_open = False
    if not at.take(")"):
        while True:
            kind = kinds[at.index]
            if kind not in {"name", "variable"}:
                _refuse_clause_label(at, opened)
            is_open = is_open or kind == "variable"
            labels.append(at.texts[at.index])
            at.index += 1
            if kinds[at.index] != ",":
                break
            at.index += 1
        if kinds[at.index] in {"name", "variable"}:
            message = f"a comma is missing before `{at.texts[at.index]}`"
            refuse(message, "write one between two labels", at.token())
        close(at, opened)
    return tuple(labels), is_open


def _refuse_clause_label(at: LogQLReader, opened: int) -> NoReturn:
    here, before = at.token(), at.token(-1)
    if here.kind == ")" and before.kind == ",":
        refuse("a comma has nothing after it", "remove it", before)
    if here.kind == "end":
        refuse("`(` is never closed", "add the missing `)`", at.token(opened - at.index))
    refuse_label(at, "a label")
