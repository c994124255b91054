"""Grafana's expressions over the queries of a panel, computed here."""

from collections.abc import Mapping, Sequence
from typing import Final

from dashgen.core.json_values import Json, mapping, text
from dashgen.doctor.live.query_answer import Answer
from dashgen.drawing.fields.frames import TIME_NAME, Field, Frame
from dashgen.evaluate.grafana.compute_expressions import (
    EXPRESSIONS_UIDS,
    compute_expression,
    needed_refs,
)
from dashgen.evaluate.grafana.expression_values import (
    ExpressionFailedError,
    ExpressionNumber,
    ExpressionSeries,
    ExpressionValue,
    ExpressionValues,
)
from dashgen.evaluate.samples import UnsupportedError
from dashgen.preview.sources.source_messages import sentence

_COMPUTED: Final = frozenset(("math", "reduce", "threshold"))
_HINT: Final = "give the address of one with `--url`"


def is_expression_target(target: Json) -> bool:
    """Whether a target computes over the others instead of querying a server."""
    source = mapping(target.get("datasource"))
    return source.get("type") == "__expr__" or source.get("uid") in EXPRESSIONS_UIDS


def expression_frames(
    targets: Sequence[Json], answers: Sequence[Answer]
) -> tuple[dict[str, list[Frame]], list[str]]:  # fmt: skip
    """The frames of the expressions by their refs, and sentences about those that cannot be computed.

    Args:
        targets: those of the panel that are expressions.
        answers: the answers to the panel's queries.
    """
    values: dict[str, ExpressionValues] = {
        answer.query.ref_id: _values(answer) for answer in answers if not answer.error and answer.result
    }
    errors: list[str] = []
    frames: dict[str, list[Frame]] = {}
    for target in _in_order(targets, values):
        ref = text(target.get("refId"))
        kind = text(target.get("type"))
        if kind not in _COMPUTED:
            errors.append(sentence(f"`{ref}` is of the type `{kind}`, which a Grafana computes", _HINT))
            continue
        try:
            values[ref] = compute_expression({"datasourceUid": "__expr__", "model": target}, values, ())
            frames[ref] = [_frame(value, ref) for value in values[ref]]
        except UnsupportedError as error:
            errors.append(sentence(f"`{ref}` is not computed here: {error}", _HINT))
        except (ExpressionFailedError, TypeError, ValueError, AttributeError) as error:
            errors.append(sentence(f"`{ref}` cannot be computed: {error}"))
    return frames, errors


def _in_order(targets: Sequence[Json], computed: Mapping[str, ExpressionValues]) -> list[Json]:
    """Expressions after those that they use; the rest in the order of the panel."""
    ordered: list[Json] = []
    ready = set(computed)
    waiting = list(targets)
    while waiting:
        usable = [one for one in waiting if _needed(one) <= ready] or waiting
        for one in usable:
            ordered.append(one)
            ready.add(text(one.get("refId")))
        waiting = [one for one in waiting if one not in usable]
    return ordered


def _needed(target: Json) -> set[str]:
    try:
        return set(needed_refs({"model": target}))
    except ValueError:
        return set()


def _values(answer: Answer) -> ExpressionValues:
    result = answer.result
    if result is None:
        return []
    if answer.query.instant:
        return [
            ExpressionNumber(one.labels, one.points[-1][1] if one.points else None) for one in result.series
        ]
    return [
        ExpressionSeries(
            one.labels,
            tuple(round(at * 1000) for at, _ in one.points),
            tuple(value for _, value in one.points),
        )
        for one in result.series
    ]


def _frame(value: ExpressionValue, ref: str) -> Frame:
    labels = dict(value.labels)
    if isinstance(value, ExpressionNumber):
        return Frame([Field(ref, "number", [value.value], labels)], ref, ref)
    times = Field(TIME_NAME, "time", list(value.times))
    return Frame([times, Field(ref, "number", list(value.values), labels)], ref, ref)
