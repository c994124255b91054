"""Parse field expressions: the conditions of filters of spans, and arguments (expr.y of Tempo 3.0.3)."""

from typing import Final, NoReturn

from dashgen.query.scanning import HAS_VARIABLE, meant, refuse
from dashgen.query.traceql.field_types import VALUE_HINTS, check_nil, check_sign, operation_type
from dashgen.query.traceql.near_misses import ATTRIBUTES, near_miss
from dashgen.query.traceql.number_literals import check_duration, check_number
from dashgen.query.traceql.traceql_names import (
    AGGREGATES,
    INTRINSICS,
    METRICS,
    SCOPED,
    SCOPES,
    STATICS,
    Type,
)
from dashgen.query.traceql.traceql_nodes import (
    CONSTANT,
    VARIES,
    FieldNode,
    FieldOperation,
    FieldVariable,
    Intrinsic,
    Literal,
    NilTest,
    Parenthesized,
    SignedField,
    SpanAttribute,
    tight_intrinsic,
    type_of_intrinsic,
)
from dashgen.query.traceql.traceql_tokens import TokenStream

# From the table of expr.y. A sign before an operand takes what `*`, `/`, `%` and `^` join to it, and no more.
_BINDING: Final = {
    "&&": 1, "||": 1, "=": 2, "!=": 2, "<": 2, "<=": 2, ">": 2, ">=": 2, "=~": 2, "!~": 2,
    "+": 3, "-": 3, "*": 5, "/": 5, "%": 5, "^": 6,
}  # fmt: skip
_SIGNS: Final = frozenset({"-", "!"})
_AFTER_SIGN: Final = 4
_WHAT: Final = "an attribute such as `.name`, an intrinsic such as `duration`, or a value"
_LITERALS: Final = {"string": Type.TEXT, "number": Type.NUMBER, "duration": Type.DURATION}
_STARTING: Final = frozenset(
    ["string", "number", "duration", "attribute", "intrinsic", "variable", "name", "(", "-", "!"]
)
"""The tokens that an operand starts with."""


