"""Which argument or variable of a query keeps it from being read.

A reader notices a bracket that an argument leaves open only where the component's own text goes on. So the
texts that variables brought into a query are looked at by themselves.
"""

from typing import TYPE_CHECKING, Final

from dashgen.compile.settle.query_meaning import QueryFault
from dashgen.query import LANGUAGES
from dashgen.query.shared_tokens import LOGQL_WORDS, PROMQL_WORDS, tokenize, unbalanced
from dashgen.source.provenance import Reporter

if TYPE_CHECKING:
    from dashgen.source.variable_origins import BoundText

_ANY_METRIC: Final = "x"


def argument_faults(fault: QueryFault, text: str, report: Reporter) -> list[QueryFault]:
    """What is wrong with the variables' texts in a query that cannot be read; the fault itself if nothing is.

    Args:
        fault: why it cannot be read.
        text: the query, which stands at the reporter's path.
        report: the reporter.
    """
    texts = report.bound_texts(text)
    unclosed = [one for bound in texts for one in _unbalanced_faults(bound, fault)]
    if unclosed or any(one.start <= fault.offset < one.start + len(one.result) for one in texts):
        return unclosed or [fault]
    # The last one before the fault is the likeliest.
    texts.sort(key=lambda one: (one.start > fault.offset, -one.start))
    return [next((wrong for one in texts if (wrong := _fault_alone(one, fault, text)) is not None), fault)]


def _unbalanced_faults(bound: "BoundText", fault: QueryFault) -> list[QueryFault]:
    """The brackets and quotes without a counterpart, in the innermost texts that have them."""
    faults = [one for inner in bound.inner for one in _unbalanced_faults(inner, fault)]
    if not faults:
        pattern = PROMQL_WORDS if fault.language == "prometheus" else LOGQL_WORDS
        bracket = unbalanced(tokenize(bound.text, pattern))
        if bracket is not None:
            faults = [fault._replace(message=bracket.message, hint=bracket.hint, offset=bracket.offset)]
    offsets = [bound.offset_of(one.offset) for one in faults]
    return [one._replace(offset=at) for one, at in zip(faults, offsets, strict=True) if at is not None]


def _fault_alone(bound: "BoundText", fault: QueryFault, text: str) -> QueryFault | None:
    """What is wrong with a text in a query that could be read with a metric in its place."""
    grammar = LANGUAGES[fault.language]
    if grammar.parse(text[: bound.start] + _ANY_METRIC + text[bound.start + len(bound.result) :]).error:
        return None
    alone = grammar.parse(bound.text)
    offset = bound.offset_of(alone.error_offset) if alone.error else None
    if offset is None:
        return fault._replace(offset=bound.start)
    return fault._replace(message=alone.error, hint=alone.hint, offset=offset)
