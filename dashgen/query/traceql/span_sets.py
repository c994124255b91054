"""What the parts of a TraceQL query yield, and which operators may join two of them (expr.y of Tempo 3.0.3).

TraceQL's grammar has a rule for each combination of results. Here a part has a `QueryForm`, and `combined`
decides. Arithmetic of series is that of Tempo's main branch in August 2026, which 3.0 lacks.
"""

from enum import Enum, auto
from typing import Final, NamedTuple, NoReturn

from dashgen.query.scanning import QueryToken, refuse
from dashgen.query.traceql.field_types import first_token
from dashgen.query.traceql.traceql_names import Type
from dashgen.query.traceql.traceql_nodes import (
    CONSTANT,
    AggregateFilter,
    FieldNode,
    FieldOperation,
    FieldVariable,
    Literal,
    SeriesOperation,
    SignedField,
    SpanSetOperation,
    TraceQLNode,
    bare,
)
from dashgen.query.traceql.traceql_tokens import TokenStream

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
    CONDITION = auto()  # a comparison of such a number with another, which is a stage
    NUMBER = auto()
    SERIES = auto()  # a pipeline that ends in a metrics function
    ANY = auto()  # a variable


_JOINED: Final = frozenset({QueryForm.SPANS, QueryForm.PIPELINE, QueryForm.CONDITION})
_COUNTED: Final = frozenset({QueryForm.NUMBER, QueryForm.AGGREGATE})


class Part(NamedTuple):
    """A part of a query: what it yields, its node, and facts about what may follow it."""

    form: QueryForm
    node: TraceQLNode
    is_wrapped: bool = False
    is_compare: bool = False


class Joint(NamedTuple):
    """An operator between two parts, at the index of its token."""

    stream: TokenStream
    operator: int
    left: Part
    right: Part

    @property
    def text(self) -> str:
        """The operator."""
        return self.stream.texts[self.operator]

    def refuse(self, message: str, hint: str) -> NoReturn:
        """Refuse the operator."""
        refuse(message, hint, self.stream.token(self.operator))

    def first(self, part: Part) -> QueryToken:
        """The first token of a part."""
        return first_token(part.node, self.stream)


def combined(joint: Joint) -> Part:
    """The part that an operator makes of two others.

    Raises:
        RefusalError: the operator cannot join them.
    """
    text, forms = joint.text, {joint.left.form, joint.right.form}
    if QueryForm.ANY in forms or joint.stream.kinds[joint.operator] == "variable":
        return Part(QueryForm.ANY, _node(joint, SpanSetOperation))
    # From the most special combination to the most general one, as in the rules of expr.y.
    if forms <= _COUNTED:
        return _calculated(joint)
    if text in RELATIONS and forms <= _JOINED:
        return _related(joint)
    if QueryForm.SERIES in forms and forms <= {QueryForm.SERIES, QueryForm.NUMBER}:
        return _series(joint)
    return _refuse_joint(joint, forms)


def _refuse_joint(joint: Joint, forms: set[QueryForm]) -> NoReturn:
    text = joint.text
    if QueryForm.AGGREGATE_PIPELINE in forms and text in ARITHMETIC | COMPARING:
        hint = "compare it in the pipeline, as in `{ … } | count() > 2`"
        joint.refuse("Tempo does not support aggregates of pipelines in parentheses yet", hint)
    hint = "use `&&` or `||`"
    if QueryForm.SERIES in forms:
        hint = "write a metrics query in parentheses on both sides, as in `({} | rate()) / ({ .a } | rate())`"
    elif text in COMPARING:
        hint = "write the condition as a stage, as in `{ … } | count() > 2`"
    joint.refuse(f"`{text}` cannot join these", hint)


def _node(
    joint: Joint, node: type[AggregateFilter | SeriesOperation | SpanSetOperation]
) -> AggregateFilter | SeriesOperation | SpanSetOperation:
    left, right = joint.left.node, joint.right.node
    start = joint.stream.starts[joint.operator]
    return node(left.start, right.end, joint.text, start, left, right)


