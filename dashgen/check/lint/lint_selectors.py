"""The matchers of a query's selectors, whichever of PromQL and LogQL it is in."""

from collections.abc import Sequence

from msgspec import Struct

from dashgen.query.logql.nodes import Node, Selector
from dashgen.query.promql.output_labels import UNFORESEEN
from dashgen.query.promql.promql_view import PromQLView
from dashgen.query.scanning import HAS_VARIABLE


class LintMatcher(Struct, frozen=True):
    """One matcher, such as ``job=~"a|b"``.

    Attributes:
        label: the label, without quotes.
        operator: ``=``, ``!=``, ``=~`` or ``!~``.
        value: the text that it is compared with, unquoted.
        start: its offset in the query.
        value_start: the offset of the value's opening quote.
        end: the offset after the value's closing quote.
        is_open: whether a variable is in the value, which is then not known.
    """

    label: str
    operator: str
    value: str
    start: int
    value_start: int
    end: int
    is_open: bool = False

    @property
    def is_regex(self) -> bool:
        """Whether its value is a regular expression."""
        return self.operator in {"=~", "!~"}

    def operator_start(self, text: str) -> int:
        """The offset of its operator in the query."""
        return text.rindex(self.operator, self.start, self.value_start)

    def quoted(self, value: str, text: str) -> str:
        """Another value in the quotes of this one, as it is written in the query ``text``."""
        quote = text[self.value_start]
        if quote == "`":
            return f"`{value}`"
        return quote + value.replace("\\", "\\\\").replace(quote, f"\\{quote}") + quote


class LintSelector(Struct, frozen=True):
    """One selector.

    Attributes:
        name: the name of its metric; empty for log streams, and where no name is written.
        matchers: its matchers without that of the name, in the order of the text.
        start: its offset in the query.
        end: the offset after its last character.
        is_open: whether a variable takes the place of matchers.
    """

    name: str
    matchers: Sequence[LintMatcher]
    start: int
    end: int
    is_open: bool = False


def promql_selectors(view: PromQLView) -> list[LintSelector]:
    """The selectors of a PromQL query."""
    return [
        LintSelector(
            node.name,
            [
                LintMatcher(
                    one.label,
                    one.operator,
                    one.value,
                    one.start,
                    one.value_start,
                    one.end,
                    view.has_variable(one),
                )
                for one in node.matchers
                if one.label != UNFORESEEN and one.label_end > one.start
            ],
            node.start,
            node.end,
            any(one.label == UNFORESEEN for one in node.matchers),
        )
        for node in view.selectors
    ]


def logql_selectors(nodes: Sequence[Node]) -> list[LintSelector]:
    """The selectors of a LogQL query, given the nodes of its tree."""
    return [
        LintSelector(
            "",
            [
                LintMatcher(
                    one.label, one.operator, one.value, one.start, one.value_start, one.end, one.is_open
                )
                for one in node.matchers
                if not HAS_VARIABLE.search(one.label)
            ],
            node.start,
            node.end,
            node.is_open,
        )
        for node in nodes
        if isinstance(node, Selector)
    ]
