"""The results of the parts of a TraceQL query, and of operators on them (tempo/pkg/traceql/expr.y, 3.0).

TraceQL's grammar has a rule for each combination of results. Here a part has a `QueryForm`, and `combined`
decides which operators may join two of them.
"""

from enum import Enum, auto
from typing import Final, NoReturn

from msgspec import Struct
from msgspec.structs import replace

from dashgen.query.scanning import QueryToken, refuse

RELATIONS: Final = frozenset(
    ["&&", "||", ">", "<", ">>", "<<", "~", "!>", "!<", "!>>", "!<<", "!~", "&>", "&<", "&>>", "&<<", "&~"]
)
COMPARING: Final = frozenset({"=", "!=", "<", "<=", ">", ">="})
ARITHMETIC: Final = frozenset("+-*/%^")
_METRIC_ARITHMETIC: Final = frozenset("+-*/")


class QueryForm(Enum):
    """The kind of result of a part of a query."""

    SPANS = auto()  # filters of spans, joined
    PIPELINE = auto()  # filters followed by stages, in parentheses once it is joined with others
    AGGREGATE = auto()  # a number for each trace
    AGGREGATE_PIPELINE = auto()  # a pipeline that ends in such a number
    CONDITION = auto()  # a comparison of such numbers, which is a stage
    NUMBER = auto()
    SERIES = auto()  # a pipeline that ends in a metrics function
    ANY = auto()  # a variable


class Part(Struct, frozen=True):
    """A part of a query: the form of its result, its first token, and facts about what may follow it."""

    form: QueryForm
    token: QueryToken
    is_wrapped: bool = False
    is_compare: bool = False
    is_duration: bool = False


def combined(operator: QueryToken, left: Part, right: Part) -> Part:
    """The part that an operator makes of two others.

    Raises:
        RefusalError: the operator cannot join them.
    """
    text, forms = operator.text, (left.form, right.form)
    if QueryForm.ANY in forms:
        return Part(QueryForm.ANY, left.token)
    # From the most special combination to the most general one, as in the rules of expr.y.
    numbers = {QueryForm.NUMBER, QueryForm.AGGREGATE}
    if set(forms) <= numbers:
        return _calculated(operator, left, right)
    if text in RELATIONS and set(forms) <= {QueryForm.SPANS, QueryForm.PIPELINE, QueryForm.CONDITION}:
        return _related(operator, left, right)
    if QueryForm.SERIES in forms and set(forms) <= {QueryForm.SERIES, QueryForm.NUMBER}:
        return _series(operator, left, right)
    if QueryForm.AGGREGATE_PIPELINE in forms and left.form is not QueryForm.NUMBER:
        if text in ARITHMETIC and right.form is QueryForm.AGGREGATE_PIPELINE:
            return Part(QueryForm.AGGREGATE_PIPELINE, left.token, is_wrapped=True)
        if text in COMPARING and right.form in {QueryForm.AGGREGATE_PIPELINE, QueryForm.NUMBER}:
            return Part(QueryForm.CONDITION, left.token)
    hint = (
        "write the condition as a stage, as in `{ … } | count() > 2`"
        if text in COMPARING
        else "use `&&` or `||`"
    )
    return refuse(f"`{text}` cannot join these", hint, operator)


def _calculated(operator: QueryToken, left: Part, right: Part) -> Part:
    if operator.text in ARITHMETIC:
        form = QueryForm.NUMBER if left.form is right.form is QueryForm.NUMBER else QueryForm.AGGREGATE
        duration = next((side for side in (left, right) if side.is_duration), None)
        if duration and form is QueryForm.NUMBER:
            refuse("a duration cannot be calculated with", "write the result", duration.token)
        return Part(form, left.token, is_duration=left.is_duration or right.is_duration)
    if operator.text in COMPARING and QueryForm.AGGREGATE in {left.form, right.form}:
        return Part(QueryForm.CONDITION, left.token)
    return refuse(
        f"`{operator.text}` cannot join numbers here", "compare an aggregate, as in `count() > 2`", operator
    )


def _related(operator: QueryToken, left: Part, right: Part) -> Part:
    for side in (left, right):
        if side.form is not QueryForm.SPANS and not side.is_wrapped:
            hint = "write it as a stage of its own, after `|`"
            refuse(f"`{operator.text}` joins filters of spans, and this is a pipeline", hint, side.token)
    both = left.form is right.form is QueryForm.SPANS
    mixed = not both and any(side.form is QueryForm.SPANS and not side.is_wrapped for side in (left, right))
    if mixed:
        hint = "put the filter in parentheses as well"
        refuse(f"`{operator.text}` joins a filter of spans with a pipeline", hint, operator)
    return Part(QueryForm.SPANS if both else QueryForm.PIPELINE, left.token, is_wrapped=not both)


def _series(operator: QueryToken, left: Part, right: Part) -> Part:
    text = operator.text
    if left.is_compare or right.is_compare:
        refuse_compare(operator)
    if any(side.form is QueryForm.SERIES and not side.is_wrapped for side in (left, right)):
        refuse(f"`{text}` joins metrics queries in parentheses", "put each in parentheses", operator)
    if text in COMPARING and left.form is QueryForm.SERIES and right.form is QueryForm.NUMBER:
        return replace(left, is_wrapped=False)
    if text not in _METRIC_ARITHMETIC:
        refuse(f"`{text}` cannot join series", "use `+`, `-`, `*` or `/`", operator)
    for side in (left, right):
        if side.is_duration:
            refuse("series cannot be calculated with a duration", "write its seconds as a number", side.token)
    return Part(QueryForm.SERIES, left.token, is_wrapped=True)


def refuse_compare(token: QueryToken) -> NoReturn:
    """Refuse a token after `compare`, whose series Tempo does nothing else with."""
    refuse("`compare` cannot be compared, calculated with or chosen from", "remove what follows it", token)