class FieldParser(TokenStream):
    """Reads field expressions. Every method raises `RefusalError` for what Tempo would refuse."""

    __slots__ = ()

    def expression(self, least: int = 0) -> FieldNode:
        """Take operands joined by operators that bind at least as tightly as ``least``."""
        self.deeper()
        kinds = self.kinds
        left = self._operand()
        while True:
            operator = self.index
            kind = kinds[operator]
            binding = 2 if kind == "variable" else _BINDING.get(kind)
            if binding is None or binding < least:
                break
            self.index = operator + 1
            if kind == "variable":
                left = self._after_variable(operator, left)
            elif binding == 2 and self._takes_nil(kind):
                check_nil(kind, left, self)
                left = NilTest(left.start, self._last_end(), Type.BOOLEAN, left.reads_span, kind, left)
            else:
                right = self.expression(binding if kind == "^" else binding + 1)
                left = self._joined(operator, left, right)
        self.levels -= 1
        return left

    def attribute(self) -> FieldNode:
        """Take an attribute or an intrinsic."""
        kind = self.kinds[self.index]
        if kind == "attribute":
            return self._attribute()
        if kind == "variable":
            return self._variable()
        if kind == "intrinsic":
            return self._intrinsic()
        if kind == "name" and (field := INTRINSICS.get(self.texts[self.index])) and not self._is_dotted():
            return self._leaf(Intrinsic, field, reads_span=True)
        return self._refuse_attribute()

    def metrics_attribute(self) -> FieldNode:
        """Take an attribute of a metrics function, where Tempo takes `parent` without looking at it."""
        text = self.texts[self.index]
        if self.kinds[self.index] == "attribute" and text.startswith("parent."):
            return self._leaf(SpanAttribute, Type.ANY, reads_span=True)
        if self.is_word("parent") and not self._is_dotted():
            return self._leaf(Intrinsic, Type.ANY, reads_span=True)
        return self.attribute()

    def _joined(self, operator: int, left: FieldNode, right: FieldNode) -> FieldNode:
        result = operation_type(self, operator, left, right)
        return FieldOperation(
            left.start, right.end, result, left.reads_span or right.reads_span,
            self.kinds[operator], self.starts[operator], left, right,
        )  # fmt: skip

    def _after_variable(self, operator: int, left: FieldNode) -> FieldNode:
        """Take what follows a variable behind an operand: it may be an operator, or a whole rest."""
        variable = self._leaf_at(operator)
        if self.kinds[self.index] not in _STARTING:
            return FieldOperation(
                left.start, variable.end, Type.ANY, VARIES, variable.text, variable.start, left, variable
            )
        right = self.expression(3)
        return FieldOperation(
            left.start, right.end, Type.ANY, VARIES, variable.text, variable.start, left, right
        )

    def _leaf_at(self, index: int) -> FieldVariable:
        text, start = self.texts[index], self.starts[index]
        return FieldVariable(start, start + len(text), Type.ANY, VARIES, text)

    def _takes_nil(self, operator: str) -> bool:
        if operator in {"=", "!="} and self.is_word("nil"):
            self.index += 1
            return True
        return False

    def _last_end(self) -> int:
        before = self.index - 1
        return self.starts[before] + len(self.texts[before])

    def _leaf(
        self, node: type[Intrinsic | Literal | SpanAttribute], field: Type, *, reads_span: bool
    ) -> FieldNode:
        index = self.index
        self.index = index + 1
        text, start = self.texts[index], self.starts[index]
        return node(start, start + len(text), field, reads_span, text)

    def _operand(self) -> FieldNode:
        kind = self.kinds[self.index]
        if kind == "attribute":
            return self._attribute()
        if kind in _LITERALS:
            return self.literal()
        if kind == "name":
            return self._name()
        if kind == "(":
            return self._parenthesized()
        if kind in _SIGNS:
            return self._signed(kind)
        return self.attribute()

    def literal(self) -> FieldNode:
        """Take a text, a number or a duration."""
        kind = self.kinds[self.index]
        if kind == "number":
            check_number(self.token())
        elif kind == "duration":
            check_duration(self.token())
        return self._leaf(Literal, _LITERALS[kind], reads_span=False)

    def _attribute(self) -> FieldNode:
        index = self.index
        self.index = index + 1
        text, start = self.texts[index], self.starts[index]
        if text.startswith("parent."):
            hint = "use `>` between two filters of spans"
            refuse("Tempo does not support `parent` yet", hint, self.token(index))
        return SpanAttribute(start, start + len(text), Type.ANY, VARIES, text)

    def _intrinsic(self) -> FieldNode:
        token = self.token()
        field = type_of_intrinsic(token.text)
        if field is None and HAS_VARIABLE.search(token.text):
            field = Type.ANY
        if field is None:
            scope, _, name = tight_intrinsic(token.text).partition(":")
            types = SCOPED[scope]
            names = ", ".join(f"`{scope}:{word}`" for word in types)
            refuse(
                f"`{scope}` has no intrinsic `{name}`", meant(name, types) or f"use one of: {names}", token
            )
        return self._leaf(Intrinsic, field, reads_span=True)

    def _variable(self) -> FieldNode:
        self.index += 1
        return self._leaf_at(self.index - 1)

    def _name(self) -> FieldNode:
        text = self.texts[self.index]
        if not self._is_dotted():
            if field := STATICS.get(text):
                return self._leaf(Literal, field, reads_span=False)
            if text == "nil":
                return self._nil_first()
        return self.attribute()

    def _nil_first(self) -> FieldNode:
        """Take ``nil = field``."""
        start, index = self.starts[self.index], self.index
        self.index += 1
        operator = self.kinds[self.index]
        if operator not in {"=", "!="}:
            hint = "write it after `=` or `!=`, as in `.name != nil`"
            refuse("`nil` is no value of its own", hint, self.token(index))
        self.index += 1
        if self.is_word("nil"):
            self.index += 1
            return NilTest(start, self._last_end(), Type.BOOLEAN, CONSTANT, operator, None)
        operand = self.expression(3)
        check_nil(operator, operand, self)
        return NilTest(start, operand.end, Type.BOOLEAN, operand.reads_span, operator, operand)

    def _parenthesized(self) -> FieldNode:
        opened = self.index
        self.index = opened + 1
        inner = self.expression()
        self.close(opened)
        return Parenthesized(self.starts[opened], self._last_end(), inner.type, inner.reads_span, inner)

    def _signed(self, sign: str) -> FieldNode:
        index = self.index
        self.index = index + 1
        operand = self.expression(_AFTER_SIGN)
        check_sign(index, operand, self)
        return SignedField(self.starts[index], operand.end, operand.type, operand.reads_span, sign, operand)

    def _is_dotted(self) -> bool:
        """Whether an attribute follows directly, as in ``service.name``."""
        index = self.index
        after = self.kinds[index + 1]
        end = self.starts[index] + len(self.texts[index])
        return after in {"attribute", "bare"} and self.starts[index + 1] == end

    def _refuse_attribute(self) -> NoReturn:
        token = self.token()
        if token.kind == "name" and token.text == "parent" and not self._is_dotted():
            refuse("Tempo does not support `parent` yet", "use `nestedSetParent`", token)
        if token.kind == "name":
            self._refuse_name()
        if token.kind == "other":
            self.refuse_unexpected()
        self.refuse_operand(_WHAT)

    def _refuse_name(self) -> NoReturn:
        """Refuse a name that is neither an intrinsic nor a value."""
        token = self.token()
        if self._is_dotted():
            after = self.texts[self.index + 1]
            scope = meant(token.text, SCOPES).replace("`?", ".`?")
            hint = scope or f"write `resource.{token.text}{after}` or `.{token.text}{after}`"
            refuse(f"`{token.text}` is not a scope of attributes", hint, token)
        self._refuse_word()
        if miss := near_miss(self.token(self.index - 1), token):
            refuse(*miss)
        if token.text == "nil":
            hint = "write it after `=` or `!=`, as in `.name != nil`"
            refuse("`nil` is no value of its own", hint, token)
        hint = f"write `.{token.text}`, `span.{token.text}` or `resource.{token.text}` for an attribute"
        message = f"`{token.text}` is neither an intrinsic nor an attribute with its scope"
        if alias := ATTRIBUTES.get(token.text):
            refuse(message, f"write `{alias}`", token)
        refuse(message, meant(token.text, (*INTRINSICS, *STATICS)) or hint, token)

    def _refuse_word(self) -> None:
        """Refuse a function, or a word in the place of a value."""
        token = self.token()
        if token.text in METRICS | AGGREGATES and self.kinds[self.index + 1] == "(":
            hint = f"write it after a filter, as in `{{ … }} | {token.text}(…)`"
            refuse(f"`{token.text}` is a stage and is not allowed here", hint, token)
        if self.index < 2 or self.kinds[self.index - 1] not in {"=", "!=", "=~", "!~"}:
            return
        compared = self.texts[self.index - 2]
        hint = VALUE_HINTS.get(compared.rpartition(":")[2], f'write `"{token.text}"`')
        refuse(f"`{token.text}` is not a value of `{compared}`", hint, token)