def _calculated(joint: Joint) -> Part:
    left, right = joint.left, joint.right
    if left.form is right.form is QueryForm.NUMBER:
        return _number(joint)
    if joint.text in ARITHMETIC:
        hint = "compare one aggregate with a number, as in `count() > 2`"
        joint.refuse("Tempo does not support arithmetic of aggregates yet", hint)
    if joint.text not in COMPARING:
        joint.refuse(f"`{joint.text}` cannot join numbers", "compare an aggregate, as in `count() > 2`")
    if right.form is QueryForm.AGGREGATE:
        hint = "write the aggregate before the comparison and a number after it, as in `count() > 2`"
        refuse("Tempo does not support an aggregate after a comparison yet", hint, joint.first(right))
    return Part(QueryForm.CONDITION, _node(joint, AggregateFilter))


def _number(joint: Joint) -> Part:
    """The part that arithmetic of two numbers makes; Tempo calculates it while it parses."""
    text, left, right = joint.text, joint.left.node, joint.right.node
    if text not in _METRIC_ARITHMETIC or not isinstance(left, FieldNode) or not isinstance(right, FieldNode):
        joint.refuse(f"`{text}` cannot join numbers here", "compare an aggregate, as in `count() > 2`")
    for side in (left, right):
        if side.type is Type.DURATION:
            refuse(
                "a duration cannot be calculated with", "write the result", first_token(side, joint.stream)
            )
    divisor = bare(right)
    if text == "/" and _is_whole(left) and isinstance(divisor, Literal) and divisor.text.strip("0") == "":
        joint.refuse("a number is divided by zero", "write another number")
    start = joint.stream.starts[joint.operator]
    node = FieldOperation(left.start, right.end, Type.NUMBER, CONSTANT, text, start, left, right)
    return Part(QueryForm.NUMBER, node)


def _is_whole(node: TraceQLNode) -> bool:
    number = bare(node)
    return isinstance(number, Literal) and number.text.isdigit()


def _related(joint: Joint) -> Part:
    left, right = joint.left, joint.right
    for side in (left, right):
        if side.form is not QueryForm.SPANS and not side.is_wrapped:
            hint = "write the filter of spans as a stage of its own, after `|`"
            joint.refuse(f"`{joint.text}` joins filters of spans, and beside it is a stage", hint)
    if left.form is not right.form:
        # The side in parentheses is read as a pipeline only behind another one.
        hint = "write the pipeline first, and the filter in parentheses as well"
        joint.refuse(f"`{joint.text}` joins a filter of spans with a pipeline", hint)
    node = _node(joint, SpanSetOperation)
    return Part(left.form, node, is_wrapped=left.is_wrapped and right.is_wrapped)


def _series(joint: Joint) -> Part:
    left, right = joint.left, joint.right
    if left.is_compare or right.is_compare:
        refuse_compare(joint.stream.token(joint.operator))
    if any(side.form is QueryForm.SERIES and not side.is_wrapped for side in (left, right)):
        message = f"`{joint.text}` joins metrics queries in parentheses"
        joint.refuse(message, "put each in parentheses")
    if joint.text not in _METRIC_ARITHMETIC:
        joint.refuse(f"`{joint.text}` cannot join series", "use `+`, `-`, `*` or `/`")
    for side in (left, right):
        if isinstance(side.node, FieldNode) and side.node.type is Type.DURATION:
            hint = "write its seconds as a number"
            refuse("series cannot be calculated with a duration", hint, joint.first(side))
    return Part(QueryForm.SERIES, _node(joint, SeriesOperation), is_wrapped=True)


def is_plain_number(node: TraceQLNode) -> bool:
    """Whether Tempo 3.0 takes a number: a literal or one with `-` before it, perhaps in parentheses."""
    number = bare(node)
    if isinstance(number, SignedField):
        number = number.operand
    return isinstance(number, Literal | FieldVariable)


def refuse_compare(token: QueryToken) -> NoReturn:
    """Refuse a token after `compare`, whose series Tempo does nothing else with."""
    refuse("`compare` cannot be compared, calculated with or chosen from", "remove what follows it", token)
